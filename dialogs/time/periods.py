"""Periods by their name: a day, a week, a month, a quarter, half a year, a year, on the clocks of a zone."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.time.local_time import instant_of, wall_of
from scoring.values import Value

__all__ = ["PERIOD_EXAMPLES", "Period", "days_of", "month_so_far", "named_period", "period_before"]

PERIOD_EXAMPLES = "2026-11, 2026-Q4, 2026-H2, 2026, 2026-W48, 2026-11-29"
_PARTS = re.compile(r"(\d{4})(?:-(?:([QHW])(\d{1,2})|(\d{2})(?:-(\d{2}))?))?", re.ASCII)
_MONTHS = {"Q": 3, "H": 6}
_YEARS = range(1971, 2199)


class Period(Value):
    """The time from `since` to `until`, which is excluded, both in UTC; `name` is empty for one given by its ends."""

    since: datetime
    until: datetime
    name: str = ""

    def is_over(self, now: datetime) -> bool:
        """Return whether nothing can happen in it any more."""
        return self.until <= now


def named_period(name: str, zone: ZoneInfo) -> Period:
    """Return the period of a name such as those of `PERIOD_EXAMPLES`; weeks are those of ISO 8601.

    Raises ValueError for any other name.
    """
    found = _PARTS.fullmatch(name.strip().upper())
    if found is None or int(found[1]) not in _YEARS:
        raise ValueError(f"{name!r} is no period: write one like {PERIOD_EXAMPLES}")
    try:
        first, last = _days(int(found[1]), found[2], *(int(part) if part else None for part in found.group(3, 4, 5)))
    except ValueError:
        raise ValueError(f"there is no {name!r} in the calendar") from None
    return Period(*_instants(first, last, zone), found[0])


def days_of(first: date, until: date, zone: ZoneInfo) -> Period:
    """Return the period from the beginning of one day to the beginning of another."""
    return Period(*_instants(first, until, zone))


def month_so_far(now: datetime, zone: ZoneInfo) -> Period:
    """Return the month in which `now` lies."""
    today = wall_of(now, zone)
    return named_period(f"{today.year}-{today.month:02}", zone)


def period_before(period: Period, zone: ZoneInfo) -> Period:
    """Return the period of the same length that ends where this one begins, in months if it has whole ones."""
    first, until = (wall_of(at, zone).date() for at in (period.since, period.until))
    if first.day == until.day == 1:
        months = 12 * (until.year - first.year) + until.month - first.month
        return days_of(_months_on(first.year, first.month, -months), first, zone)
    return days_of(date.fromordinal(2 * first.toordinal() - until.toordinal()), first, zone)


def _instants(first: date, until: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    since, end = (instant_of(datetime.combine(day, time()), zone) for day in (first, until))
    return since, end


def _days(year: int, kind: str | None, number: int | None, month: int | None, day: int | None) -> tuple[date, date]:
    """Return the first day and the day after the last; raises ValueError for one that the calendar has not."""
    if kind == "W" and number is not None:
        first = date.fromisocalendar(year, number, 1)
        return first, date.fromordinal(first.toordinal() + 7)
    if kind is not None and number is not None:
        length = _MONTHS[kind]
        return date(year, length * (number - 1) + 1, 1), _months_on(year, length * (number - 1) + 1, length)
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if day is None:
        return date(year, month, 1), _months_on(year, month, 1)
    only = date(year, month, day)
    return only, date.fromordinal(only.toordinal() + 1)


def _months_on(year: int, month: int, by: int) -> date:
    years, months = divmod(month - 1 + by, 12)
    return date(year + years, months + 1, 1)
