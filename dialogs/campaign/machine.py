"""The state machine of campaigns: draft, scheduled, running, paused by a person or by itself, finished, cancelled."""

from datetime import datetime, timedelta

from dialogs.campaign.model import Campaign, CampaignState
from dialogs.machine import Machine, row
from scoring.values import Value, replace

__all__ = [
    "CAMPAIGN",
    "LATE",
    "CampaignPaused",
    "CampaignResumed",
    "Cancelled",
    "Halted",
    "OccurrenceDone",
    "OccurrenceDue",
    "OccurrencesMissed",
    "Started",
]

LATE = timedelta(hours=6)
"""How late an occurrence still runs that fell due while the service was down; after that it is recorded as missed."""


class Started(Value):
    """A person starts it; `next_at` is its first occurrence."""

    next_at: datetime


class OccurrenceDue(Value):
    """An occurrence is due; `next_at` is the one after it, None when it is the last."""

    occurrence: datetime
    next_at: datetime | None


class OccurrencesMissed(Value):
    """Occurrences have passed without being run; `next_at` is the one after them, None when they were the last."""

    next_at: datetime | None


class OccurrenceDone(Value):
    """Every target of the occurrence under way has been processed."""


class CampaignPaused(Value):
    """A person pauses it."""


class CampaignResumed(Value):
    """A person resumes it."""


class Cancelled(Value):
    """A person cancels it, which is final."""


class Halted(Value):
    """It stopped by itself, for the reason `why`."""

    why: str


Moved = tuple[Campaign, tuple[object, ...]]


def occurrence_under_way(campaign: Campaign, _event: object, _now: datetime) -> bool:
    """Return whether an occurrence has begun and not ended."""
    return campaign.occurrence is not None


def between_occurrences(campaign: Campaign, _event: object, _now: datetime) -> bool:
    """Return whether no occurrence has begun, or the last one has ended."""
    return campaign.occurrence is None


def has_next(campaign: Campaign, _event: OccurrenceDone, _now: datetime) -> bool:
    """Return whether another occurrence is planned."""
    return campaign.next_at is not None


def was_last(campaign: Campaign, _event: OccurrenceDone, _now: datetime) -> bool:
    """Return whether no other occurrence is planned."""
    return campaign.next_at is None


def more_planned(_campaign: Campaign, event: OccurrencesMissed, _now: datetime) -> bool:
    """Return whether there is an occurrence after those missed."""
    return event.next_at is not None


def none_planned(_campaign: Campaign, event: OccurrencesMissed, _now: datetime) -> bool:
    """Return whether the last occurrence was missed."""
    return event.next_at is None


def wait_for_first(campaign: Campaign, event: Started, now: datetime) -> Moved:
    """Wait for the first occurrence; due at once, to update the messages that show the campaign."""
    return replace(campaign, next_at=event.next_at, wake_at=now, why=""), ()


def begin_occurrence(campaign: Campaign, event: OccurrenceDue, now: datetime) -> Moved:
    """Begin the occurrence."""
    return replace(campaign, occurrence=event.occurrence, next_at=event.next_at, wake_at=now, why=""), ()


def skip_missed(campaign: Campaign, event: OccurrencesMissed, _now: datetime) -> Moved:
    """Wait for the occurrence after those missed."""
    return replace(campaign, next_at=event.next_at, wake_at=event.next_at), ()


def continue_without_missed(campaign: Campaign, event: OccurrencesMissed, now: datetime) -> Moved:
    """Continue the occurrence under way, without those missed."""
    return replace(campaign, next_at=event.next_at, wake_at=now), ()


def finish_as_missed(campaign: Campaign, _event: OccurrencesMissed, _now: datetime) -> Moved:
    """End: the last occurrence was missed."""
    return replace(campaign, next_at=None, wake_at=None, why="missed"), ()


def wait_for_next(campaign: Campaign, _event: OccurrenceDone, _now: datetime) -> Moved:
    """Wait for the next occurrence."""
    return replace(campaign, occurrence=None, wake_at=campaign.next_at), ()


def finish(campaign: Campaign, _event: OccurrenceDone, _now: datetime) -> Moved:
    """End; it is not due again."""
    return replace(campaign, next_at=None, wake_at=None), ()


def cancel_unsent(campaign: Campaign, _event: Cancelled, now: datetime) -> Moved:
    """End; due once more, to cancel the messages that have not been sent."""
    return replace(campaign, next_at=None, wake_at=now), ()


def pause(campaign: Campaign, _event: CampaignPaused, _now: datetime) -> Moved:
    """Wait until a person resumes it."""
    return replace(campaign, wake_at=None), ()


def pause_with_reason(campaign: Campaign, event: Halted, _now: datetime) -> Moved:
    """Wait until a person resumes it, and record why it stopped."""
    return replace(campaign, wake_at=None, why=event.why), ()


def resume(campaign: Campaign, _event: CampaignResumed, now: datetime) -> Moved:
    """Continue at once."""
    return replace(campaign, wake_at=now, why=""), ()


CAMPAIGN: Machine[Campaign, datetime] = Machine(
    "campaign",
    CampaignState.DRAFT,
    (
        row(CampaignState.DRAFT, Started, CampaignState.SCHEDULED, wait_for_first),
        row(CampaignState.SCHEDULED, OccurrenceDue, CampaignState.RUNNING, begin_occurrence),
        row(CampaignState.SCHEDULED, OccurrencesMissed, CampaignState.SCHEDULED, skip_missed, more_planned),
        row(CampaignState.SCHEDULED, OccurrencesMissed, CampaignState.FINISHED, finish_as_missed, none_planned),
        row(CampaignState.RUNNING, OccurrencesMissed, CampaignState.RUNNING, continue_without_missed),
        row(CampaignState.RUNNING, OccurrenceDone, CampaignState.SCHEDULED, wait_for_next, has_next),
        row(CampaignState.RUNNING, OccurrenceDone, CampaignState.FINISHED, finish, was_last),
        row(CampaignState.RUNNING, Halted, CampaignState.PAUSED, pause_with_reason),
        row(CampaignState.RUNNING, CampaignPaused, CampaignState.PAUSED, pause),
        row(CampaignState.SCHEDULED, CampaignPaused, CampaignState.PAUSED, pause),
        row(CampaignState.PAUSED, CampaignResumed, CampaignState.RUNNING, resume, occurrence_under_way),
        row(CampaignState.PAUSED, CampaignResumed, CampaignState.SCHEDULED, resume, between_occurrences),
        *(
            row(state, Cancelled, CampaignState.CANCELLED, cancel_unsent)
            for state in (CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.RUNNING, CampaignState.PAUSED)
        ),
    ),
)
