"""Periods by their name: a day, a week, a month, a quarter, half a year, a year, on the clocks of a zone."""

import re
from calendar import isleap
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.time.local_time import instant_of, wall_of
from dialogs.time.named_days import months_on, named_days
from scoring.values import Value

__all__ = [
    "CompanyCalendar",
    "Period",
    "YearlyPeak",
    "days_of",
    "fiscal_period",
    "month_so_far",
    "named_period",
    "peak_period",
    "period_before",
    "year_before",
]


_WEEKS = 364
"""Days of 52 weeks."""
_BOTH_FIRST = 2
"""The sum of the days of the month where both are the first."""


class Period(Value):
    """The time from `since` to `until`, which is excluded, both in UTC; `name` is empty for one given by its ends."""

    since: datetime
    until: datetime
    name: str = ""

    def is_over(self, now: datetime) -> bool:
        """Return whether nothing can happen in it any more."""
        return self.until <= now


class YearlyPeak(Value):
    """Days of a year with much to do: the first and the last, both included, as month and day.

    `year` is the one in which it begins, where it lies on these days in that year alone; 0 for every year.
    """

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    year: int = 0

    def days_in(self, year: int) -> tuple[date, date] | None:
        """Return the first day of the peak that begins in a year, and the day after its last; None for none."""
        if self.year not in (0, year):
            return None
        first, last = _day_in(year, *self.first), _day_in(year + (self.last < self.first), *self.last)
        return first, date.fromordinal(last.toordinal() + 1)


class CompanyCalendar(Value):
    """The clocks on which periods begin and end, the first month of the fiscal year (0 for none), and the peaks."""

    zone: ZoneInfo
    fiscal_from: int = 0
    peaks: tuple[YearlyPeak, ...] = ()

    def peaks_touching(self, period: Period, now: datetime) -> list[tuple[str, Period]]:
        """Return the names and days of the peaks that touch a period and have begun, in their order."""
        until = min(period.until, now)
        years = range(wall_of(period.since, self.zone).year - 1, wall_of(until, self.zone).year + 1)
        every = ((peak.name, peak.days_in(year)) for peak in self.peaks for year in years)
        found = [(name, days_of(*days, self.zone)) for name, days in every if days is not None]
        touching = (one for one in found if one[1].since < until and one[1].until > period.since)
        return sorted(touching, key=lambda one: one[1].since)


_FISCAL = re.compile(r"FY(\d{4})(?:-([QH])(\d))?", re.ASCII)
_FISCAL_YEARS = range(1971, 2198)
_FISCAL_MONTHS = {None: 12, "H": 6, "Q": 3}


def fiscal_period(name: str, calendar: CompanyCalendar) -> Period:
    """Return a fiscal year (FY2026, the one that begins in 2026), its half (FY2026-H1) or its quarter (FY2026-Q3).

    Raises ValueError for any other name, and where there is no fiscal year.
    """
    if not calendar.fiscal_from:
        raise ValueError(f"{name!r} needs a fiscal year: set team.fiscal_year_from to its first month")
    found = _FISCAL.fullmatch(name)
    months = _FISCAL_MONTHS[found[2]] if found else 12
    number = int(found[3] or 1) if found else 0
    if found is None or not 1 <= number <= 12 // months or int(found[1]) not in _FISCAL_YEARS:
        raise ValueError(f"{name!r} is no fiscal period: write one like FY2026, FY2026-H1, FY2026-Q3")
    first = months_on(int(found[1]), calendar.fiscal_from, months * (number - 1))
    until = months_on(first.year, first.month, months)
    return Period(*_instants(first, until, calendar.zone), name)


def named_period(name: str, zone: ZoneInfo) -> Period:
    """Return the period of a name such as those of `PERIOD_EXAMPLES`; weeks are those of ISO 8601.

    Raises ValueError for any other name.
    """
    days = named_days(name)
    return Period(*_instants(days.first, days.until, zone), days.name)


def peak_period(name: str, calendar: CompanyCalendar) -> Period | None:
    """Return the peak of a year, such as 2026-618, where the company has one of this name; else None."""
    year, dash, peak = name.strip().partition("-")
    if not (dash and year.isascii() and year.isdigit() and int(year) in _FISCAL_YEARS):
        return None
    found = (one.days_in(int(year)) for one in calendar.peaks if one.name.casefold() == peak.strip().casefold())
    days = next(filter(None, found), None)
    return Period(*_instants(*days, calendar.zone), f"{year}-{peak.strip()}") if days else None


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
        return days_of(months_on(first.year, first.month, -months), first, zone)
    return days_of(date.fromordinal(2 * first.toordinal() - until.toordinal()), first, zone)


def year_before(period: Period, zone: ZoneInfo) -> Period:
    """Return the same period of the year before: its months; of whole weeks those of 52 weeks before; else its dates.

    The 29th of February is the 28th then.
    """
    first, until = (wall_of(at, zone).date() for at in (period.since, period.until))
    if first.weekday() == until.weekday() == 0 and first.day + until.day > _BOTH_FIRST:
        return days_of(date.fromordinal(first.toordinal() - _WEEKS), date.fromordinal(until.toordinal() - _WEEKS), zone)
    return days_of(_a_year_back(first), _a_year_back(until), zone)


def _a_year_back(day: date) -> date:
    return _day_in(day.year - 1, day.month, day.day)


def _day_in(year: int, month: int, day: int) -> date:
    """Return a day of a year; the 29th of February is the 28th where there is none."""
    is_leap_day = (month, day) == (2, 29)
    return date(year, month, 28 if is_leap_day and not isleap(year) else day)


def _instants(first: date, until: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    since, end = (instant_of(datetime.combine(day, time()), zone) for day in (first, until))
    return since, end
