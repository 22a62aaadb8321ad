"""Metrics of cases, which are issues or closings: quantiles of lengths of time, and shares of what became of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from scoring.honesty.intervals import Interval, quantile, quantile_interval
from scoring.metrics.asks import share_figure
from scoring.metrics.facts import IssueFact, VisitCount, VisitFact
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.values import Value

__all__ = ["VISIT_FIELDS", "case_figure", "case_parts"]

_RANKS = "ranks"
_PRECISE = 1_000_000
"""Microseconds in a second."""


class _Duration(Value):
    """A quantile of a length of time, over the cases that have it; the others are left out, by the reason `without`.

    Of closings that are counted `of` gives every length that is known.
    """

    of: Callable[[Any], Fraction | Sequence[int] | None]
    share: Fraction
    without: str = "waiting"


class _Average(Value):
    """The mean of a length of time, over the cases that have it; the others are left out by the reason `without`."""

    of: Callable[[Any], Fraction | Sequence[int] | None]
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

VISIT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "time_to_first_reply": ("replied_after",),
    "time_to_first_reply_p90": ("replied_after",),
    "time_on_site": ("onsite_after",),
    "time_on_site_p90": ("onsite_after",),
    "time_to_done": ("done_after",),
    "time_to_done_p90": ("done_after",),
    "time_to_done_mean": ("done_after",),
    "time_to_start": ("started_after",),
    "time_to_start_p90": ("started_after",),
    "done_on_time": ("on_time",),
    "first_time_reported": ("solved_first_time",),
    "first_time_no_return": ("asked_again", "is_problem_known"),
    "repairs": (),
    "repairs_held": ("repaired_again", "is_thing_known"),
    "repeat_repairs": ("repaired_again",),
    "repeat_repair_rate": ("repaired_again", "is_thing_known"),
    "reworks": ("rework",),
    "rework_rate": ("rework",),
    "warranty_repairs": ("is_warranty",),
    "forms_signed": ("is_signed",),
    "reports_reviewed": ("is_reviewed",),
    "false_contacts": ("has_false_contact",),
    "false_contact_rate": ("has_false_contact",),
    "resends": ("is_resent",),
    "resends_of_problems": ("is_resent",),
    "resends_of_orders": ("is_resent",),
    "complaint_rate": ("has_complaint",),
    "returning_customers": ("comes_again",),
}
"""What of a closing each metric of closings looks at: fields of `VisitCount`, or one of its keys."""


def case_figure(
    metric: str,
    cut: dict[str, str],
    cases: Iterable[IssueFact] | Iterable[VisitFact] | Iterable[VisitCount],
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
            return share_figure(metric, cut, _number(filter(top, found)), wholes.get(whole, 0), {})
        case _Part(top, bottom, without):
            below = [case for case in found if bottom(case)]
            n, left = _number(below), _number(found) - _number(below)
            above = _number(filter(top, below))
            return share_figure(metric, cut, above, n, {without: left} if left and without else {})
        case _Number(what):
            n = _number(filter(what, found))
            return Figure(metric, cut, Fraction(n), n, n, SampleSize.FULL)


def _number(cases: Iterable[IssueFact | VisitFact | VisitCount]) -> int:
    return sum(one.n if isinstance(one, VisitCount) else 1 for one in cases)


def case_parts(metric: str, one: IssueFact | VisitFact) -> tuple[int, int] | Fraction | None:
    """Return what a case adds to a metric: numerator and denominator, or its length in seconds; None for nothing."""
    rule = _METRICS[metric]
    match rule:
        case _Duration() | _Average():
            length = rule.of(one)
            return length if isinstance(length, Fraction) else None
        case _Part(top, bottom):
            return (int(top(one)), 1) if bottom(one) else None
        case _Number(what) | _OfWhole(what):
            return (1, 1) if what(one) else None


def _average(metric: str, cut: dict[str, str], cases: list[Any], rule: _Average) -> Figure:
    """Return the mean of lengths that have no upper end, and so no interval that holds for any of them."""
    lengths = _lengths(cases, rule)
    n = len(lengths)
    state, excluded = sample_size(n), _unknown(cases, n, rule)
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, n, n, state, excluded=excluded)
    total = Fraction(sum(lengths)) / _PRECISE
    return Figure(metric, cut, total / n, n, n, state, total, Fraction(n), excluded=excluded)


def _lengths(cases: Iterable[Any], rule: _Duration | _Average) -> list[Any]:
    """Return the lengths that are known, in microseconds: whole numbers, or fractions."""
    found = list[Any]()
    for case in cases:
        told = rule.of(case)
        if isinstance(told, Fraction):
            found.append(_microseconds(told))
        elif told is not None:
            found.extend(told)
    return found


def _unknown(cases: Iterable[Any], known: int, rule: _Duration | _Average) -> dict[str, int]:
    left = _number(cases) - known
    return {rule.without: left} if left else {}


def _microseconds(length: Fraction) -> int | Fraction:
    """Return a length by which many are sorted soonest: as a whole number, as which everything is reported."""
    return (
        length.numerator * (_PRECISE // length.denominator) if not _PRECISE % length.denominator else length * _PRECISE
    )


def _duration(metric: str, cut: dict[str, str], cases: list[Any], rule: _Duration) -> Figure:
    lengths = sorted(_lengths(cases, rule))
    n = len(lengths)
    state, excluded = sample_size(n), _unknown(cases, n, rule)
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, n, n, state, excluded=excluded)
    low, high = (
        None if end is None else float(Fraction(end) / _PRECISE) for end in quantile_interval(lengths, rule.share)
    )
    value = Fraction(quantile(lengths, rule.share)) / _PRECISE
    return Figure(metric, cut, value, n, n, state, interval=Interval(low, high, _RANKS), excluded=excluded)
