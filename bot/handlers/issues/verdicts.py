"""Solved or not solved, by button or typed; and the status of a customer's issues."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.customer_messages import closure_id, subject_of
from bot.handlers.issues.transitions import move
from dialogs.issue.closure_message import closure_answered
from dialogs.issue.customer_prompts import Matter, standing
from dialogs.issue.events import Confirmed, Denied, DeniedThroughMerged
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.messages import Prompt, Tap, Verb
from dialogs.understanding.commands import is_solved
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["judge", "take_verdict", "tell_status", "typed_verdict"]


def take_verdict(turn: TurnContext, tap: Tap) -> Changes | None:
    """Take "solved" or "not solved"; None where this customer was not asked, or has answered already."""
    issue = turn.snapshot.issue(tap.subject)
    customer = next((person for person in turn.people if issue and person.id in issue.told), None)
    if issue is None or customer is None or tap.step != str(issue.resolution):
        return None
    is_solved_now = tap.verb is Verb.SOLVED
    changes = judge(turn.context, issue, customer, solved=is_solved_now)
    if changes is None:
        return None
    return changes + Changes((_closure_answered(turn, issue, customer, solved=is_solved_now),))


def judge(context: DecisionContext, issue: Issue, customer: Customer, *, solved: bool) -> Changes | None:
    """Move an issue by the verdict of a customer whom its closure reached; None where it takes none any more."""
    name = customer.name or customer.id
    if issue.merged_into is not None:
        denied = None if solved else _denied_through(context, issue.merged_into, name)
        return denied or Changes()
    return move(context, issue, (Confirmed if solved else Denied)(customer.id, issue.resolution, name))


def typed_verdict(turn: TurnContext, text: str) -> Changes | None:
    """Take "solved" or "not solved" typed by a customer who got a closure; None for other words."""
    solved = is_solved(text)
    if solved is None:
        return None
    verb = Verb.SOLVED if solved else Verb.NOT_SOLVED
    for customer in turn.people:
        told = [i for i in turn.snapshot.issues_of_customer(customer.id) if customer.id in i.told]
        for issue in reversed([i for i in told if i.state is IssueState.RESOLVED and customer.id not in i.confirmed]):
            taken = take_verdict(turn, Tap(verb, issue.id, str(issue.resolution)))
            if taken is not None:
                return taken
    return None


def tell_status(turn: TurnContext) -> Changes:
    """Answer with the open issues of the customers of this chat, without anything that is for the team only."""
    matters = [matter for person in turn.people for matter in _matters(turn.context, person)]
    listed, zone = sorted(matters, key=lambda matter: matter.since), turn.policy.zone_of(turn.people[0])
    return turn.reply(standing(listed, zone, turn.phrases, turn.locale))


def _denied_through(context: DecisionContext, into: str, name: str) -> Changes | None:
    """Move the issue into which another was merged by that one's "not solved"."""
    issue = context.snapshot.issue(into)
    return move(context, issue, DeniedThroughMerged(name)) if issue is not None else None


def _closure_answered(turn: TurnContext, issue: Issue, customer: Customer, *, solved: bool) -> OutboxMessage:
    """Return the closure without its buttons, with the customer's answer."""
    locale = turn.policy.locale_of(customer)
    if not turn.can_edit:
        said = turn.phrases.say(locale, "closure.solved" if solved else "closure.not_solved")
        return turn.answer(Prompt(said), "judged")
    subject = subject_of(turn.context, issue, customer.id)
    shown = turn.answer(closure_answered(issue.note or "", subject, turn.phrases, locale, solved=solved), "judged")
    receipt = turn.inbound.message if isinstance(turn.inbound.said, Tap) else ""
    return replace(shown, edits=closure_id(issue, customer.id, turn.place), receipt=receipt)


def _matters(context: DecisionContext, customer: Customer) -> list[Matter]:
    """Return the customer's issues that are not closed; calls are for the team only."""
    issues = context.snapshot.issues_of_customer(customer.id)
    return [_matter(context, issue, customer) for issue in issues if issue.kind is not IssueKind.CALL]


def _matter(context: DecisionContext, issue: Issue, customer: Customer) -> Matter:
    told = customer.id in issue.told
    return Matter(
        subject=subject_of(context, issue, customer.id),
        since=issue.opened_at,
        state=issue.state,
        name=issue.claimed_by or "",
        note=(issue.note if told else issue.progress) or "",
        is_told=told,
    )
