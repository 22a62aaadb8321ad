"""Periods of the calendar by their name: a day, a week, a month, a quarter, half a year, a year; in no zone yet."""

import re
from datetime import date
from enum import IntEnum

from scoring.values import Value

__all__ = [
    "PERIOD_EXAMPLES",
    "NamedDays",
    "PeriodLength",
    "days_containing",
    "is_calendar_name",
    "months_on",
    "named_days",
]

PERIOD_EXAMPLES = "2026-11, 2026-Q4, 2026-H2, 2026, 2026-W48, 2026-11-29"
_PARTS = re.compile(r"(\d{4})(?:-(?:([QHW])(\d{1,2})|(\d{2})(?:-(\d{2}))?))?", re.ASCII)
_YEARS = range(1971, 2199)


class PeriodLength(IntEnum):
    """The lengths of periods that have names, the shortest first."""

    DAY = 1
    WEEK = 2
    MONTH = 3
    QUARTER = 4
    HALF = 5
    YEAR = 6


_LETTERS = {"Q": PeriodLength.QUARTER, "H": PeriodLength.HALF, "W": PeriodLength.WEEK}
_MONTHS = {PeriodLength.MONTH: 1, PeriodLength.QUARTER: 3, PeriodLength.HALF: 6, PeriodLength.YEAR: 12}


class NamedDays(Value):
    """The days from `first` to `until`, which is excluded; each of them has one `name`: 2026-Q3, 2026-W01."""

    name: str
    length: PeriodLength
    first: date
    until: date

    @property
    def middle(self) -> date:
        """The day in its middle: of a week the Thursday, by which ISO 8601 tells in which year a week lies."""
        return date.fromordinal((self.first.toordinal() + self.until.toordinal() - 1) // 2)

    def is_part_of(self, longer: "NamedDays") -> bool:
        """Return whether it is a shorter period, most of which lies within a longer one."""
        return self.length < longer.length and longer.first <= self.middle < longer.until


def named_days(name: str) -> NamedDays:
    """Return the days of a name such as those of `PERIOD_EXAMPLES`; weeks are those of ISO 8601.

    Raises ValueError for any other name.
    """
    found = _PARTS.fullmatch(name.strip().upper())
    if found is None or int(found[1]) not in _YEARS:
        raise ValueError(f"{name!r} is no period: write one like {PERIOD_EXAMPLES}")
    try:
        return _days(int(found[1]), found[2], *(int(part) if part else None for part in found.group(3, 4, 5)))
    except ValueError:
        raise ValueError(f"there is no {name!r} in the calendar") from None


def is_calendar_name(name: str) -> bool:
    """Return whether a name is one of `named_days`: sheets are filled for such periods."""
    try:
        named_days(name)
    except ValueError:
        return False
    return True


def days_containing(day: date, length: PeriodLength) -> NamedDays:
    """Return the period of a length in which a day lies."""
    if length is PeriodLength.DAY:
        return NamedDays(day.isoformat(), length, day, date.fromordinal(day.toordinal() + 1))
    if length is PeriodLength.WEEK:
        year, week, weekday = day.isocalendar()
        monday = day.toordinal() + 1 - weekday
        return NamedDays(f"{year}-W{week:02}", length, date.fromordinal(monday), date.fromordinal(monday + 7))
    months = _MONTHS[length]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    return NamedDays(_name(day.year, length, number + 1), length, first, months_on(first.year, first.month, months))


def months_on(year: int, month: int, by: int) -> date:
    """Return the first day of the month that is `by` months after another one."""
    years, months = divmod(month - 1 + by, 12)
    return date(year + years, months + 1, 1)


def _name(year: int, length: PeriodLength, number: int) -> str:
    names = {
        PeriodLength.MONTH: f"-{number:02}",
        PeriodLength.QUARTER: f"-Q{number}",
        PeriodLength.HALF: f"-H{number}",
        PeriodLength.YEAR: "",
    }
    return f"{year}{names[length]}"


def _days(year: int, letter: str | None, number: int | None, month: int | None, day: int | None) -> NamedDays:
    """Return the days of a name's parts; raises ValueError for one that the calendar has not."""
    if letter is not None and number is not None:
        length = _LETTERS[letter]
        if length is PeriodLength.WEEK:
            return days_containing(date.fromisocalendar(year, number, 1), length)
        return days_containing(date(year, _MONTHS[length] * (number - 1) + 1, 1), length)
    if month is None:
        return days_containing(date(year, 1, 1), PeriodLength.YEAR)
    return days_containing(date(year, month, day or 1), PeriodLength.MONTH if day is None else PeriodLength.DAY)
