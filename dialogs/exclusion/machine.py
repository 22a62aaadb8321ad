"""The exclusion's table: a second person decides on a proposal, a third reviews an appeal against the decision."""

from datetime import datetime

from dialogs.exclusion.model import Exclusion, ExclusionState
from dialogs.machine import Machine, row
from dialogs.names import is_same_person
from scoring.values import Value, replace

__all__ = ["EXCLUSION", "AppealDismissed", "AppealGranted", "Appealed", "ExclusionApproved", "ExclusionRejected"]


class ExclusionApproved(Value):
    """A second person agrees; an appeal is possible until `appeal_until`."""

    by: str
    note: str
    appeal_until: datetime


class ExclusionRejected(Value):
    """It is not excluded: somebody decided so, or who proposed it takes that back."""

    by: str
    note: str


class Appealed(Value):
    """Somebody objects to the decision, with their evidence."""

    by: str
    note: str


class AppealGranted(Value):
    """A third person finds the objection right: the response counts again."""

    by: str
    note: str


class AppealDismissed(Value):
    """A third person finds the decision right."""

    by: str
    note: str


Moved = tuple[Exclusion, tuple[object, ...]]


def by_a_second(exclusion: Exclusion, event: ExclusionApproved, _now: datetime) -> bool:
    """Return whether it is another person than who proposed it."""
    return not is_same_person(event.by, exclusion.proposed_by)


def in_time(exclusion: Exclusion, _event: Appealed, now: datetime) -> bool:
    """Return whether the decision is not final yet."""
    return exclusion.appeal_until is not None and now <= exclusion.appeal_until


def by_a_third(exclusion: Exclusion, event: AppealGranted | AppealDismissed, _now: datetime) -> bool:
    """Return whether it is none of those who proposed, decided and appealed."""
    before = (exclusion.proposed_by, exclusion.decided_by, exclusion.appealed_by)
    return not any(is_same_person(event.by, name) for name in before)


def exclude(exclusion: Exclusion, event: ExclusionApproved, now: datetime) -> Moved:
    """Record the decision that it does not count, and until when an appeal is possible."""
    decided = replace(exclusion, decided_by=event.by, decided_at=now, decision=event.note)
    return replace(decided, appeal_until=event.appeal_until), ()


def reject(exclusion: Exclusion, event: ExclusionRejected, now: datetime) -> Moved:
    """Record the decision that it counts."""
    return replace(exclusion, decided_by=event.by, decided_at=now, decision=event.note), ()


def record_appeal(exclusion: Exclusion, event: Appealed, now: datetime) -> Moved:
    """Record the objection; it stays excluded until that is reviewed."""
    return replace(exclusion, appealed_by=event.by, appealed_at=now, appeal=event.note), ()


def restore(exclusion: Exclusion, event: AppealGranted, now: datetime) -> Moved:
    """Record that it counts again."""
    return replace(exclusion, reviewed_by=event.by, reviewed_at=now, review=event.note), ()


def uphold(exclusion: Exclusion, event: AppealDismissed, now: datetime) -> Moved:
    """Record that it stays excluded."""
    return replace(exclusion, reviewed_by=event.by, reviewed_at=now, review=event.note), ()


EXCLUSION: Machine[Exclusion, datetime] = Machine(
    "exclusion",
    ExclusionState.PROPOSED,
    (
        row(ExclusionState.PROPOSED, ExclusionApproved, ExclusionState.EXCLUDED, exclude, by_a_second),
        row(ExclusionState.PROPOSED, ExclusionRejected, ExclusionState.REJECTED, reject),
        row(ExclusionState.EXCLUDED, Appealed, ExclusionState.APPEALED, record_appeal, in_time),
        row(ExclusionState.APPEALED, AppealGranted, ExclusionState.RESTORED, restore, by_a_third),
        row(ExclusionState.APPEALED, AppealDismissed, ExclusionState.UPHELD, uphold, by_a_third),
    ),
)
