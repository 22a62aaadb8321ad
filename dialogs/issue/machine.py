"""The issue's table: open, claimed, resolved, closed, and open again when the customer says "not solved"."""

from typing import TypeVar

from dialogs.issue.events import (
    Answered,
    Claimed,
    ConfirmationTimedOut,
    Confirmed,
    Denied,
    Drafted,
    Effect,
    Joined,
    Merged,
    Overdue,
    Questioned,
    QuestionUndelivered,
    Released,
    Reopened,
    Reported,
    Resolved,
)
from dialogs.issue.model import CLOSES_AFTER, UNSETTLED, WITH_THE_TEAM, Handling, Issue, IssueState
from dialogs.machine import Machine, row
from scoring.values import replace

__all__ = [
    "ISSUE",
    "Answered",
    "Claimed",
    "ConfirmationTimedOut",
    "Confirmed",
    "Denied",
    "Drafted",
    "Effect",
    "Joined",
    "Merged",
    "Overdue",
    "QuestionUndelivered",
    "Questioned",
    "Released",
    "Reopened",
    "Reported",
    "Resolved",
]


T = TypeVar("T")


def by_the_holder(issue: Issue, event: Released | Resolved | Drafted | Claimed | Reported, _h: Handling) -> bool:
    """Return whether the person has it."""
    return issue.claimant == event.who


def nothing_asked(issue: Issue, _event: Questioned, _h: Handling) -> bool:
    """Return whether no question waits for its answer: there is one at a time."""
    return issue.question is None


def nothing_asked_by_the_holder(issue: Issue, event: Questioned, _h: Handling) -> bool:
    """Return whether the holder asks, and no question waits for its answer."""
    return issue.question is None and issue.claimant == event.who


def asked(issue: Issue, _event: Answered | QuestionUndelivered, _h: Handling) -> bool:
    """Return whether a question waits for its answer."""
    return issue.question is not None


def told_by_the_holder(issue: Issue, event: Resolved, _h: Handling) -> bool:
    """Return whether the holder resolves it and the customer shall know."""
    return issue.claimant == event.who and event.notify


def silently_by_the_holder(issue: Issue, event: Resolved, _h: Handling) -> bool:
    """Return whether the holder resolves it without a word to the customer."""
    return issue.claimant == event.who and not event.notify


def told(_issue: Issue, event: Resolved, _h: Handling) -> bool:
    """Return whether the customer shall know."""
    return event.notify


def silently(_issue: Issue, event: Resolved, _h: Handling) -> bool:
    """Return whether the customer shall not be told."""
    return not event.notify


def the_last_one_told(issue: Issue, event: Confirmed, _h: Handling) -> bool:
    """Return whether every customer who was told has now said "solved"."""
    return _asked(issue, event) and set(issue.told) == {*issue.confirmed, event.customer}


def others_yet_to_say(issue: Issue, event: Confirmed, _h: Handling) -> bool:
    """Return whether other customers were told and have not answered."""
    return _asked(issue, event) and set(issue.told) != {*issue.confirmed, event.customer}


def this_resolution(issue: Issue, event: Denied, _h: Handling) -> bool:
    """Return whether the customer was asked about this very resolution."""
    return _asked(issue, event) and issue.merged_into is None


def not_merged(issue: Issue, _event: Reopened, _h: Handling) -> bool:
    """Return whether it still stands for itself."""
    return issue.merged_into is None


def not_escalated(issue: Issue, _event: Overdue, _h: Handling) -> bool:
    """Return whether the team has not been reminded of it yet."""
    return not issue.escalated


def _asked(issue: Issue, event: Confirmed | Denied) -> bool:
    return event.resolution == issue.resolution and event.customer in issue.told


Moved = tuple[Issue, tuple[Effect, ...]]


def take(issue: Issue, event: Claimed | Drafted | Resolved | Reported | Questioned, _h: Handling) -> Moved:
    """Return it to the person; nothing is due any more."""
    return replace(issue, claimed_by=event.by, claimant=event.who, due_at=None, wake_at=None), (Effect.CARD,)


def change_nothing(issue: Issue, _event: object, _h: Handling) -> Moved:
    """Leave it: it was done already."""
    return issue, ()


def put_back(issue: Issue, _event: Released, handling: Handling) -> Moved:
    """Make it everybody's again, with a fresh time to claim it."""
    return _unclaimed(issue, handling), (Effect.CARD,)


def keep_draft(issue: Issue, event: Drafted, _h: Handling) -> Moved:
    """Keep the sentence for the preview."""
    return replace(issue, draft=event.note, drafts=issue.drafts + 1, draft_for=event.purpose), ()


def take_and_keep_draft(issue: Issue, event: Drafted, handling: Handling) -> Moved:
    """Return it to the person, and keep the sentence."""
    taken, effects = take(issue, event, handling)
    return keep_draft(taken, event, handling)[0], effects


def report(issue: Issue, event: Reported, _h: Handling) -> Moved:
    """Tell the customer how it goes."""
    told = replace(issue, progress=event.note, draft=None, draft_for=None)
    return told, (Effect.CARD, Effect.TELL_PROGRESS)


def take_and_report(issue: Issue, event: Reported, handling: Handling) -> Moved:
    """Return it to the person first."""
    return report(take(issue, event, handling)[0], event, handling)


def question(issue: Issue, event: Questioned, handling: Handling) -> Moved:
    """Ask the customer, and wait for the answer."""
    waiting = replace(issue, question=event.question, asked_at=handling.now, draft=None, draft_for=None)
    return waiting, (Effect.CARD, Effect.ASK_CUSTOMERS)


def take_and_question(issue: Issue, event: Questioned, handling: Handling) -> Moved:
    """Return it to the person first."""
    return question(take(issue, event, handling)[0], event, handling)


def take_answer(issue: Issue, _event: Answered, _h: Handling) -> Moved:
    """Wait no longer."""
    return replace(issue, question=None, asked_at=None), (Effect.CARD,)


def take_back_question(issue: Issue, _event: QuestionUndelivered, _h: Handling) -> Moved:
    """Wait no longer for what nobody has read."""
    return replace(issue, question=None, asked_at=None), (Effect.CARD,)


def resolve(issue: Issue, event: Resolved, handling: Handling) -> Moved:
    """Write down the sentence and tell the customers; silence for 72 hours closes it."""
    noted = _noted(issue, event, handling)
    return replace(noted, wake_at=handling.now + CLOSES_AFTER), (Effect.CARD, Effect.TELL_CUSTOMERS)


def take_and_resolve(issue: Issue, event: Resolved, handling: Handling) -> Moved:
    """Return it to the person first."""
    return resolve(take(issue, event, handling)[0], event, handling)


def resolve_silently(issue: Issue, event: Resolved, handling: Handling) -> Moved:
    """Write down what was done; the customer is not told."""
    return _closed(_noted(issue, event, handling), handling), (Effect.CARD,)


def take_and_resolve_silently(issue: Issue, event: Resolved, handling: Handling) -> Moved:
    """Return it to the person first."""
    return resolve_silently(take(issue, event, handling)[0], event, handling)


def note_confirmation(issue: Issue, event: Confirmed, _h: Handling) -> Moved:
    """Remember who said "solved"."""
    return replace(issue, confirmed=_with(issue.confirmed, (event.customer,))), (Effect.CARD,)


def close_confirmed(issue: Issue, event: Confirmed, handling: Handling) -> Moved:
    """Close it: everybody who was told said "solved"."""
    return _closed(note_confirmation(issue, event, handling)[0], handling), (Effect.CARD,)


def close(issue: Issue, _event: object, handling: Handling) -> Moved:
    """Close it."""
    return _closed(issue, handling), (Effect.CARD,)


def open_again(issue: Issue, _event: Denied | Reopened, handling: Handling) -> Moved:
    """Make it everybody's again under the next resolution number."""
    fresh = replace(
        _unclaimed(issue, handling),
        resolution=issue.resolution + 1,
        note=None,
        told=(),
        confirmed=(),
        resolved_at=None,
        closed_at=None,
    )
    return fresh, (Effect.TELL_TEAM_REOPENED,)


def escalate(issue: Issue, _event: Overdue, _h: Handling) -> Moved:
    """Remind the team, once."""
    return replace(issue, escalated=True, wake_at=None), (Effect.TELL_TEAM_OVERDUE,)


def join(issue: Issue, event: Joined, _h: Handling) -> Moved:
    """Take in more of the same problem."""
    joined = replace(
        issue,
        reasons=_with(issue.reasons, event.reasons),
        severity=issue.severity.at_least(event.severity),
        responses=_with(issue.responses, event.responses),
        tickets=_with(issue.tickets, event.tickets),
        customers=_with(issue.customers, event.customers),
    )
    return joined, (Effect.CARD,)


def close_merged(issue: Issue, event: Merged, handling: Handling) -> Moved:
    """Close it as part of another."""
    return replace(_closed(issue, handling), merged_into=event.into), (Effect.CARD,)


def _unclaimed(issue: Issue, handling: Handling) -> Issue:
    due = handling.now + handling.claim_within
    free = replace(issue, claimed_by=None, claimant=None, draft=None, draft_for=None, escalated=False)
    return replace(free, due_at=due, wake_at=due)


def _noted(issue: Issue, event: Resolved, handling: Handling) -> Issue:
    cause = event.root_cause or issue.root_cause
    noted = replace(issue, note=event.note, root_cause=cause, resolved_at=handling.now)
    return replace(_unasked(noted), told=(), confirmed=(), due_at=None)


def _closed(issue: Issue, handling: Handling) -> Issue:
    return replace(_unasked(issue), closed_at=handling.now, due_at=None, wake_at=None)


def _unasked(issue: Issue) -> Issue:
    """Take back what the outcome has overtaken: drafts, notes of how it goes, a question nobody answered."""
    return replace(issue, draft=None, draft_for=None, progress=None, question=None, asked_at=None)


def _with(old: tuple[T, ...], new: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*old, *new)))


ISSUE: Machine[Issue, Handling] = Machine(
    "issue",
    IssueState.OPEN,
    (
        row(IssueState.OPEN, Claimed, IssueState.CLAIMED, take),
        row(IssueState.OPEN, Drafted, IssueState.CLAIMED, take_and_keep_draft),
        row(IssueState.OPEN, Reported, IssueState.CLAIMED, take_and_report),
        row(IssueState.OPEN, Questioned, IssueState.CLAIMED, take_and_question, nothing_asked),
        row(IssueState.OPEN, Resolved, IssueState.RESOLVED, take_and_resolve, told),
        row(IssueState.OPEN, Resolved, IssueState.CLOSED, take_and_resolve_silently, silently),
        row(IssueState.OPEN, Overdue, IssueState.OPEN, escalate, not_escalated),
        row(IssueState.CLAIMED, Claimed, IssueState.CLAIMED, change_nothing, by_the_holder),
        row(IssueState.CLAIMED, Released, IssueState.OPEN, put_back, by_the_holder),
        row(IssueState.CLAIMED, Drafted, IssueState.CLAIMED, keep_draft, by_the_holder),
        row(IssueState.CLAIMED, Reported, IssueState.CLAIMED, report, by_the_holder),
        row(IssueState.CLAIMED, Questioned, IssueState.CLAIMED, question, nothing_asked_by_the_holder),
        row(IssueState.CLAIMED, Resolved, IssueState.RESOLVED, resolve, told_by_the_holder),
        row(IssueState.CLAIMED, Resolved, IssueState.CLOSED, resolve_silently, silently_by_the_holder),
        row(IssueState.RESOLVED, Resolved, IssueState.RESOLVED, change_nothing, by_the_holder),
        row(IssueState.RESOLVED, Confirmed, IssueState.RESOLVED, note_confirmation, others_yet_to_say),
        row(IssueState.RESOLVED, Confirmed, IssueState.CLOSED, close_confirmed, the_last_one_told),
        row(IssueState.RESOLVED, Denied, IssueState.OPEN, open_again, this_resolution),
        row(IssueState.RESOLVED, Reopened, IssueState.OPEN, open_again),
        row(IssueState.RESOLVED, ConfirmationTimedOut, IssueState.CLOSED, close),
        row(IssueState.CLOSED, Resolved, IssueState.CLOSED, change_nothing, by_the_holder),
        row(IssueState.CLOSED, Denied, IssueState.OPEN, open_again, this_resolution),
        row(IssueState.CLOSED, Reopened, IssueState.OPEN, open_again, not_merged),
        *(row(state, Joined, state, join) for state in WITH_THE_TEAM),
        *(row(state, Answered, state, take_answer, asked) for state in WITH_THE_TEAM),
        *(row(state, QuestionUndelivered, state, take_back_question, asked) for state in WITH_THE_TEAM),
        *(row(state, Merged, IssueState.CLOSED, close_merged) for state in UNSETTLED),
    ),
)
