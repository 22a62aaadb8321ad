"""Metrics of asking: coverage, and the rates of AAPOR's Standard Definitions over the statuses of surveys."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from scoring.honesty.intervals import Interval, wilson
from scoring.metrics.facts import AskCount
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.values import Value

__all__ = ["ENTERED", "ask_figure", "ask_parts", "disposition", "share_figure"]

ENTERED = "entered"
"""The status of what a customer answered unasked, on another way: it is counted among the answers, and in no rate."""
_CODES = {
    "completed": "I",
    "partial": "P",
    "declined": "R",
    "expired": "NC",
    "unreachable": "NC",
    "suppressed": "NE",
    ENTERED: "NE",
    "scheduled": "pending",
    "sent": "pending",
    "started": "pending",
}


def disposition(count: AskCount) -> str:
    """Return AAPOR's letter for a survey status: I complete, P partial, R refusal, NC non-contact, NE not eligible.

    What was never asked since the customer had opted out is a refusal; a ticket that was reopened was no closing to be
    asked about. Standard Definitions, 10th edition 2023, American Association for Public Opinion Research.
    """
    if count.status in ("cancelled", "withdrawn"):
        return "R" if count.reason == "opted_out" else "NE"
    return _CODES.get(count.status, "pending")


class _AskFormula(Value):
    """A share of closings: `top` and `bottom` say how many of a count belong above and below the line."""

    top: Callable[[AskCount], int]
    bottom: Callable[[AskCount], int]


def _of(*letters: str) -> Callable[[AskCount], int]:
    return lambda count: count.n if disposition(count) in letters else 0


def _completed(count: AskCount) -> int:
    return count.n if count.status == "completed" else 0


def _started(count: AskCount) -> int:
    return count.started


def _sent(count: AskCount) -> int:
    return count.sent


def _answered(count: AskCount) -> int:
    return count.n if count.status == ENTERED else count.started


def _closed(count: AskCount) -> int:
    return count.n if count.is_closing else 0


def _recorded(count: AskCount) -> int:
    return _closed(count) if count.status else 0


_FORMULAS = {
    "coverage": _AskFormula(_recorded, _closed),
    "response_rate": _AskFormula(_completed, _sent),
    "started_rate": _AskFormula(_started, _sent),
    "completion_rate": _AskFormula(_completed, _started),
    "aapor_rr1": _AskFormula(_of("I"), _of("I", "P", "R", "NC")),
    "aapor_rr2": _AskFormula(_of("I", "P"), _of("I", "P", "R", "NC")),
    "aapor_coop1": _AskFormula(_of("I"), _of("I", "P", "R")),
    "aapor_ref1": _AskFormula(_of("R"), _of("I", "P", "R", "NC")),
    "aapor_con1": _AskFormula(_of("I", "P", "R"), _of("I", "P", "R", "NC")),
}
"""The formulas by the metric's id. AAPOR's O (other), U (unknown) and e are 0 here: whom a ticket names is eligible."""

_COUNTS: Mapping[str, Callable[[AskCount], int]] = {"closings": _closed, "asked": _sent, "answered": _answered}


def ask_figure(metric: str, cut: dict[str, str], counts: Iterable[AskCount]) -> Figure:
    """Return a metric's figure over these closings: a share, or a count for `closings`, `asked` and `answered`."""
    counted = list(counts)
    if metric in _COUNTS:
        total = sum(map(_COUNTS[metric], counted))
        return Figure(metric, cut, Fraction(total), total, total, SampleSize.FULL)
    formula = _FORMULAS[metric]
    above, below = sum(map(formula.top, counted)), sum(map(formula.bottom, counted))
    return share_figure(metric, cut, above, below, _left_out(counted, formula))


def ask_parts(metric: str, count: AskCount) -> tuple[int, int]:
    """Return what closings add to a metric's numerator and denominator; for a count both are the number counted."""
    if metric in _COUNTS:
        return _COUNTS[metric](count), _COUNTS[metric](count)
    return _FORMULAS[metric].top(count), _FORMULAS[metric].bottom(count)


def share_figure(metric: str, cut: dict[str, str], above: int, below: int, excluded: Mapping[str, int]) -> Figure:
    """Return the figure of a share of cases, in percent; of fewer than five only the counts."""
    state = sample_size(below)
    if state in (SampleSize.EMPTY, SampleSize.FEW):
        return Figure(metric, cut, None, below, below, state, Fraction(above), Fraction(below), excluded=excluded)
    low, high = wilson(above, below)
    interval = Interval(100 * low, 100 * high, "Wilson")
    value = Fraction(100 * above, below)
    return Figure(metric, cut, value, below, below, state, Fraction(above), Fraction(below), interval, excluded)


def _left_out(counts: Iterable[AskCount], formula: _AskFormula) -> dict[str, int]:
    """Return what stands in neither part of the share, by the reason or the status that keeps it out."""
    left: Counter[str] = Counter()
    for count in counts:
        left[count.reason or count.status or "unrecorded"] += count.n - formula.bottom(count)
    return {reason: n for reason, n in sorted(left.items()) if n > 0}
