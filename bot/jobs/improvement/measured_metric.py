"""The metric of a measure in a period: for its cut, or for its pilot where it has one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from bot.handlers.common.policy import Policy
from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import FigureRequestError, period_summary, read_cut, read_period
from dialogs.improvement.model import MOST_AHEAD, TOO_FAR, Measure, Measured
from dialogs.improvement.plan_draft import usual_baseline, usual_window
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, days_of
from scoring.metrics.catalogue import CATALOGUE, Metric, MetricSource, MetricUnit
from scoring.metrics.figure import Figure
from scoring.values import Value
from storage.reads.reader import Reader

__all__ = ["PlanWanted", "figure_in", "measured", "prepared_measure"]

_INSTEAD = {
    "asked": "coverage",
    "answered": "response_rate",
    "repeat_repairs": "repeat_repair_rate",
    "reworks": "rework_rate",
    "resends": "resends_of_problems or resends_of_orders",
    "low_scores": "bad_review_rate",
    "complaints": "complaint_rate",
    "orders": "return_rate",
    "time_to_done_mean": "time_to_done",
}
"""What can be measured in place of a metric that has no interval."""


class PlanWanted(Value):
    """A measure as it is asked for; periods by their names, empty for the usual ones; `due` is the last day for it."""

    text: str
    metric: str
    target: Fraction
    owner: str
    due: date
    by: str
    cut: Mapping[str, str]
    pilot: Mapping[str, str]
    baseline: str = ""
    verify: str = ""


async def prepared_measure(reader: Reader, policy: Policy, wanted: PlanWanted, now: datetime) -> Measure:
    """Return a measure with its periods, and its metric in the baseline. Raises FigureRequestError."""
    zone, today = policy.timezone, wall_of(now, policy.timezone).date()
    if abs(wanted.due - today) > MOST_AHEAD:  # no calendar reaches much farther, either way
        raise FigureRequestError("due", "has passed" if wanted.due < today else TOO_FAR)
    metric = _metric(wanted)
    due = days_of(wanted.due, wanted.due + timedelta(days=1), zone).until
    baseline = _period("baseline", wanted.baseline, usual_baseline(now, zone), policy, now)
    cut, pilot = tuple(wanted.cut.items()), tuple(wanted.pilot.items())
    before = measured(await figure_in(reader, metric.id, dict(cut + pilot), baseline, now))
    if before.value is not None and not _is_better(metric, wanted.target, Fraction(before.value)):
        raise FigureRequestError("target", f"is not better than the baseline, {float(Fraction(before.value)):g}")
    return Measure(
        text=wanted.text.strip(),
        metric=metric.id,
        target=str(wanted.target),
        owner=wanted.owner,
        due_at=due,
        baseline=baseline,
        before=before,
        window=_period("verify", wanted.verify, usual_window(due, zone), policy, now),
        planned_by=wanted.by,
        planned_at=now,
        cut=cut,
        pilot=pilot,
    )


def _metric(wanted: PlanWanted) -> Metric:
    """Return the metric, after it has been made sure that it can be cut so. Raises FigureRequestError."""
    try:
        (metric,) = read_cut(",".join((*wanted.cut, *wanted.pilot)), wanted.metric).metrics
    except FigureRequestError as wrong:
        raise FigureRequestError("cut" if wrong.field == "by" else wrong.field, wrong.problem) from None
    except ValueError:
        raise FigureRequestError("metric", f"is {wanted.metric!r}; name one of the catalogue") from None
    if metric.unit is MetricUnit.COUNT or metric.id in _INSTEAD:
        raise FigureRequestError("metric", _without_interval(metric))
    if wanted.pilot and metric.source is not MetricSource.RATINGS:
        raise FigureRequestError("pilot", f"is for metrics of ratings; {metric.id} is none; take one such as csat")
    return metric


def _without_interval(metric: Metric) -> str:
    """Return why a metric cannot verify a measure, and what to take instead."""
    instead = _INSTEAD.get(metric.id, "a rate or a length of time")
    if metric.unit is MetricUnit.COUNT:
        return f"is {metric.id}, a count, by which periods of different length cannot be compared; take {instead}"
    return f"is {metric.id}, which has no interval that tells a change from chance; take {instead}"


def _is_better(metric: Metric, value: Fraction, than: Fraction) -> bool:
    return value < than if metric.lower_is_better else value > than


def _period(field: str, name: str, usual: Period, policy: Policy, now: datetime) -> Period:
    if not name:
        return usual
    try:
        return read_period(None, None, name, now, policy.calendar)
    except FigureRequestError as wrong:
        raise FigureRequestError(field, wrong.problem) from None


async def figure_in(
    reader: Reader, metric: str, cut: Mapping[str, str], period: Period, now: datetime
) -> Figure | None:
    """Return a metric of a period for one cut; None where there is nothing of that kind."""
    found = await period_summary(reader, period, FigureCut(tuple(cut), (CATALOGUE[metric],)), now)
    return next((one for one in found.summary.figures if one.cut == cut), None)


def measured(figure: Figure | None) -> Measured:
    """Return what is kept of a figure."""
    if figure is None:
        return Measured(None, 0)
    value = None if figure.value is None else str(figure.value)
    interval = figure.interval
    low, high = (None, None) if interval is None else (_text(interval.low), _text(interval.high))
    return Measured(value, figure.people, low, high)


def _text(number: float | None) -> str | None:
    return None if number is None else str(Fraction(number).limit_denominator(10**6))
