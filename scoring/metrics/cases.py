"""Metrics of cases, which are issues or closings: quantiles of lengths of time, and shares of what became of them."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from scoring.honesty.intervals import Interval, quantile, quantile_interval
from scoring.metrics.asks import share_figure
from scoring.metrics.facts import IssueFact, VisitFact
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.values import Value

__all__ = ["case_figure", "case_parts"]

_RANKS = "ranks"
_PRECISE = 1_000_000
"""Microseconds in a second."""


class _Duration(Value):
    """A quantile of a length of time, over the cases that have it; the others are left out, by the reason `without`."""

    of: Callable[[Any], Fraction | None]
    share: Fraction
    without: str = "waiting"


class _Average(Value):
    """The mean of a length of time, over the cases that have it; the others are left out by the reason `without`."""

    of: Callable[[Any], Fraction | None]
    without: str


class _OfWhole(Value):
    """The share of cases for which `top` holds in all of something that is counted for the whole period."""

    top: Callable[[Any], bool]
    whole: str


class _Number(Value):
    """How many cases there are for which `what` holds."""

    what: Callable[[Any], bool]


class _Part(Value):
    """The share of cases for which `top` holds among those for which `bottom` does."""

    top: Callable[[Any], bool]
    bottom: Callable[[Any], bool]
    without: str = ""
    """The reason by which other cases are left out; empty where they are nothing of the kind."""


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


def _started(visit: VisitFact) -> Fraction | None:
    return visit.started_after


def _thing_known(visit: VisitFact) -> bool:
    return visit.is_thing_known or bool(visit.repaired_again)


def _every(_visit: VisitFact) -> bool:
    return True


_HALF, _NINE_TENTHS, _UNKNOWN = Fraction(1, 2), Fraction(9, 10), "not_reported"
_METRICS: Mapping[str, _Duration | _Average | _Part | _Number | _OfWhole] = {
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
    "time_to_done_mean": _Average(_done, _UNKNOWN),
    "time_to_start": _Duration(_started, _HALF, _UNKNOWN),
    "time_to_start_p90": _Duration(_started, _NINE_TENTHS, _UNKNOWN),
    "done_on_time": _Part(lambda visit: bool(visit.on_time), lambda visit: visit.on_time is not None),
    "first_time_reported": _Part(
        lambda visit: bool(visit.solved_first_time), lambda visit: visit.solved_first_time is not None, _UNKNOWN
    ),
    "first_time_confirmed": _Part(
        lambda issue: issue.confirmed and not issue.resolution, lambda issue: issue.confirmed or issue.resolution > 0
    ),
    "first_time_no_return": _Part(
        lambda visit: not visit.asked_again, lambda visit: visit.is_problem_known or bool(visit.asked_again), _UNKNOWN
    ),
    "repairs": _Number(_every),
    "repairs_held": _Part(lambda visit: not visit.repaired_again, _thing_known, _UNKNOWN),
    "repeat_repairs": _Number(lambda visit: bool(visit.repaired_again)),
    "repeat_repair_rate": _Part(lambda visit: bool(visit.repaired_again), _thing_known, _UNKNOWN),
    "reworks": _Number(lambda visit: bool(visit.keys["rework"])),
    "rework_rate": _Part(lambda visit: bool(visit.keys["rework"]), _every),
    "warranty_repairs": _Number(lambda visit: visit.is_warranty),
    "forms_signed": _Part(lambda visit: bool(visit.is_signed), lambda visit: visit.is_signed is not None, _UNKNOWN),
    "reports_reviewed": _Part(
        lambda visit: bool(visit.is_reviewed), lambda visit: visit.is_reviewed is not None, _UNKNOWN
    ),
    "false_contacts": _Number(lambda visit: visit.has_false_contact),
    "false_contact_rate": _Part(lambda visit: visit.has_false_contact, _every),
    "resends": _Number(lambda visit: visit.is_resent),
    "resends_of_problems": _OfWhole(lambda visit: visit.is_resent, "problems"),
    "resends_of_orders": _OfWhole(lambda visit: visit.is_resent, "orders"),
    "complaint_rate": _Part(lambda visit: visit.has_complaint, _every),
    "returning_customers": _Part(lambda visit: bool(visit.comes_again), lambda visit: visit.comes_again is not None),
}
"""What each metric of cases is."""


def case_figure(
    metric: str,
    cut: dict[str, str],
    cases: Iterable[IssueFact] | Iterable[VisitFact],
    wholes: Mapping[str, int] = MappingProxyType({}),
) -> Figure:
    """Return a metric's figure over these cases; times are in seconds by the calendar.

    `wholes` are what the whole period has: its `problems`, which are all its closings, and its `orders`.
    """
    found, rule = list[Any](cases), _METRICS[metric]
    match rule:
        case _Duration():
            return _duration(metric, cut, found, rule)
        case _Average():
            return _average(metric, cut, found, rule)
        case _OfWhole(top, whole):
            return share_figure(metric, cut, sum(map(top, found)), wholes.get(whole, 0), {})
        case _Part(top, bottom, without):
            below = [case for case in found if bottom(case)]
            left = len(found) - len(below)
            return share_figure(
                metric, cut, sum(map(top, below)), len(below), {without: left} if left and without else {}
            )
        case _Number(what):
            n = sum(map(what, found))
            return Figure(metric, cut, Fraction(n), n, n, SampleSize.FULL)


def case_parts(metric: str, one: IssueFact | VisitFact) -> tuple[int, int] | Fraction | None:
    """Return what a case adds to a metric: numerator and denominator, or its length in seconds; None for nothing."""
    rule = _METRICS[metric]
    match rule:
        case _Duration() | _Average():
            return rule.of(one)
        case _Part(top, bottom):
            return (int(top(one)), 1) if bottom(one) else None
        case _Number(what) | _OfWhole(what):
            return (1, 1) if what(one) else None


def _average(metric: str, cut: dict[str, str], cases: list[Any], rule: _Average) -> Figure:
    """Return the mean of lengths that have no upper end, and so no interval that holds for any of them."""
    lengths = [length for case in cases if (length := rule.of(case)) is not None]
    n, unknown = len(lengths), len(cases) - len(lengths)
    state, excluded = sample_size(n), {rule.without: unknown} if unknown else {}
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, n, n, state, excluded=excluded)
    total = Fraction(sum(map(_microseconds, lengths))) / _PRECISE
    return Figure(metric, cut, total / n, n, n, state, total, Fraction(n), excluded=excluded)


def _microseconds(length: Fraction) -> int | Fraction:
    """Return a length by which many are sorted soonest: as a whole number, as which everything is reported."""
    return (
        length.numerator * (_PRECISE // length.denominator) if not _PRECISE % length.denominator else length * _PRECISE
    )


def _duration(metric: str, cut: dict[str, str], cases: list[Any], rule: _Duration) -> Figure:
    lengths = sorted((length for case in cases if (length := rule.of(case)) is not None), key=_microseconds)
    n, waiting = len(lengths), len(cases) - len(lengths)
    excluded = {rule.without: waiting} if waiting else {}
    state = sample_size(n)
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, n, n, state, excluded=excluded)
    low, high = quantile_interval(lengths, rule.share)
    interval = Interval(None if low is None else float(low), None if high is None else float(high), _RANKS)
    return Figure(metric, cut, quantile(lengths, rule.share), n, n, state, interval=interval, excluded=excluded)
