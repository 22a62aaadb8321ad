"""Reports that are made by the calendar: which period comes when, when somebody has to confirm it, and what was missed.

A period is made at a time of day on the day after its last one, on the clocks of the schedule's zone, and never before
it is over on the company's. Pure: the moment is an argument.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dialogs.names import is_same_person
from dialogs.reports.document import ReportKind
from dialogs.time.local_time import instant_of, wall_of
from dialogs.time.named_days import PeriodLength, days_containing
from dialogs.time.periods import Period, days_of
from scoring.values import Value, field, replace

__all__ = [
    "LATEST_DUE",
    "MOST_MISSED",
    "REPORTED_AS",
    "DueReport",
    "ReportCadence",
    "ReportSchedule",
    "Reportable",
    "due_reports",
    "is_report_of",
    "latest_period_name",
    "next_report",
    "overdue_at",
]

REPORTED_AS = ("html", "xlsx", "csv", "json", "pdf", "png")
"""The formats in which a report can be made."""
MOST_MISSED = 12
"""So many periods are looked back upon at most."""
_HALF = 16
"""The day on which the second half of a month begins."""


class ReportCadence(StrEnum):
    """How often a report is made."""

    WEEK = "week"
    HALF_MONTH = "half-month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


_LENGTHS = {
    ReportCadence.WEEK: PeriodLength.WEEK,
    ReportCadence.MONTH: PeriodLength.MONTH,
    ReportCadence.QUARTER: PeriodLength.QUARTER,
    ReportCadence.HALF_YEAR: PeriodLength.HALF,
    ReportCadence.YEAR: PeriodLength.YEAR,
}
LATEST_DUE = {ReportCadence.WEEK: 6, ReportCadence.HALF_MONTH: 13}
"""The last day, counted from the one on which it is made, by which a report can be due; 28 for longer periods."""


class ReportSchedule(Value):
    """A report that is made after each period.

    `to` are the names of those who get it: `team`, a channel, a chat on one, or somebody of the roster. `of` is whose
    report it is, as for `huifang report`. `locale` is empty for the team's language. `due` is the day, counted from the
    one on which it is made, by which somebody confirms it; 0 where nobody has to.
    """

    name: str
    kind: ReportKind
    every: ReportCadence
    at: time
    timezone: str
    to: tuple[str, ...] = ("team",)
    formats: tuple[str, ...] = ("html",)
    of: str = ""
    locale: str = ""
    due: int = 0


class Reportable(Value):
    """What a schedule may name: channels on which there are chats, and whose report each kind can be.

    `of` are for each kind the keys, such as `team`; kinds in `needs_of` are always somebody's. Those of everybody that
    are `by_sheets` have the results of periods for which sheets are filled, and so of no half month.
    """

    channels: tuple[str, ...] = ()
    of: Mapping[ReportKind, tuple[str, ...]] = field(default_factory=dict)
    needs_of: frozenset[ReportKind] = frozenset()
    by_sheets: frozenset[ReportKind] = frozenset()


class DueReport(Value):
    """A period of a schedule: from when its report is made, and when somebody has to have confirmed it."""

    period: Period
    at: datetime
    due_at: datetime | None = None


def is_report_of(of: str, key: str, name: str) -> bool:
    """Return whether a report `of` somebody, such as `agent:a17`, is about who bears this name, in any spelling."""
    asked, _, value = of.partition(":")
    return asked.strip() == key and is_same_person(value, name)


def due_reports(schedule: ReportSchedule, company: ZoneInfo, after: datetime, now: datetime) -> tuple[DueReport, ...]:
    """Return what became due after an instant and until now, the earliest first; at most the latest `MOST_MISSED`."""
    zone, found = ZoneInfo(schedule.timezone), list[DueReport]()
    for ends in _ends_back(schedule.every, wall_of(now, zone).date() + timedelta(days=1)):
        due = _due(schedule, company, ends)
        if due.at <= after or len(found) == MOST_MISSED:
            break
        if due.at <= now:
            found.append(due)
    return tuple(found[::-1])


def next_report(schedule: ReportSchedule, company: ZoneInfo, now: datetime) -> DueReport:
    """Return the report that is made next."""
    later = list[DueReport]()
    for ends in _ends_back(schedule.every, wall_of(now, ZoneInfo(schedule.timezone)).date() + timedelta(days=400)):
        due = _due(schedule, company, ends)
        if due.at <= now:
            break
        later.append(due)
    return later[-1]


def latest_period_name(every: ReportCadence, today: date) -> str:
    """Return the name of the latest period of this length that is over on a day."""
    ends = _begins(every, today)
    return _name(every, _begins(every, ends - timedelta(days=1)), ends)


def overdue_at(schedule: ReportSchedule, due_at: datetime) -> datetime:
    """Return from when a report is overdue: a day after it was due, on the clocks of its schedule."""
    zone = ZoneInfo(schedule.timezone)
    return instant_of(wall_of(due_at, zone) + timedelta(days=1), zone)


def _due(schedule: ReportSchedule, company: ZoneInfo, ends: date) -> DueReport:
    first, zone = _begins(schedule.every, ends - timedelta(days=1)), ZoneInfo(schedule.timezone)
    period = replace(days_of(first, ends, company), name=_name(schedule.every, first, ends))

    def on(day: int) -> datetime:
        wall = datetime.combine(ends + timedelta(days=day - 1), schedule.at)
        return max(instant_of(wall, zone), period.until)

    return DueReport(period, on(1), on(schedule.due) if schedule.due else None)


def _ends_back(every: ReportCadence, latest: date) -> Iterator[date]:
    """Yield the days on which periods are over, from the latest on back."""
    ends = _begins(every, latest)
    while True:
        yield ends
        ends = _begins(every, ends - timedelta(days=1))


def _begins(every: ReportCadence, day: date) -> date:
    """Return the first day of the period in which a day lies."""
    if every is ReportCadence.HALF_MONTH:
        return day.replace(day=_HALF if day.day >= _HALF else 1)
    return days_containing(day, _LENGTHS[every]).first


def _name(every: ReportCadence, first: date, until: date) -> str:
    if every is ReportCadence.HALF_MONTH:
        return f"{first}..{until}"
    return days_containing(first, _LENGTHS[every]).name
