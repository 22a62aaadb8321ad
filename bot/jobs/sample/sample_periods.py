"""What people of the sample company entered about its periods: orders, returns, a benchmark, a conclusion."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_days import SampleDays, SampleOrder, SampleSetup, month_from
from dialogs.ids import derive
from dialogs.invitation.model import SAMPLE_SOURCE
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, named_period
from storage.model.entered_figures import EnteredFigure, EnteredKind

__all__ = ["entered_of", "weeks_of"]

_A_WEEK = timedelta(days=7)
_RETURNED, _BOUGHT_AGAIN = 0.021, 0.27
_BENCHMARK = "85"


def entered_of(setup: SampleSetup) -> Iterator[EnteredFigure]:
    """Yield the figures of each month and the orders of each week, the benchmark, and the last month's conclusion."""
    order, days = setup.order, setup.days
    months = [month_from(days.first, number, order.zone) for number in range(days.months)]
    named = [named_period(f"{_day(one, order):%Y-%m}", order.zone) for one in months]
    for month in named:
        draws = Draws(order.seed, "entered", month.name)
        orders = _orders(month, setup, draws)
        yield _entered(setup, month, "orders", str(orders))
        yield _entered(setup, month, "return_rate", str(draws.rounded(orders * _RETURNED)), str(orders))
        yield _entered(setup, month, "repurchase_rate", str(draws.rounded(orders * _BOUGHT_AGAIN)), str(orders))
    for week in weeks_of(days, order):
        draws = Draws(order.seed, "entered", week.name)
        yield _entered(setup, week, "orders", str(_orders(week, setup, draws)))
    yield from _words(setup, named[0], named[-1])


def _day(period: Period, order: SampleOrder) -> date:
    return wall_of(period.since, order.zone).date()


def weeks_of(days: SampleDays, order: SampleOrder) -> Iterator[Period]:
    """Yield the ISO weeks that lie wholly in the company's days."""
    day = days.first + timedelta(days=(7 - days.first.weekday()) % 7)
    while day + _A_WEEK <= days.until:
        year, week, _ = day.isocalendar()
        yield named_period(f"{year}-W{week:02}", order.zone)
        day += _A_WEEK


def _orders(period: Period, setup: SampleSetup, draws: Draws) -> int:
    """Return how many orders there were: so many for each visit that is to be expected, give or take."""
    order, days = setup.order, setup.days
    first, until = (wall_of(at, order.zone).date() - days.first for at in (period.since, period.until))
    weight = days.ends[until.days - 1] - (days.ends[first.days - 1] if first.days else 0.0)
    usual = setup.plan.numbers["visits_per_customer_a_month"] * weight / days.ends[-1] * days.usual_months
    wobble = 1 + 0.05 * draws.normal()
    return max(int(order.customers * usual * setup.plan.numbers["orders_per_visit"] * wobble), 1)


def _entered(setup: SampleSetup, period: Period, metric: str, numerator: str, denominator: str = "") -> EnteredFigure:
    order = setup.order
    return EnteredFigure(
        id=derive("ent", SAMPLE_SOURCE, order.seed, period.name, metric),
        kind=EnteredKind.FIGURE,
        metric=metric,
        period=period.name,
        since=period.since,
        until=period.until,
        cut=(),
        by=setup.plan.words["helper"],
        at=min(period.until + timedelta(hours=10), order.now),
        numerator=numerator,
        denominator=denominator,
    )


def _words(setup: SampleSetup, first: Period, last: Period) -> Iterator[EnteredFigure]:
    order, plan = setup.order, setup.plan
    survey, at = order.survey.id, min(last.until + timedelta(hours=11), order.now)
    lowest = min(plan.level, key=lambda question: plan.level[question])
    yield EnteredFigure(
        id=derive("ent", SAMPLE_SOURCE, order.seed, "benchmark"),
        kind=EnteredKind.BENCHMARK,
        metric="csat",
        period=first.name,
        since=first.since,
        until=first.until,
        cut=(),
        by=plan.words["lead"],
        at=first.until,
        numerator=_BENCHMARK,
        origin=plan.words["origin"],
        dated=f"{wall_of(first.since, order.zone).date():%Y-%m-%d}",
    )
    yield EnteredFigure(
        id=derive("ent", SAMPLE_SOURCE, order.seed, "remark", last.name),
        kind=EnteredKind.REMARK,
        metric="csat",
        period=last.name,
        since=last.since,
        until=last.until,
        cut=(("question", lowest), ("survey", survey)),
        by=plan.words["concluded_by"],
        at=at,
        conclusion=plan.words["conclusion"],
        measures=plan.words["measures"],
    )
