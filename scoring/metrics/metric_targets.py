"""Targets that an owner has set for metrics, and what a period shows of them: reached, missed, or neither yet."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

from scoring.metrics.asks import share_figure
from scoring.metrics.facts import Facts
from scoring.metrics.figure import Figure
from scoring.values import Value, field

__all__ = ["TIMED_METRICS", "MetricTarget", "TargetVerdict", "attainment_of", "target_verdict"]


class TargetVerdict(StrEnum):
    """What a figure shows of its target."""

    REACHED = "reached"
    MISSED = "missed"
    NOT_SHOWN = "not_shown"
    """The interval holds the target: so few cases show neither."""
    NO_DATA = "no_data"


class MetricTarget(Value):
    """A limit on a metric, in its unit; `is_most`: at most that much. `cut` names whom it is about, nobody: everybody.

    For a length of time the limit is one for each case, and `share` the percentage of cases that have to keep it, None
    where all have to.
    """

    text: str
    metric: str
    limit: Fraction
    is_most: bool = False
    share: Fraction | None = None
    cut: Mapping[str, str] = field(default_factory=dict)


_LENGTHS: Mapping[str, tuple[Callable[[Facts], Iterable[Any]], Callable[[Any], Fraction | None]]] = {
    "time_to_first_reply": (lambda facts: facts.visits, lambda visit: visit.replied_after),
    "time_on_site": (lambda facts: facts.visits, lambda visit: visit.onsite_after),
    "time_to_done": (lambda facts: facts.visits, lambda visit: visit.done_after),
    "time_to_claim": (lambda facts: facts.issues, lambda issue: issue.claimed_after),
    "time_to_resolve": (lambda facts: facts.issues, lambda issue: issue.resolved_after),
}
TIMED_METRICS = frozenset(_LENGTHS)
"""The metrics of which a target limits each case."""


def attainment_of(target: MetricTarget, facts: Facts) -> Figure:
    """Return the share of cases within the limit, of those whose length is known; the others are excluded by name."""
    cases, length_of = _LENGTHS[target.metric]
    about = [case for case in cases(facts) if all(case.keys.get(key) == value for key, value in target.cut.items())]
    lengths = [length for case in about if (length := length_of(case)) is not None]
    unknown = len(about) - len(lengths)
    within = sum(length <= target.limit for length in lengths)
    excluded = {"not_reported": unknown} if unknown else {}
    return share_figure(target.metric, dict(target.cut), within, len(lengths), excluded)


def target_verdict(target: MetricTarget, figure: Figure) -> TargetVerdict:
    """Return what a figure shows: of a share or mean its whole interval has to lie beyond the limit.

    A time that every case has to keep is missed by the first that does not.
    """
    if target.metric in TIMED_METRICS and target.share is None:
        if not figure.denominator:
            return TargetVerdict.NO_DATA
        return TargetVerdict.REACHED if figure.numerator == figure.denominator else TargetVerdict.MISSED
    if figure.value is None:
        return TargetVerdict.NO_DATA if not figure.n else TargetVerdict.NOT_SHOWN
    limit = target.share if target.share is not None else target.limit
    low, high = (figure.interval.low, figure.interval.high) if figure.interval is not None else (None, None)
    if low is None or high is None:
        low = high = float(figure.value)
    if target.is_most and target.share is None:
        low, high, limit = -high, -low, -limit
    if low >= limit:
        return TargetVerdict.REACHED
    return TargetVerdict.MISSED if high < limit else TargetVerdict.NOT_SHOWN
