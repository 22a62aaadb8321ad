"""Twelve zones, and every time that their clocks are put forward or back from 2025 to 2030."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dialogs.time.contact_hours import DailyHours

__all__ = ["FIRST_DAY", "LAST_DAY", "ZONES", "Change", "changes", "is_quiet", "moments"]

FIRST_DAY, LAST_DAY = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

ZONES = tuple(
    map(
        ZoneInfo,
        (
            "America/New_York",
            "America/Los_Angeles",
            "Europe/London",
            "Europe/Berlin",
            "America/Sao_Paulo",
            "Africa/Cairo",
            "Asia/Tehran",
            "Australia/Lord_Howe",
            "Pacific/Auckland",
            "America/Santiago",
            "Africa/Casablanca",
            "Asia/Shanghai",
        ),
    )
)


class Change(NamedTuple):
    """The first minute after a change, and by how much clocks went forward then; nothing for a day without any."""

    at: datetime
    by: timedelta


@cache
def changes(zone: ZoneInfo) -> list[Change]:
    """Find every change of a zone's clocks; for zones without any, two usual days of each year."""
    found, day, before = [], FIRST_DAY, _offset(FIRST_DAY, zone)
    while day < LAST_DAY:
        after = _offset(day + _DAY, zone)
        if after != before:
            found.append(_minute_of(day, zone))
        day, before = day + _DAY, after
    usual = [datetime(year, month, 27, 16, tzinfo=UTC) for year in range(2025, 2031) for month in (3, 10)]
    return found or [Change(at, timedelta(0)) for at in usual]


def moments(start: datetime, end: datetime) -> Iterator[datetime]:
    """Return `start` and every full minute after it, to before `end`: in between, no clock shows another minute."""
    while start < end:
        yield start
        start = start.replace(second=0, microsecond=0) + _MINUTE


def is_quiet(at: datetime, quiet: DailyHours | None, zone: ZoneInfo) -> bool:
    """Say so by counting the minutes of the day."""
    if quiet is None:
        return False
    shown = at.astimezone(zone).time().replace(second=0, microsecond=0)
    if quiet.start < quiet.end:
        return quiet.start <= shown < quiet.end
    return not quiet.end <= shown < quiet.start


def _minute_of(day: datetime, zone: ZoneInfo) -> Change:
    before, at = _offset(day, zone), day
    while _offset(at + _HOUR, zone) == before:
        at += _HOUR
    while _offset(at, zone) == before:
        at += _MINUTE
    return Change(at, _offset(at, zone) - before)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
