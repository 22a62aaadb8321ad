"""Importance beside performance: which of the things that were rated to work at first.

Each thing is a point, its mean importance and its performance; a crosshair through the means of the points makes four
quadrants (Martilla and James 1977, Journal of Marketing 41 (1), 77-79). The crosshair decides in which of them a point
lies, so it is told with them; a point whose interval crosses it lies clearly in none.
"""

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction

from scoring.metrics.figure import Figure
from scoring.metrics.importance import IMPORTANCE
from scoring.values import Value

__all__ = ["PERFORMANCE", "Quadrant", "QuadrantGrid", "QuadrantPoint", "quadrant_grids"]

PERFORMANCE = "index"
"""The metric of performance: where on its scale the mean rating lies, so that scales of any length are compared."""


class Quadrant(StrEnum):
    """Where a point lies."""

    CONCENTRATE = "concentrate"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    OVERKILL = "overkill"
    NOT_CLEAR = "not_clear"
    """An interval crosses the crosshair: by these answers it cannot be said."""


class QuadrantPoint(Value):
    """What was rated, with the figures of its importance and of its performance."""

    dimension: str
    importance: Figure
    performance: Figure
    quadrant: Quadrant


class QuadrantGrid(Value):
    """The points of one cut, and the crosshair: the mean importance, and the mean performance, of its points.

    `untold` are dimensions of which too little is known to show them.
    """

    cut: tuple[tuple[str, str], ...]
    importance: Fraction
    performance: Fraction
    points: tuple[QuadrantPoint, ...]
    untold: tuple[str, ...]


def quadrant_grids(figures: Iterable[Figure]) -> tuple[QuadrantGrid, ...]:
    """Return the grids of figures of both metrics, cut by dimension and at most one other key."""
    cells: dict[tuple[tuple[str, str], ...], dict[str, dict[str, Figure]]] = {}
    for figure in figures:
        cut = tuple((key, value) for key, value in figure.cut.items() if key != "dimension")
        cells.setdefault(cut, {}).setdefault(figure.cut["dimension"], {})[figure.metric] = figure
    grids = (_grid(cut, dimensions) for cut, dimensions in sorted(cells.items()))
    return tuple(grid for grid in grids if grid is not None)


def _grid(cut: tuple[tuple[str, str], ...], dimensions: dict[str, dict[str, Figure]]) -> QuadrantGrid | None:
    weighed = {name: both for name, both in dimensions.items() if IMPORTANCE in both and both[IMPORTANCE].n}
    told = {
        name: both for name, both in weighed.items() if all(_is_told(both.get(m)) for m in (IMPORTANCE, PERFORMANCE))
    }
    if not weighed:
        return None
    importance, performance = (
        _mean([both[m].value or Fraction(0) for both in told.values()]) for m in (IMPORTANCE, PERFORMANCE)
    )
    points = tuple(
        QuadrantPoint(name, both[IMPORTANCE], both[PERFORMANCE], _quadrant(both, importance, performance))
        for name, both in told.items()
    )
    return QuadrantGrid(cut, importance, performance, points, tuple(name for name in weighed if name not in told))


def _is_told(figure: Figure | None) -> bool:
    return figure is not None and figure.value is not None


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def _quadrant(both: dict[str, Figure], importance: Fraction, performance: Fraction) -> Quadrant:
    is_important, is_good = _side(both[IMPORTANCE], importance), _side(both[PERFORMANCE], performance)
    if is_important is None or is_good is None:
        return Quadrant.NOT_CLEAR
    if is_important:
        return Quadrant.KEEP_UP if is_good else Quadrant.CONCENTRATE
    return Quadrant.OVERKILL if is_good else Quadrant.LOW_PRIORITY


def _side(figure: Figure, line: Fraction) -> bool | None:
    """Return whether a figure lies above a line with all of its interval, None where the interval crosses it."""
    interval = figure.interval
    if interval is None or interval.low is None or interval.high is None or interval.low <= line <= interval.high:
        return None
    return interval.low > line
