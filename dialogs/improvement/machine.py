"""The table of findings: a measure is planned, done in time or not, verified in its window, and told to customers."""

from datetime import datetime

from dialogs.improvement.model import Finding, FindingState, Measure, MeasureResult, Verdict
from dialogs.machine import Machine, row
from dialogs.time.periods import Period
from scoring.values import Value, replace

__all__ = [
    "FINDING",
    "AnswersAwaited",
    "EscalationDue",
    "FindingDismissed",
    "FindingTold",
    "FindingToldAnew",
    "MeasureDone",
    "MeasureOverdue",
    "MeasurePlanned",
    "MeasureVerified",
    "ReminderDue",
    "WindowMoved",
]


class MeasurePlanned(Value):
    """Somebody says what is changed, by whom and until when; the owner is reminded at `remind_at`."""

    measure: Measure
    remind_at: datetime


class ReminderDue(Value):
    """The deadline of a measure comes near."""


class MeasureOverdue(Value):
    """The deadline of a measure has passed; `escalate_at` is when that is told further up."""

    escalate_at: datetime


class EscalationDue(Value):
    """A measure has been overdue for long."""


class MeasureDone(Value):
    """It was changed; `window` is the period in which the metric is looked at."""

    by: str
    window: Period


class AnswersAwaited(Value):
    """The window is over, and some who were asked in it may still answer: it is looked at again at `look_at`."""

    look_at: datetime


class MeasureVerified(Value):
    """The metric was looked at in its window."""

    result: MeasureResult


class WindowMoved(Value):
    """Somebody waits for more answers: until the end of a later `window`."""

    window: Period


class FindingTold(Value):
    """The customers who raised it are told what was changed, in these words by language, by a campaign."""

    by: str
    campaign: str
    words: tuple[tuple[str, str], ...]


class FindingToldAnew(Value):
    """Whoever was not reached before their notice was cancelled is told by another campaign, in these words."""

    campaign: str
    words: tuple[tuple[str, str], ...]


class FindingDismissed(Value):
    """Nothing is changed because of it, or no longer, for the reason `note`."""

    by: str
    note: str


Moved = tuple[Finding, tuple[object, ...]]


def is_reached(_finding: Finding, event: MeasureVerified, _now: datetime) -> bool:
    """Return whether the target was reached."""
    return event.result.verdict is Verdict.REACHED


def is_not_reached(_finding: Finding, event: MeasureVerified, _now: datetime) -> bool:
    """Return whether the target was not reached, by enough answers."""
    return event.result.verdict is Verdict.NOT_REACHED


def cannot_be_told(_finding: Finding, event: MeasureVerified, _now: datetime) -> bool:
    """Return whether there were too few answers to tell, or to tell the change from chance."""
    return event.result.verdict in (Verdict.TOO_FEW, Verdict.NOT_CLEAR)


def not_reminded(finding: Finding, _event: ReminderDue, _now: datetime) -> bool:
    """Return whether the owner has not been reminded yet."""
    return finding.reminded_at is None


def not_escalated(finding: Finding, _event: EscalationDue, _now: datetime) -> bool:
    """Return whether it has not been told further up yet."""
    return finding.escalated_at is None


def plan(finding: Finding, event: MeasurePlanned, _now: datetime) -> Moved:
    """Take the measure, in place of one planned before."""
    fresh = replace(finding, measure=event.measure, look_at=event.remind_at, reminded_at=None, escalated_at=None)
    return replace(fresh, done_at=None, done_by=""), ()


def remind(finding: Finding, _event: ReminderDue, now: datetime) -> Moved:
    """Wait for the deadline."""
    return replace(finding, reminded_at=now, look_at=finding.measure.due_at if finding.measure else None), ()


def fall_overdue(finding: Finding, event: MeasureOverdue, _now: datetime) -> Moved:
    """Wait until it is told further up."""
    return replace(finding, look_at=event.escalate_at), ()


def escalate(finding: Finding, _event: EscalationDue, now: datetime) -> Moved:
    """Wait for people."""
    return replace(finding, escalated_at=now, look_at=None), ()


def wait_for_answers(finding: Finding, event: MeasureDone, now: datetime) -> Moved:
    """Wait until the window is over."""
    return replace(_with_window(finding, event.window), done_at=now, done_by=event.by), ()


def wait_for_more(finding: Finding, event: WindowMoved, _now: datetime) -> Moved:
    """Wait until the later window is over."""
    return _with_window(finding, event.window), ()


def look_later(finding: Finding, event: AnswersAwaited, _now: datetime) -> Moved:
    """Wait for the answers that may still come."""
    return replace(finding, look_at=event.look_at), ()


def conclude(finding: Finding, event: MeasureVerified, _now: datetime) -> Moved:
    """Keep what came of the measure, and wait for people."""
    return replace(finding, results=(*finding.results, event.result), look_at=None), ()


def reopen(finding: Finding, event: MeasureVerified, _now: datetime) -> Moved:
    """Keep what came of the measure, and wait for another one."""
    kept = replace(finding, results=(*finding.results, event.result), look_at=None, measure=None)
    return replace(kept, reminded_at=None, escalated_at=None, done_at=None, done_by=""), ()


def close_told(finding: Finding, event: FindingTold, now: datetime) -> Moved:
    """End, with the campaign that tells the customers."""
    told = replace(finding, campaign=event.campaign, told=event.words)
    return replace(told, closed_at=now, closed_by=event.by), ()


def tell_anew(finding: Finding, event: FindingToldAnew, _now: datetime) -> Moved:
    """Take the other campaign; it was told before."""
    return replace(finding, campaign=event.campaign, told=event.words), ()


def dismiss(finding: Finding, event: FindingDismissed, now: datetime) -> Moved:
    """End without a message to customers."""
    return replace(finding, note=event.note, closed_at=now, closed_by=event.by, look_at=None), ()


def _with_window(finding: Finding, window: Period) -> Finding:
    measure = None if finding.measure is None else replace(finding.measure, window=window)
    return replace(finding, measure=measure, look_at=window.until)


_STATES = FindingState
FINDING: Machine[Finding, datetime] = Machine(
    "finding",
    _STATES.OPEN,
    (
        row(_STATES.OPEN, MeasurePlanned, _STATES.PLANNED, plan),
        row(_STATES.PLANNED, MeasurePlanned, _STATES.PLANNED, plan),
        row(_STATES.OVERDUE, MeasurePlanned, _STATES.PLANNED, plan),
        row(_STATES.PLANNED, ReminderDue, _STATES.PLANNED, remind, not_reminded),
        row(_STATES.PLANNED, MeasureOverdue, _STATES.OVERDUE, fall_overdue),
        row(_STATES.OVERDUE, EscalationDue, _STATES.OVERDUE, escalate, not_escalated),
        row(_STATES.PLANNED, MeasureDone, _STATES.DONE, wait_for_answers),
        row(_STATES.OVERDUE, MeasureDone, _STATES.DONE, wait_for_answers),
        row(_STATES.DONE, AnswersAwaited, _STATES.DONE, look_later),
        row(_STATES.DONE, MeasureVerified, _STATES.REACHED, conclude, is_reached),
        row(_STATES.DONE, MeasureVerified, _STATES.OPEN, reopen, is_not_reached),
        row(_STATES.DONE, MeasureVerified, _STATES.UNDECIDED, conclude, cannot_be_told),
        row(_STATES.UNDECIDED, WindowMoved, _STATES.DONE, wait_for_more),
        row(_STATES.UNDECIDED, MeasurePlanned, _STATES.PLANNED, plan),
        row(_STATES.REACHED, FindingTold, _STATES.TOLD, close_told),
        row(_STATES.TOLD, FindingToldAnew, _STATES.TOLD, tell_anew),
        *(
            row(state, FindingDismissed, _STATES.DISMISSED, dismiss)
            for state in (
                _STATES.OPEN,
                _STATES.PLANNED,
                _STATES.OVERDUE,
                _STATES.DONE,
                _STATES.UNDECIDED,
                _STATES.REACHED,
            )
        ),
    ),
)
