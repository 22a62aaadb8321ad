"""Metrics of cases, which are issues or closings: quantiles of lengths of time, and shares of what became of them."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from scoring.honesty.intervals import Interval, quantile, quantile_interval
from scoring.metrics.asks import share_figure
from scoring.metrics.facts import IssueFact, VisitFact
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.values import Value

__all__ = ["case_figure", "case_parts"]

_RANKS = "ranks"


class _Duration(Value):
    """A quantile of a length of time, over the cases that have it; the others are left out, by the reason `without`."""

    of: Callable[[Any], Fraction | None]
    share: Fraction
    without: str = "waiting"


class _Number(Value):
    """How many cases there are for which `what` holds."""

    what: Callable[[Any], bool]


class _Part(Value):
    """The share of cases for which `top` holds among those for which `bottom` does."""

    top: Callable[[Any], bool]
    bottom: Callable[[Any], bool]


def _claimed(issue: IssueFact) -> Fraction | None:
    return issue.claimed_after


def _resolved(issue: IssueFact) -> Fraction | None:
    return issue.resolved_after


def _replied(visit: VisitFact) -> Fraction | None:
    return visit.replied_after


def _onsite(visit: VisitFact) -> Fraction | None:
    return visit.onsite_after


def _done(visit: VisitFact) -> Fraction | None:
    return visit.done_after


_HALF, _NINE_TENTHS, _UNKNOWN = Fraction(1, 2), Fraction(9, 10), "not_reported"
_METRICS: Mapping[str, _Duration | _Part | _Number] = {
    "low_scores": _Number(lambda issue: issue.low),
    "complaints": _Number(lambda issue: issue.kind == "complaint"),
    "complaints_judged": _Part(lambda issue: bool(issue.keys["verdict"]), lambda issue: issue.kind == "complaint"),
    "time_to_claim": _Duration(_claimed, _HALF),
    "time_to_claim_p90": _Duration(_claimed, _NINE_TENTHS),
    "time_to_resolve": _Duration(_resolved, _HALF),
    "time_to_resolve_p90": _Duration(_resolved, _NINE_TENTHS),
    "complaints_resolved": _Part(lambda issue: issue.done, lambda issue: issue.kind == "complaint"),
    "closure_confirmed": _Part(lambda issue: issue.confirmed, lambda issue: issue.told),
    "time_to_first_reply": _Duration(_replied, _HALF, _UNKNOWN),
    "time_to_first_reply_p90": _Duration(_replied, _NINE_TENTHS, _UNKNOWN),
    "time_on_site": _Duration(_onsite, _HALF, _UNKNOWN),
    "time_on_site_p90": _Duration(_onsite, _NINE_TENTHS, _UNKNOWN),
    "time_to_done": _Duration(_done, _HALF, _UNKNOWN),
    "time_to_done_p90": _Duration(_done, _NINE_TENTHS, _UNKNOWN),
    "done_on_time": _Part(lambda visit: bool(visit.on_time), lambda visit: visit.on_time is not None),
}
"""What each metric of cases is."""


def case_figure(metric: str, cut: dict[str, str], cases: Iterable[IssueFact] | Iterable[VisitFact]) -> Figure:
    """Return a metric's figure over these cases; times are in seconds by the calendar."""
    found, rule = list[Any](cases), _METRICS[metric]
    match rule:
        case _Duration():
            return _duration(metric, cut, found, rule)
        case _Part(top, bottom):
            below = [case for case in found if bottom(case)]
            return share_figure(metric, cut, sum(map(top, below)), len(below), {})
        case _Number(what):
            n = sum(map(what, found))
            return Figure(metric, cut, Fraction(n), n, n, SampleSize.FULL)


def case_parts(metric: str, one: IssueFact | VisitFact) -> tuple[int, int] | Fraction | None:
    """Return what a case adds to a metric: numerator and denominator, or its length in seconds; None for nothing."""
    rule = _METRICS[metric]
    match rule:
        case _Duration():
            return rule.of(one)
        case _Part(top, bottom):
            return (int(top(one)), 1) if bottom(one) else None
        case _Number(what):
            return (1, 1) if what(one) else None


def _duration(metric: str, cut: dict[str, str], cases: list[Any], rule: _Duration) -> Figure:
    lengths = sorted(length for case in cases if (length := rule.of(case)) is not None)
    n, waiting = len(lengths), len(cases) - len(lengths)
    excluded = {rule.without: waiting} if waiting else {}
    state = sample_size(n)
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, n, n, state, excluded=excluded)
    low, high = quantile_interval(lengths, rule.share)
    interval = Interval(None if low is None else float(low), None if high is None else float(high), _RANKS)
    return Figure(metric, cut, quantile(lengths, rule.share), n, n, state, interval=interval, excluded=excluded)
