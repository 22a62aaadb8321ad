"""The days of the sample company: how much is repaired on each, and which changes begin when."""

from bisect import bisect
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.jobs.sample.draws import Draws
from config.sample.company_file import CompanyChange, CompanyPlan, read_company
from dialogs.survey import Survey
from dialogs.time.local_time import instant_of, wall_of
from dialogs.time.named_days import months_on
from dialogs.time.periods import Period, days_of
from scoring.values import Value

__all__ = ["DatedChange", "SampleDays", "SampleOrder", "SampleSetup", "month_from", "set_up"]

_A_DAY = timedelta(days=1)
_MONTH = 30.44
"""Days of a usual month."""


class SampleOrder(Value):
    """What is to be made: for how many customers, of how many whole months before the one in which `now` lies.

    The same order always gives the same records, whatever the machine.
    """

    seed: int
    customers: int
    months: int
    now: datetime
    zone: ZoneInfo
    locale: str
    survey: Survey


class DatedChange(Value):
    """A change of the company, the day on which it began, the month before and the month in which it is looked at."""

    change: CompanyChange
    begins: date
    baseline: Period
    window: Period


class SampleDays(Value):
    """Every day from the first to the last with the sum of its weight and of those before."""

    first: date
    until: date
    ends: Sequence[float]
    changes: tuple[DatedChange, ...]
    zone: ZoneInfo

    @property
    def last_month(self) -> date:
        """The first day of the last month."""
        return months_on(self.until.year, self.until.month, -1)

    @property
    def end(self) -> datetime:
        """The moment at which the last day is over."""
        return self.at(self.until, 0)

    @property
    def usual_months(self) -> float:
        """How many usual months of work all days are."""
        return self.ends[-1] / _MONTH

    def share_of_last_month(self) -> float:
        """Return how much of all work falls into the last month."""
        return 1 - self.ends[(self.last_month - self.first).days - 1] / self.ends[-1] if self.months > 1 else 1.0

    @property
    def months(self) -> int:
        """How many months there are."""
        return 12 * (self.until.year - self.first.year) + self.until.month - self.first.month

    def drawn(self, draws: Draws) -> date:
        """Return a day, each as often as its weight."""
        return self.first + min(bisect(self.ends, draws.unit() * self.ends[-1]), len(self.ends) - 1) * _A_DAY

    def at(self, day: date, second: int) -> datetime:
        """Return the moment of a day that many seconds after its midnight on the clocks of the company."""
        return instant_of(datetime.combine(day, time()) + timedelta(seconds=second), self.zone)


def month_from(first: date, by: int, zone: ZoneInfo) -> Period:
    """Return the month that is so many months after that of a day."""
    begins, ends = (months_on(first.year, first.month, by + more) for more in (0, 1))
    return days_of(begins, ends, zone)


class SampleSetup(Value):
    """An order with what it is made from: who works there, and on which days what happens."""

    order: SampleOrder
    plan: CompanyPlan
    days: SampleDays


def set_up(order: SampleOrder) -> SampleSetup:
    """Return an order with the company of its language, and its days."""
    plan = read_company(order.locale)
    today = wall_of(order.now, order.zone).date()
    until = months_on(today.year, today.month, 0)
    first = months_on(today.year, today.month, -order.months)
    days = [first + place * _A_DAY for place in range((until - first).days)]
    ends = list(accumulate(_weight(day, plan) for day in days))
    changes = [_dated(change, first, until, order.zone) for change in plan.changes]
    return SampleSetup(order, plan, SampleDays(first, until, ends, tuple(filter(None, changes)), order.zone))


def _weight(day: date, plan: CompanyPlan) -> float:
    weight = plan.months[day.month - 1] * plan.weekdays[day.weekday()]
    for begins, ends, times in plan.peaks:
        if begins <= f"{day.month:02}-{day.day:02}" <= ends:
            weight *= times
    return weight


def _dated(change: CompanyChange, first: date, until: date, zone: ZoneInfo) -> DatedChange | None:
    """Return when a change began: in the latest such month with one before and one after it; None without."""
    month = months_on(until.year, until.month, -2)
    while month > first:
        if month.month == change.month:
            begins = month.replace(day=change.begins)
            return DatedChange(change, begins, month_from(month, -1, zone), month_from(month, 1, zone))
        month = months_on(month.year, month.month, -1)
    return None
