"""Transitions of interviews as rows: the interview, its answer log, the message that follows, issues."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from bot.handlers.common.context import DecisionContext
from bot.handlers.desk_writes.ticket_notes import response_into_ticket
from bot.handlers.issues.alerts import AlertTrigger, issue_with_team, raise_issues
from bot.handlers.surveys.fact_rows import ratings_after
from bot.handlers.surveys.response_flags import leaning_of, with_flags
from bot.handlers.surveys.survey_messages import above_left_behind, left_behind, newest_message, survey_message
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
from dialogs.interview.model import (
    CLARIFIED,
    CLARIFY,
    FINAL,
    OPEN,
    WEIGHT,
    Answer,
    Interview,
    InterviewState,
    InterviewTerms,
)
from dialogs.interview.understand import reread
from dialogs.invitation.model import Invitation
from dialogs.survey import Survey
from scoring.rules import alert_words
from scoring.values import replace
from storage.model.records import AnswerLog, OutboxMessage, Purpose
from storage.model.registers import AnonymousAnswers
from storage.unit_of_work.changes import Anonymization, Cancel, Changes

__all__ = [
    "Showing",
    "advance",
    "logged_answers",
    "taken_back",
    "withdraw",
]

_KEPT_WORDS = (NotUnderstood, Narrated, Complained, WantedPerson, Spoke, Noted, Ended)


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
    leaning = leaning_of(context.policy.lexicon)
    step = INTERVIEW.step(interview, event, InterviewTerms(survey, context.now, leaning))
    if step is None:
        return None
    log = logged_answers(interview, step.thing, context.now, cause)
    arrived = _arrived(context, step.thing, log)
    if survey.anonymous:
        moved, changes = step.thing, Changes()
    else:
        moved = replace(step.thing, logged=interview.logged + len(log)) if log else step.thing
        handed = next((effect for effect in step.effects if isinstance(effect, HandedOver)), _beside(event))
        moved, raised = raise_issues(context, interview, moved, AlertTrigger(cause, _unread(event, interview), handed))
        moved = with_flags(context, survey, moved, leaning)
        changes = Changes((*log, *ratings_after(context, interview, moved))) + raised
        changes += response_into_ticket(context, interview, moved)
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
    if isinstance(event, Complained | WantedPerson):  # a mere wish makes nobody a respondent
        return interview, Spoke(event.text, event.source, Hint.UNFOLLOWED, is_wish=isinstance(event, WantedPerson))
    if isinstance(event, Narrated):
        event = NotUnderstood(event.text, event.source)
    return (replace(interview, misses=0) if isinstance(event, NotUnderstood) else interview), event


def _unread(event: object, before: Interview) -> str:
    """Return words that are no answer, also where they read differently now."""
    if isinstance(event, Edited):
        is_kept = event.source in {words.source for words in before.said}
        return event.text if is_kept and event.complains else ""
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
            changes += Changes((left_behind(context, interview, cause),))
            if _answers_a_reminder(interview, context.now) and interview.above:  # a reminder may be cancelled unsent
                changes += Changes((above_left_behind(context, interview, f"{cause}:above"),))
        interview = replace(interview, message=message.id, shown="", above=newest_message(interview), doubted="")
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


def _said_in(interview: Interview) -> dict[str, tuple[int | None, str | None]]:
    given: dict[str, tuple[int | None, str | None]] = {}
    for answer in interview.answers:
        given[answer.question] = (answer.value, answer.text)
        if answer.importance:
            given[f"{WEIGHT}{answer.question}"] = (answer.importance, None)
        given.update(_clarified(answer))
    return given


def _clarified(answer: Answer) -> Iterator[tuple[str, tuple[int | None, None]]]:
    """Yield which other rating was asked about, and which one the customer said it is."""
    asked = answer.clarification
    if asked is not None:
        yield f"{CLARIFY}:{answer.question}", (asked.meant, None)
        if asked.confirmed is not None:
            yield f"{CLARIFIED}:{answer.question}", (asked.confirmed, None)


def logged_answers(before: Interview, after: Interview, now: datetime, cause: str) -> tuple[AnswerLog, ...]:
    """Return a log row for every rating, remark and comment that is new or changed; the log is append-only.

    A rating that was taken back has a row without a value. Importance has rows of its own, by its step, and so have the
    rating that may have been meant (`clarify:`) and the one that the customer said is meant (`clarified:`).
    """
    old, new = _said_in(before), _said_in(after)
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
