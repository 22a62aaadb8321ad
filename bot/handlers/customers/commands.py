"""What a customer may say at any time: start, stop, language, help, solved, not solved; and words out of place."""

from collections.abc import Callable, Mapping

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import answer, customers_at, locale_at, reply, say
from bot.handlers.customers.binding import ask_waiting
from bot.handlers.customers.consent import resume, stop
from bot.handlers.customers.data_requests import ask_to_forget, forget_me, my_data, never_mind
from bot.handlers.issues.alerting import raise_from_words
from bot.handlers.issues.customer_messages import closure_id, subject_of
from bot.handlers.issues.customer_status import tell_status
from bot.handlers.issues.team_messages import customer_wrote
from bot.handlers.issues.transitions import latest_of, move
from bot.handlers.surveys.feedback import give_feedback
from bot.handlers.surveys.interview import advance
from dialogs.interview import messages as showing
from dialogs.interview.events import Resumed
from dialogs.interview.understand import Command, is_solved
from dialogs.issue.events import Confirmed, CustomerWrote, Denied, DeniedThroughMerged
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind, IssueState
from dialogs.messages import Inbound, Prompt, Tap, Verb
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["choose_language", "commanded", "judge", "out_of_place"]


def commanded(context: DecisionContext, inbound: Inbound, command: Command) -> Changes:
    """Obey one of the words that work at any time."""
    return _OBEYS[command](context, inbound)


def _offer_languages(context: DecisionContext, inbound: Inbound) -> Changes:
    return reply(context, inbound, showing.language_menu(context.policy.phrases, locale_at(context, inbound)))


def _help(context: DecisionContext, inbound: Inbound) -> Changes:
    return say(context, inbound, showing.help_text)


_OBEYS: Mapping[Command, Callable[[DecisionContext, Inbound], Changes]] = {
    Command.STOP: stop,
    Command.RESUME: resume,
    Command.HELP: _help,
    Command.LANGUAGE: _offer_languages,
    Command.FEEDBACK: give_feedback,
    Command.STATUS: tell_status,
    Command.MY_DATA: my_data,
    Command.FORGET_ME: ask_to_forget,
    Command.DO_FORGET: forget_me,
    Command.DO_KEEP: never_mind,
}


def choose_language(context: DecisionContext, inbound: Inbound, locale: str) -> Changes:
    """Speak this language from now on, also in what is being asked."""
    changes = Changes()
    for customer in customers_at(context, inbound):
        changes += Changes((replace(customer, locale=locale),))
        for interview in context.snapshot.open_interviews(customer.id)[:1]:
            spoken = replace(interview, locale=locale)
            changes += advance(context.after(changes), spoken, Resumed(), inbound.key) or Changes()
    return reply(context, inbound, showing.language_chosen(context.policy.phrases, locale)) + changes


def judge(context: DecisionContext, inbound: Inbound, tap: Tap) -> Changes | None:
    """Hear whether it is true that it was fixed; None when that was not this person's to say, or is said already."""
    issue = context.snapshot.issue(tap.subject)
    customer = next((c for c in customers_at(context, inbound) if issue and c.id in issue.told), None)
    if issue is None or customer is None or tap.step != str(issue.resolution):
        return None
    if issue.merged_into is not None:
        return _judge_merged(context, inbound, tap, issue, customer)
    solved = tap.verb is Verb.SOLVED
    said = Confirmed if solved else Denied
    changes = move(context, issue, said(customer.id, issue.resolution, customer.name or customer.id))
    if changes is None:
        return None
    return changes + Changes((_closure_answered(context, inbound, issue, customer, solved=solved),))


def out_of_place(context: DecisionContext, inbound: Inbound, text: str) -> Changes:
    """Take words that answer no question.

    They may tell whether it was fixed; whoever waits to be asked is asked now that they are here; what concerns the
    team goes to the team. Else we say what we do, or leave it to the people who answer in this chat.
    """
    people = customers_at(context, inbound)
    verdict = _typed_verdict(context, inbound, people, text)
    if verdict is not None:
        return verdict
    changes = next(filter(None, (_passed_on(context, customer, text, inbound.key) for customer in people)), Changes())
    for customer in people:
        asked = ask_waiting(context.after(changes), customer.id)
        if asked:
            return changes + asked
    if changes:
        return changes + say(context, inbound, showing.passed_on)
    if inbound.place.channel in context.policy.staffed:
        return changes
    return say(context, inbound, showing.nothing_open if people else showing.unknown_chat)


def _typed_verdict(context: DecisionContext, inbound: Inbound, people: list[Customer], text: str) -> Changes | None:
    """Hear "solved" or "not solved" typed by somebody who was told that it is."""
    solved = is_solved(text)
    if solved is None:
        return None
    verb = Verb.SOLVED if solved else Verb.NOT_SOLVED
    for customer in people:
        told = [i for i in context.snapshot.issues_of_customer(customer.id) if customer.id in i.told]
        for issue in reversed([i for i in told if i.state is IssueState.RESOLVED and customer.id not in i.confirmed]):
            heard = judge(context, inbound, Tap(verb, issue.id, str(issue.resolution)))
            if heard is not None:
                return heard
    return None


def _passed_on(context: DecisionContext, customer: Customer, text: str, cause: str) -> Changes:
    issues = sorted(
        context.snapshot.issues_of_customer(customer.id), key=lambda issue: issue.kind is not IssueKind.CALL
    )
    if issues and text:
        issue = issues[-1]
        changes = move(context, issue, CustomerWrote(text, customer.name or customer.id)) or Changes()
        if issue.state in WITH_THE_TEAM:
            return changes
        return changes + customer_wrote(context, latest_of(changes, issue), text, cause)
    return raise_from_words(context, customer, text, cause)


def _judge_merged(context: DecisionContext, inbound: Inbound, tap: Tap, issue: Issue, customer: Customer) -> Changes:
    """Hear "not solved" about an issue that goes on as part of another: it is that one which is not solved."""
    solved, into = tap.verb is Verb.SOLVED, context.snapshot.issue(issue.merged_into or "")
    answered = Changes((_closure_answered(context, inbound, issue, customer, solved=solved),))
    if solved or into is None:
        return answered
    denied = move(context, into, DeniedThroughMerged(customer.name or customer.id))
    return (denied or Changes()) + answered


def _closure_answered(
    context: DecisionContext, inbound: Inbound, issue: Issue, customer: Customer, *, solved: bool
) -> OutboxMessage:
    """Show the closure without its buttons, and what the customer said of it."""
    locale, phrases = context.policy.locale_of(customer), context.policy.phrases
    if inbound.place.channel not in context.policy.edits:
        said = phrases.say(locale, "closure.solved" if solved else "closure.not_solved")
        return answer(context, inbound, Prompt(said), "judged")
    subject = subject_of(context, issue, customer.id)
    prompt = showing.closure_answered(issue.note or "", subject, phrases, locale, solved=solved)
    shown = answer(context, inbound, prompt, "judged")
    receipt = inbound.message if isinstance(inbound.said, Tap) else ""
    return replace(shown, edits=closure_id(issue, customer.id, inbound.place), receipt=receipt)
