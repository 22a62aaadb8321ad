"""Chapters on what to work at first: importance beside performance, and what stands out by evidence."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from dialogs.admin.figure_text import metric_name
from dialogs.reports.document import Block, Cell, Paragraph, PlacedPoint, PointChart, Section, Table
from dialogs.reports.figure_parts import ReportWords, about_column, bars_of, figure_cells
from scoring.metrics.catalogue import MetricUnit
from scoring.metrics.figure import Figure
from scoring.metrics.quadrants import QuadrantGrid, QuadrantPoint
from scoring.metrics.review import Evidence, finding_for
from scoring.values import Value

__all__ = ["StandsOut", "importance_sections", "outstanding_sections"]

_HUNDREDTHS, _MOST_BARS = 2, 20
_BOUNDS = ((1, 5), (0, 100))
"""From where to where importance and performance go."""


def importance_sections(grids: Iterable[QuadrantGrid], words: ReportWords) -> tuple[Section, ...]:
    """Return a chapter for each grid: the points around their crosshair, and a row for each with both intervals."""
    found = tuple(_grid(grid, words) for grid in grids)
    nothing = Section(words.say("chapter.importance"), (Paragraph((_quadrant("none", words),)),))
    return found or (nothing,)


def _grid(grid: QuadrantGrid, words: ReportWords) -> Section:
    named = words.say("between").join(words.name(key, value) for key, value in grid.cut)
    points = sorted(grid.points, key=lambda one: (one.performance.value or 0, one.dimension))
    lines = list[str]()
    blocks = list[Block]()
    if points:
        importance, performance = (_number(line, words) for line in (grid.importance, grid.performance))
        lines.append(_quadrant("crosshair", words, importance=importance, performance=performance))
        blocks += [_chart(grid, points, words), _table(points, words)]
    if grid.untold:
        names = words.say("between").join(words.name("dimension", one) for one in grid.untold)
        lines.append(_quadrant("untold", words, names=names))
    return Section(named or words.say("chapter.importance"), (*blocks, *((Paragraph(tuple(lines)),) if lines else ())))


def _quadrant(key: str, words: ReportWords, **values: object) -> str:
    return words.phrases.say(words.locale, f"quadrant.{key}", **values)


def _number(value: Fraction, words: ReportWords) -> str:
    return words.phrases.number(words.locale, float(round(value, _HUNDREDTHS)))


def _chart(grid: QuadrantGrid, points: Sequence[QuadrantPoint], words: ReportWords) -> PointChart:
    placed = tuple(
        PlacedPoint(words.name("dimension", one.dimension), _placed(one.importance), _placed(one.performance))
        for one in points
    )
    return PointChart(
        title=words.say("chapter.importance"),
        across=metric_name(points[0].importance.metric, words.phrases, words.locale),
        up=metric_name(points[0].performance.metric, words.phrases, words.locale),
        points=placed,
        crosshair=(grid.importance, grid.performance),
        bounds=_BOUNDS,
    )


def _placed(figure: Figure) -> tuple[Fraction, float, float]:
    """Return a value with the ends of its interval, which are itself where there is none."""
    value, interval = figure.value or Fraction(0), figure.interval
    ends = (None, None) if interval is None else (interval.low, interval.high)
    low, high = (float(value) if end is None else end for end in ends)
    return value, low, high


def _table(points: Sequence[QuadrantPoint], words: ReportWords) -> Table:
    names = ("dimension", "quadrant", "importance", "n", "interval", "performance", "n", "interval")
    rows = tuple(
        (
            Cell(words.name("dimension", one.dimension)),
            Cell(_quadrant(one.quadrant, words)),
            *(figure_cells(one.importance, words)[name] for name in ("value", "n", "interval")),
            *(figure_cells(one.performance, words)[name] for name in ("value", "n", "interval")),
        )
        for one in points
    )
    return Table(tuple(words.say(f"column.{name}") for name in names), rows)


class StandsOut(Value):
    """What stands out among the figures by one key that are told."""

    key: str
    strong: tuple[Evidence, ...]
    weak: tuple[Evidence, ...]
    figures: tuple[Figure, ...]


def outstanding_sections(found: Iterable[StandsOut], words: ReportWords) -> tuple[Section, ...]:
    """Return a chapter for each key: what is clearly below and above the common value, and how far its interval is."""
    return tuple(_standing_out(one, words) for one in found if len(one.figures) > 1)


def _standing_out(one: StandsOut, words: ReportWords) -> Section:
    best_first = sorted(one.figures, key=lambda figure: -(figure.value or 0))
    blocks = list[Block](filter(None, (bars_of(best_first[:_MOST_BARS], words),)))
    for name, several in (("weaknesses", one.weak), ("strengths", one.strong)):
        if several:
            blocks.append(_evidence(words.say(f"chapter.{name}"), several, words, has_examples=name == "weaknesses"))
    nothing = () if one.weak or one.strong else (words.say("nothing_clear"),)
    blocks.append(Paragraph((*nothing, words.say("compared", n=len(one.figures)))))
    return Section(words.say(f"by.{one.key}"), tuple(blocks))


def _evidence(title: str, found: Sequence[Evidence], words: ReportWords, *, has_examples: bool) -> Table:
    """Return a row for each: its value beside the common one, and how far the nearer end of its interval is away."""
    names = ("about", "value", "n", "interval", "common", "distance", *(("example",) if has_examples else ()))
    about = about_column((one.figure for one in found), words)
    return Table(
        (about, *(words.say(f"column.{name}") for name in names[1:])),
        tuple(tuple(_evidence_cells(one, words)[name] for name in names) for one in found),
        title,
    )


def _evidence_cells(one: Evidence, words: ReportWords) -> dict[str, Cell]:
    figure = one.figure
    finding = finding_for(figure.cut.get("dimension", ""))
    common = Figure(figure.metric, {}, one.common, figure.n, figure.people, figure.state)
    distance = Fraction(one.distance)
    cells = figure_cells(figure, words)
    return cells | {
        "common": figure_cells(common, words)["value"],
        "distance": Cell(_number(distance, words), distance, MetricUnit.POINTS),
        "example": Cell(words.phrases.say(words.locale, f"finding.{finding}.measures") if finding else ""),
    }
