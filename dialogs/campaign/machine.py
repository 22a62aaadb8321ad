"""The campaign's table: drafted, scheduled, running, paused by a person or by itself, and over."""

from datetime import datetime, timedelta

from dialogs.campaign.model import Campaign, CampaignState
from dialogs.machine import Machine, row
from scoring.values import Value, replace

__all__ = [
    "CAMPAIGN",
    "LATE",
    "Came",
    "Cancelled",
    "Exhausted",
    "Missed",
    "Paused",
    "Resumed",
    "Started",
    "Stopped",
]

LATE = timedelta(hours=6)
"""How late an occurrence still runs that was due while the service was down; later it is recorded as missed."""


class Started(Value):
    """A person starts it; `next_at` is its first occurrence."""

    next_at: datetime


class Came(Value):
    """An occurrence is due; `next_at` is the one after it, None when it is the last."""

    occurrence: datetime
    next_at: datetime | None


class Missed(Value):
    """Occurrences have passed without being run; `next_at` is the one after them, None when they were the last."""

    next_at: datetime | None


class Exhausted(Value):
    """Everybody of the occurrence under way has been served."""


class Paused(Value):
    """A person pauses it."""


class Resumed(Value):
    """A person resumes it."""


class Cancelled(Value):
    """A person ends it for good."""


class Stopped(Value):
    """It stopped by itself, for the reason `why`."""

    why: str


Moved = tuple[Campaign, tuple[object, ...]]


def under_way(campaign: Campaign, _event: object, _now: datetime) -> bool:
    """Return whether an occurrence has begun and is not through."""
    return campaign.occurrence is not None


def between_occurrences(campaign: Campaign, _event: object, _now: datetime) -> bool:
    """Return whether no occurrence has begun, or the last one is through."""
    return campaign.occurrence is None


def comes_again(campaign: Campaign, _event: Exhausted, _now: datetime) -> bool:
    """Return whether another occurrence is planned."""
    return campaign.next_at is not None


def was_the_last(campaign: Campaign, _event: Exhausted, _now: datetime) -> bool:
    """Return whether no other occurrence is planned."""
    return campaign.next_at is None


def more_to_come(_campaign: Campaign, event: Missed, _now: datetime) -> bool:
    """Return whether there is an occurrence after those missed."""
    return event.next_at is not None


def none_to_come(_campaign: Campaign, event: Missed, _now: datetime) -> bool:
    """Return whether the last occurrence was missed."""
    return event.next_at is None


def plan(campaign: Campaign, event: Started, now: datetime) -> Moved:
    """Wait for the first occurrence; look at once, to update the messages that show it."""
    return replace(campaign, next_at=event.next_at, wake_at=now, why=""), ()


def begin(campaign: Campaign, event: Came, now: datetime) -> Moved:
    """Begin the occurrence."""
    return replace(campaign, occurrence=event.occurrence, next_at=event.next_at, wake_at=now, why=""), ()


def wait_for_the_next(campaign: Campaign, event: Missed, _now: datetime) -> Moved:
    """Wait for the occurrence after those missed."""
    return replace(campaign, next_at=event.next_at, wake_at=event.next_at), ()


def go_on_without_them(campaign: Campaign, event: Missed, now: datetime) -> Moved:
    """Continue the occurrence under way."""
    return replace(campaign, next_at=event.next_at, wake_at=now), ()


def end_missed(campaign: Campaign, _event: Missed, _now: datetime) -> Moved:
    """End without it."""
    return replace(campaign, next_at=None, wake_at=None, why="missed"), ()


def rest(campaign: Campaign, _event: Exhausted, _now: datetime) -> Moved:
    """Wait for the next occurrence."""
    return replace(campaign, occurrence=None, wake_at=campaign.next_at), ()


def end(campaign: Campaign, _event: Exhausted, _now: datetime) -> Moved:
    """End; it is not due again."""
    return replace(campaign, next_at=None, wake_at=None), ()


def end_and_tidy_up(campaign: Campaign, _event: Cancelled, now: datetime) -> Moved:
    """End; look once more, to cancel what has not been sent."""
    return replace(campaign, next_at=None, wake_at=now), ()


def halt(campaign: Campaign, _event: Paused, _now: datetime) -> Moved:
    """Wait until a person resumes it."""
    return replace(campaign, wake_at=None), ()


def halt_and_say_why(campaign: Campaign, event: Stopped, _now: datetime) -> Moved:
    """Wait until a person resumes it, and record why it stopped."""
    return replace(campaign, wake_at=None, why=event.why), ()


def go_on(campaign: Campaign, _event: Resumed, now: datetime) -> Moved:
    """Continue at once."""
    return replace(campaign, wake_at=now, why=""), ()


CAMPAIGN: Machine[Campaign, datetime] = Machine(
    "campaign",
    CampaignState.DRAFT,
    (
        row(CampaignState.DRAFT, Started, CampaignState.SCHEDULED, plan),
        row(CampaignState.SCHEDULED, Came, CampaignState.RUNNING, begin),
        row(CampaignState.SCHEDULED, Missed, CampaignState.SCHEDULED, wait_for_the_next, more_to_come),
        row(CampaignState.SCHEDULED, Missed, CampaignState.FINISHED, end_missed, none_to_come),
        row(CampaignState.RUNNING, Missed, CampaignState.RUNNING, go_on_without_them),
        row(CampaignState.RUNNING, Exhausted, CampaignState.SCHEDULED, rest, comes_again),
        row(CampaignState.RUNNING, Exhausted, CampaignState.FINISHED, end, was_the_last),
        row(CampaignState.RUNNING, Stopped, CampaignState.PAUSED, halt_and_say_why),
        row(CampaignState.RUNNING, Paused, CampaignState.PAUSED, halt),
        row(CampaignState.SCHEDULED, Paused, CampaignState.PAUSED, halt),
        row(CampaignState.PAUSED, Resumed, CampaignState.RUNNING, go_on, under_way),
        row(CampaignState.PAUSED, Resumed, CampaignState.SCHEDULED, go_on, between_occurrences),
        *(
            row(state, Cancelled, CampaignState.CANCELLED, end_and_tidy_up)
            for state in (CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.RUNNING, CampaignState.PAUSED)
        ),
    ),
)
