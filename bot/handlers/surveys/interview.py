"""Transitions of interviews as rows: the interview, its answer log, the message that shows it, issues."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_customer
from bot.handlers.issues.alerts import AlertTrigger, issue_with_team, raise_issues
from bot.handlers.surveys.fact_rows import ratings_after
from bot.signed_links import LinkPurpose as Opens
from dialogs.ids import derive
from dialogs.interview.anonymity import emptied, month_of, open_words, spoken
from dialogs.interview.events import (
    Commented,
    Complained,
    Edited,
    Ended,
    HandedOver,
    HandoverReason,
    Hint,
    Narrated,
    NeverShown,
    Noted,
    NotUnderstood,
    Rated,
    RatedAll,
    Remarked,
    Shown,
    Spoke,
    WantedPerson,
    Withdrawn,
)
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show, summary
from dialogs.interview.model import FINAL, OPEN, Interview, InterviewState, InterviewTerms, SurveyMessage, step_of
from dialogs.interview.understand import reread
from dialogs.invitation.feedback import is_feedback
from dialogs.invitation.model import Invitation
from dialogs.messages import Link, Prompt
from dialogs.survey import Survey
from scoring.rules import alert_words
from scoring.values import replace
from storage.model.records import AnswerLog, Contact, OutboxMessage, Purpose
from storage.model.registers import AnonymousAnswers
from storage.unit_of_work.changes import Anonymization, Cancel, Changes

__all__ = [
    "Showing",
    "advance",
    "arrived",
    "greeting_of",
    "pressed_on",
    "shown_above",
    "shown_nowhere",
    "survey_message",
    "taken_back",
    "withdraw",
    "without_buttons",
]

_KEPT_WORDS = (NotUnderstood, Narrated, Complained, WantedPerson, Spoke, Noted, Ended)
_LAST_WORDS_WITHIN = timedelta(hours=24)
"""How long the last message of a finished interview may wait for its channel."""


class Showing(StrEnum):
    """How the chat shows what follows of an input."""

    IN_PLACE = "in_place"
    """The survey's message is edited: a button under it was pressed, or time has passed."""
    BELOW = "below"
    """A new message follows the words that were typed, and the one above them loses its buttons.

    Not in an anonymous survey: later the number of messages would tell who typed (docs/decisions/anonymity.md).
    """
    QUIETLY = "quietly"
    """Whoever asks shows the outcome itself, as the survey page does: only a message that is edited follows."""


def advance(
    context: DecisionContext,
    interview: Interview,
    event: object,
    cause: str,
    showing: Showing = Showing.IN_PLACE,
) -> Changes | None:
    """Move an interview and carry out what follows; None where its table has no row for the event now.

    `cause` identifies the input, so that the same input twice writes the same rows.
    """
    survey = context.policy.survey_version(interview.survey)
    if survey.anonymous and showing is Showing.BELOW:
        showing = Showing.IN_PLACE
    event = reread(event, interview, survey, context.policy.lexicon) if isinstance(event, Edited) else event
    event = _alerting(context, event)
    if survey.anonymous:
        interview, event = _unfollowed(interview, event)
    step = INTERVIEW.step(interview, event, InterviewTerms(survey, context.now))
    if step is None:
        return None
    log = _log(interview, step.thing, context.now, cause)
    arrived = _arrived(context, step.thing, log)
    if survey.anonymous:
        moved, changes = step.thing, Changes()
    else:
        moved = replace(step.thing, logged=interview.logged + len(log)) if log else step.thing
        handed = next((effect for effect in step.effects if isinstance(effect, HandedOver)), _beside(event))
        moved, raised = raise_issues(context, interview, moved, AlertTrigger(cause, _unread(event), handed))
        changes = Changes((*log, *ratings_after(context, interview, moved))) + raised
    for effect in (effect for effect in step.effects if isinstance(effect, Shown)):
        is_upset = effect.hint is Hint.NONE and _is_upset(context, survey, event)
        hint = Hint.SORRY if is_upset else _with_team(context, changes, moved, effect.hint)
        moved, shown = _shown(context, moved, replace(effect, hint=hint), cause, showing)
        changes += shown
    if survey.anonymous:
        moved, parted = _anonymized(context, moved, changes)
        changes += parted
    return changes + Changes((moved, *arrived))


def _alerting(context: DecisionContext, event: object) -> object:
    """Return words that are no answer as a complaint where an alert word is among them."""
    if isinstance(event, NotUnderstood | Narrated) and alert_words(event.text, context.policy.alerts):
        return Complained(event.text, event.source)
    return event


def _unfollowed(interview: Interview, event: object) -> tuple[Interview, object]:
    """Return what an anonymous survey makes of words that call a person: nobody takes over, and it is said why.

    What is not understood is explained again, however often.
    """
    if isinstance(event, Complained | WantedPerson):
        return interview, Spoke(event.text, event.source, Hint.UNFOLLOWED)
    if isinstance(event, Narrated):
        event = NotUnderstood(event.text, event.source)
    return (replace(interview, misses=0) if isinstance(event, NotUnderstood) else interview), event


def _unread(event: object) -> str:
    """Return words that are no answer."""
    return event.text if isinstance(event, _KEPT_WORDS) else ""


def _beside(event: object) -> HandedOver | None:
    """Return a complaint that came beside a rating."""
    if not isinstance(event, Rated | RatedAll) or not event.complains:
        return None
    return HandedOver(event.remark, HandoverReason.COMPLAINT)


def _is_upset(context: DecisionContext, survey: Survey, event: object) -> bool:
    """Return whether an answer comes with words for which we apologize before we go on."""
    if survey.anonymous or not isinstance(event, Rated | RatedAll | Remarked | Commented):
        return False
    words = event.remark if isinstance(event, Rated | RatedAll) else event.text
    return event.complains or bool(words and alert_words(words, context.policy.alerts))


def _with_team(context: DecisionContext, changes: Changes, moved: Interview, hint: Hint) -> Hint:
    """Return the hint of an interview's last message where the team has something of it that was said in words."""
    is_through = hint is Hint.NONE and moved.state is InterviewState.COMPLETED and not moved.assessed
    if not (is_through or hint is Hint.ENDED):
        return hint
    issue = issue_with_team(context.after(changes), moved)
    is_ours = issue is not None and moved.id in issue.responses
    told = Hint.WITH_TEAM if is_through else Hint.ENDED_WITH_TEAM
    return told if is_ours else hint


def _shown(
    context: DecisionContext, interview: Interview, effect: Shown, cause: str, showing: Showing
) -> tuple[Interview, Changes]:
    """Show the interview in its chat: an edit of its message, or a new one below, which supersedes pending ones."""
    edits = context.policy.can(interview.channel).edits
    is_nowhere = interview.channel not in context.policy.channels  # on the page nobody can be written to
    is_quiet = showing is Showing.QUIETLY or is_nowhere
    if not edits and is_quiet:
        return interview, Changes(cancels=_unsent(interview))
    afresh = effect.afresh or showing is Showing.BELOW or _answers_a_reminder(interview, context.now)
    message = survey_message(context, interview, effect.hint, cause, afresh=afresh)
    if not edits:
        return replace(interview, message=message.id, shown=""), Changes((message,), cancels=_unsent(interview))
    changes = Changes((message,), cancels=_unreminded(interview))
    if message.edits is None:
        if interview.message and showing is Showing.BELOW:
            changes += Changes((_left_behind(context, interview, cause),))
        interview = replace(interview, message=message.id, shown="", above=_newest(interview), doubted="")
    return interview, changes


def _answers_a_reminder(interview: Interview, now: datetime) -> bool:
    """Return whether these are the first words since a reminder, which may be pending and cannot be edited."""
    reminded = interview.reminded_at
    if reminded is None or interview.shown or interview.state not in OPEN:
        return False
    return not any(reminded <= answer.at < now for answer in interview.answers)


def _unreminded(interview: Interview) -> tuple[Cancel, ...]:
    """Cancel a pending reminder, which somebody who answers does not need."""
    return (Cancel((Purpose.REMINDER,), about=interview.ref),)


def _unsent(interview: Interview) -> tuple[Cancel, ...]:
    return (Cancel((Purpose.SURVEY, Purpose.REMINDER, Purpose.REPLY), about=interview.ref),)


def _arrived(context: DecisionContext, interview: Interview, log: tuple[AnswerLog, ...]) -> tuple[Invitation, ...]:
    """Mark the invitation as sent on the first answer, even where a crash lost the settling of its message."""
    invitation = context.snapshot.invitation(interview.invitation) if log else None
    return () if invitation is None or invitation.sent_at else (replace(invitation, sent_at=context.now),)


def _anonymized(context: DecisionContext, interview: Interview, changes: Changes) -> tuple[Interview, Changes]:
    """Anonymize an ended interview: its answers are stored without the person, and only its last message is kept."""
    if interview.state not in FINAL:
        return interview, Changes()
    survey, said = context.policy.survey_version(interview.survey), spoken(interview)
    month = month_of(context.now, context.policy.timezone)
    answers = None if said is None else AnonymousAnswers("", *survey.key, month, said, open_words(interview))
    last = tuple(record.id for record in changes.records if isinstance(record, OutboxMessage))
    return emptied(interview, survey), Changes(anonymizations=(Anonymization(interview.id, last, answers),))


def taken_back(context: DecisionContext, interview: Interview) -> Interview | None:
    """Return the interview withdrawn, its first question having reached nobody; None once somebody has answered."""
    terms = InterviewTerms(context.policy.survey_version(interview.survey), context.now)
    step = INTERVIEW.step(interview, NeverShown(), terms)
    return step.thing if step is not None else None


def withdraw(context: DecisionContext, interview: Interview) -> Changes:
    """Withdraw an unfinished interview; empty where it is finished."""
    changes = advance(context, interview, Withdrawn(), cause="withdrawn")
    if changes is None:
        return Changes()
    return Changes(cancels=_unsent(interview)) + changes


def survey_message(
    context: DecisionContext,
    interview: Interview,
    hint: Hint,
    cause: str,
    *,
    afresh: bool = False,
) -> OutboxMessage:
    """Return the message that shows the interview: an edit, or a new one where there is none or `afresh`."""
    is_edit = interview.message and not afresh and context.policy.can(interview.channel).edits
    edits = interview.message if is_edit else None
    message = message_to_customer(
        context,
        Contact(interview.customer, interview.channel, interview.chat),
        Purpose.REMINDER if hint is Hint.REMINDER else Purpose.REPLY,
        _prompt(context, interview, hint),
        message_id=derive("out", "show", interview.id, cause),
        about=interview.ref,
        expires_at=max(interview.expires_at, context.now + _LAST_WORDS_WITHIN),
    )
    obeys = hint is Hint.REMINDER or not interview.message or interview.state is InterviewState.EXPIRED
    return replace(message, edits=edits, receipt=interview.shown if edits else "", obeys_opt_out=obeys)


def shown_above(context: DecisionContext, interview: Interview, doubted: OutboxMessage) -> Changes:
    """Note that the interview's newest message is in doubt or lost, and show the step in the one above, if any.

    A new message is not sent twice, but an edit of another does no harm, where that is known to have arrived.
    """
    if interview.message != doubted.id:
        return Changes()
    if not interview.above or not context.policy.can(interview.channel).edits:
        return Changes((replace(interview, doubted=doubted.id),))
    was = interview.above
    above = replace(interview, message=was.id, shown=was.shown, above=None, doubted=doubted.id)
    edit = survey_message(context, above, Hint.NONE, f"doubt:{doubted.id}")
    return Changes((above, replace(edit, prompt=replace(edit.prompt, only_edits=True))))


def _newest(interview: Interview) -> SurveyMessage | None:
    """Return the message that shows the interview, as the one above is kept."""
    return SurveyMessage(interview.message, interview.shown) if interview.message else None


def shown_nowhere(interview: Interview, edit: OutboxMessage) -> Changes:
    """Note that the interview's message may never have arrived, where it was found that there is nothing to `edit`."""
    if interview.message != edit.edits:
        return Changes()
    return Changes((replace(interview, doubted=interview.message),))


def pressed_on(interview: Interview, step: str, pressed: str) -> tuple[Interview, str]:
    """Return the interview as a press shows it, and the chat's id of a message that is to lose its buttons, or "".

    `pressed` is the chat's id of the message under whose button of `step` somebody pressed.
    """
    if pressed in ("", interview.shown):
        return interview, ""
    if not (interview.shown and (interview.above or interview.doubted)):
        # A button of an earlier step stands on a message above: the newest is the one that shows where it stands.
        is_newest = not interview.above or step in (interview.at, step_of(interview), "")
        return (replace(interview, shown=pressed) if is_newest else interview), ""
    if interview.above:
        return interview, pressed
    arrived_after_all = replace(
        interview, message=interview.doubted, above=_newest(interview), doubted="", shown=pressed
    )
    return arrived_after_all, interview.shown


def without_buttons(context: DecisionContext, interview: str, other: str, cause: str) -> Changes:
    """Take the buttons from the message with this id in the chat, which is not the one that shows the interview."""
    moved = context.snapshot.interview(interview)
    if moved is None or not moved.message or not other:
        return Changes()
    above = replace(moved, message=moved.above.id if moved.above else moved.doubted, shown=other)
    return Changes((_left_behind(context, above, cause),))


def arrived(context: DecisionContext, interview: Interview, message: str, receipt: str) -> Changes:
    """Note the newest message's id in the chat, by which a press on another one is known.

    Where another was pressed before, the step is shown in the newest, and the other loses its buttons.
    """
    has_others = bool(interview.above or interview.doubted) and context.policy.can(interview.channel).edits
    if interview.message != message or interview.shown == receipt or not has_others:
        return Changes()
    known = Changes((replace(interview, shown=receipt),))
    if not interview.shown:
        return known
    cause = f"arrived:{message}"
    known += Changes((survey_message(context, replace(interview, shown=receipt), Hint.NONE, cause),))
    return known + without_buttons(context.after(known), interview.id, interview.shown, cause)


def _left_behind(context: DecisionContext, interview: Interview, cause: str) -> OutboxMessage:
    """Return the edit that takes the buttons from the message above and leaves the summary there.

    It follows the new message in the chat's order, and goes nowhere where the one above was never known to arrive.
    """
    survey, greeting = context.policy.survey_version(interview.survey), greeting_of(context, interview)
    message = message_to_customer(
        context,
        Contact(interview.customer, interview.channel, interview.chat),
        Purpose.REPLY,
        summary(interview, survey, context.policy.phrases, greeting),
        message_id=derive("out", "above", interview.id, cause),
        about=interview.ref,
        expires_at=context.now + _LAST_WORDS_WITHIN,
    )
    return replace(message, edits=interview.message, receipt=interview.shown, obeys_opt_out=False)


def _prompt(context: DecisionContext, interview: Interview, hint: Hint) -> Prompt:
    greeting = greeting_of(context, interview)
    prompt = show(interview, context.policy.survey_version(interview.survey), context.policy.phrases, greeting, hint)
    return (
        replace(prompt, link=_page(context, interview)) if context.policy.can(interview.channel).page_links else prompt
    )


def greeting_of(context: DecisionContext, interview: Interview) -> Greeting:
    """Return whom and what an interview is about, and who asks."""
    invitation = context.snapshot.invitation(interview.invitation)
    ticket = context.snapshot.ticket(invitation.source, invitation.ticket) if invitation else None
    customer = context.snapshot.customer(interview.customer)
    return Greeting(
        name=customer.name if customer else "",
        subject=ticket.subject if ticket and ticket.customer == interview.customer else "",
        agent=invitation.agent_name if invitation else "",
        company=context.policy.privacy.company,
        policy=context.policy.privacy.url,
        is_feedback=invitation is not None and is_feedback(invitation),
    )


def _page(context: DecisionContext, interview: Interview) -> Link | None:
    """Return the link to the survey page for the first message and the reminder, None for later ones."""
    if interview.state is not InterviewState.INVITED:
        return None
    url = context.policy.links.url(Opens.SURVEY, interview.id, interview.expires_at)
    return Link(context.policy.phrases.say(interview.locale, "button.page"), url)


def _log(before: Interview, after: Interview, now: datetime, cause: str) -> tuple[AnswerLog, ...]:
    """Return a log row for every rating, remark and comment that is new or changed; the log is append-only.

    A rating that was taken back has a row without a value.
    """
    old = {answer.question: (answer.value, answer.text) for answer in before.answers}
    new = {answer.question: (answer.value, answer.text) for answer in after.answers}
    said: list[tuple[str, int | None, str | None]] = [
        (question, *pair) for question, pair in new.items() if old.get(question) != pair
    ]
    said += [(question, None, None) for question in old if question not in new]
    if after.comment != before.comment:
        said.append(("comment", None, after.comment))
    return tuple(
        AnswerLog(after.id, after.logged + place, question, value, text, now, cause)
        for place, (question, value, text) in enumerate(said)
    )
