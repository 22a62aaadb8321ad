"""Local times and instants: local times are missing where clocks go forward, and repeat where they go back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["change_between", "instant_of", "wall_of"]

_SECOND = timedelta(seconds=1)


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the local time of a zone at an instant, as a datetime without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a local time: the first of two; of a missing one, when the clocks are put forward.

    The result never decreases as `wall` grows.
    """
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if wall_of(late, zone) == wall:
        return late
    return change_between(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), late, zone)


def change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second (UTC) with another UTC offset than `early`.

    `late` has that other offset, and there is one change between the two: it is found by bisection.
    """
    before = early.astimezone(zone).utcoffset()
    early = early.replace(microsecond=0)
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        early, late = (middle, late) if middle.astimezone(zone).utcoffset() == before else (early, middle)
    return late
