"""Metrics of issues: how long until somebody took them and until they were resolved, and what customers confirmed."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from scoring.honesty.intervals import Interval, quantile, quantile_interval
from scoring.metrics.asks import share_figure
from scoring.metrics.facts import IssueFact
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.values import Value

__all__ = ["issue_figure"]

_RANKS = "ranks"


class _Duration(Value):
    """A quantile of a length of time, over the issues that have it; the others are left out as `waiting`."""

    of: Callable[[IssueFact], Fraction | None]
    share: Fraction


class _Part(Value):
    """The share of issues for which `top` holds among those for which `bottom` does."""

    top: Callable[[IssueFact], bool]
    bottom: Callable[[IssueFact], bool]


_HALF, _NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)
_METRICS: Mapping[str, _Duration | _Part | None] = {
    "low_scores": None,
    "time_to_claim": _Duration(lambda issue: issue.claimed_after, _HALF),
    "time_to_claim_p90": _Duration(lambda issue: issue.claimed_after, _NINE_TENTHS),
    "time_to_resolve": _Duration(lambda issue: issue.resolved_after, _HALF),
    "time_to_resolve_p90": _Duration(lambda issue: issue.resolved_after, _NINE_TENTHS),
    "complaints_resolved": _Part(lambda issue: issue.done, lambda issue: issue.kind == "complaint"),
    "closure_confirmed": _Part(lambda issue: issue.confirmed, lambda issue: issue.told),
}
"""What each metric of issues is; `low_scores` is a count."""


def issue_figure(metric: str, cut: dict[str, str], issues: Iterable[IssueFact]) -> Figure:
    """Return a metric's figure over these issues; times are in seconds by the calendar."""
    found, rule = list(issues), _METRICS[metric]
    match rule:
        case _Duration():
            return _duration(metric, cut, found, rule)
        case _Part(top, bottom):
            below = [issue for issue in found if bottom(issue)]
            return share_figure(metric, cut, sum(map(top, below)), len(below), {})
        case None:
            low = sum(issue.low for issue in found)
            return Figure(metric, cut, Fraction(low), low, low, SampleSize.FULL)


def _duration(metric: str, cut: dict[str, str], issues: list[IssueFact], rule: _Duration) -> Figure:
    lengths = sorted(length for issue in issues if (length := rule.of(issue)) is not None)
    n, waiting = len(lengths), len(issues) - len(lengths)
    excluded = {"waiting": waiting} if waiting else {}
    state = sample_size(n)
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, n, n, state, excluded=excluded)
    low, high = quantile_interval(lengths, rule.share)
    interval = Interval(None if low is None else float(low), None if high is None else float(high), _RANKS)
    return Figure(metric, cut, quantile(lengths, rule.share), n, n, state, interval=interval, excluded=excluded)
