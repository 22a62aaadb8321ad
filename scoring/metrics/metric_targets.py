"""Targets that an owner has set for metrics, and what a period shows of them: reached, missed, or neither yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import partial
from itertools import takewhile
from typing import Any

from scoring.metrics.asks import share_figure
from scoring.metrics.facts import Facts, IssueFact, VisitFact
from scoring.metrics.figure import Figure
from scoring.values import Value, field

__all__ = [
    "MOMENTS",
    "TIMED_METRICS",
    "Deadline",
    "MetricTarget",
    "MissedRun",
    "TargetVerdict",
    "attainment_of",
    "missed_runs",
    "target_verdict",
]

MOMENTS = ("requested", "opened", "first_replied", "assigned", "appointment", "onsite", "solved", "closed", "done")
"""The moments of a visit between which a target may lie; `done` is `solved` where that is known, else `closed`."""

_SEVERAL = 2
"""Periods that make a run."""
Deadline = Callable[[datetime, timedelta], datetime]
"""Returns the moment at which so much working time has passed."""


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
    where all have to. `ends` are the two of `MOMENTS` between which it lies, where it is one of a visit; `working`:
    working time counts instead of time on the clock.
    """

    text: str
    metric: str
    limit: Fraction
    is_most: bool = False
    share: Fraction | None = None
    cut: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[str, str] | None = None
    working: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether it limits the time of each case."""
        return self.ends is not None or self.metric in _LENGTHS

    def due_at(self, start: datetime, working: Deadline, share: Fraction = Fraction(1)) -> datetime:
        """Return when the time is over that began at `start`, or a share of it."""
        length = timedelta(seconds=float(self.limit * share))
        return working(start, length) if self.working else start + length


_LENGTHS: Mapping[str, Callable[[IssueFact], Fraction | None]] = {
    "time_to_claim": lambda issue: issue.claimed_after,
    "time_to_resolve": lambda issue: issue.resolved_after,
}
TIMED_METRICS: Mapping[str, tuple[str, str] | None] = {
    "time_to_first_reply": ("opened", "first_replied"),
    "time_on_site": ("requested", "onsite"),
    "time_to_done": ("opened", "done"),
    **dict.fromkeys(_LENGTHS),
}
"""The metrics of which a target limits each case; the moments of a visit between which it lies, None of an issue."""


def attainment_of(target: MetricTarget, facts: Facts, working: Deadline) -> Figure:
    """Return the share of cases within the limit, of those whose length is known; the others are excluded by name."""
    cases: Iterable[Any] = facts.issues if target.ends is None else facts.visits
    about = [case for case in cases if all(case.keys.get(key) == value for key, value in target.cut.items())]
    kept = [is_kept for case in about if (is_kept := _is_kept(target, case, working)) is not None]
    unknown = len(about) - len(kept)
    excluded = {"not_reported": unknown} if unknown else {}
    return share_figure(target.metric, dict(target.cut), sum(kept), len(kept), excluded)


def _is_kept(target: MetricTarget, case: IssueFact | VisitFact, working: Deadline) -> bool | None:
    """Return whether a case kept the limit, None where its length is not known."""
    if isinstance(case, IssueFact):
        length = _LENGTHS[target.metric](case)
        return None if length is None else length <= target.limit
    start, end = (case.at.get(name) for name in target.ends or ("", ""))
    if start is None or end is None or end < start:
        return None
    return end <= target.due_at(start, working)


class MissedRun(Value):
    """A figure that was beyond a target in the latest `periods` that are over, in `clearly` of them by its interval."""

    target: MetricTarget
    cut: Mapping[str, str]
    periods: int
    clearly: int


def missed_runs(targets: Iterable[MetricTarget], latest_first: Sequence[Sequence[Figure]]) -> list[MissedRun]:
    """Return what missed a target several times in a row, by the figures of each period; it is no verdict on anybody.

    A target of a metric is one for each of its cells that it is about. What is provisional yet does not count, and a
    period in which nothing may be told ends a run.
    """
    found: list[MissedRun] = []
    over = [[one for one in figures if not one.provisional] for figures in latest_first]
    periods = [{(one.metric, tuple(one.cut.items())): one for one in figures} for figures in over if figures]
    for target in targets:
        for metric, cell in periods[0] if periods and not target.is_timed else ():
            if metric == target.metric and target.cut.items() <= dict(cell).items():
                missed = list(takewhile(partial(_misses, target), (each.get((metric, cell)) for each in periods)))
                clearly = sum(one is not None and target_verdict(target, one) is TargetVerdict.MISSED for one in missed)
                if len(missed) >= _SEVERAL:
                    found.append(MissedRun(target, dict(cell), len(missed), clearly))
    return found


def _misses(target: MetricTarget, figure: Figure | None) -> bool:
    if figure is None or figure.value is None:
        return False
    return figure.value > target.limit if target.is_most else figure.value < target.limit


def target_verdict(target: MetricTarget, figure: Figure) -> TargetVerdict:
    """Return what a figure shows: of a share or mean its whole interval has to lie beyond the limit.

    A time that every case has to keep is missed by the first that does not.
    """
    if target.is_timed and target.share is None:
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
