"""Figures month by month: a table of all dimensions, then for each one columns, and a row for each month."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.reports.document import Bar, Block, Cell, ColumnChart, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, axis_end, figure_cells
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.metrics.figure import Figure, SampleSize

__all__ = ["month_sections"]

Months = Mapping[str, ReportWords]
"""The months by their names, each with the words for its figures."""
ByMonth = Mapping[str, Figure]
"""One figure by the name of the month."""
_HUNDREDTHS = 2
_CLEAR = (ChangeVerdict.HIGHER, ChangeVerdict.LOWER)
_TESTED = (*_CLEAR, ChangeVerdict.NOT_CLEAR)
_ROW = ("value", "n", "interval", "change", "year_change", "note")


def month_sections(
    months: Months, found: Mapping[str, Mapping[str, ByMonth]], words: ReportWords
) -> tuple[Section, ...]:
    """Return a chapter with all months of `found`, by dimension and metric, and a chapter for each dimension."""
    if not found:
        return (Section(words.say("chapter.months"), (Paragraph((words.say("nothing"),)),)),)
    metrics = list(dict.fromkeys(metric for metrics in found.values() for metric in metrics))
    tables = tuple(_overview(metric, months, found, words) for metric in metrics)
    each = (_dimension(dimension, months, metrics, words) for dimension, metrics in found.items())
    return (Section(words.say("chapter.months"), (*tables, Paragraph((words.say("marks"),)))), *each)


def _overview(metric: str, months: Months, found: Mapping[str, Mapping[str, ByMonth]], words: ReportWords) -> Table:
    """Return the values of a metric, a row for each month, a column for each dimension."""
    rows = (
        (Cell(month), *(_value(of.get(metric, {}).get(month), its_words) for of in found.values()))
        for month, its_words in months.items()
    )
    columns = (words.say("column.month"), *(words.name("dimension", dimension) for dimension in found))
    return Table(columns, tuple(rows), metric_name(metric, words.phrases, words.locale))


def _value(figure: Figure | None, words: ReportWords) -> Cell:
    """Return a value, marked where it has clearly changed; of few people their number, and nothing of nobody."""
    if figure is None or figure.value is None:
        return Cell("" if figure is None or not figure.n else words.say("only_n", n=figure.n))
    told = value_text(figure.value, figure.metric, words.phrases, words.locale)
    mark = _mark(figure.change, words, _CLEAR)
    return Cell(f"{told}{mark}", figure.value, CATALOGUE[figure.metric].unit, link=words.link(figure))


def _mark(change: Change | None, words: ReportWords, shown: tuple[ChangeVerdict, ...]) -> str:
    """Return what shows whether a change is more than chance, for these verdicts; empty for others."""
    return words.say(f"mark.{change.verdict}") if change is not None and change.verdict in shown else ""


def _dimension(dimension: str, months: Months, metrics: Mapping[str, ByMonth], words: ReportWords) -> Section:
    blocks = list[Block]()
    for metric, by_month in metrics.items():
        shown = {month: by_month[month] for month in months if month in by_month}
        name = metric_name(metric, words.phrases, words.locale)
        if any(figure.value is not None for figure in shown.values()):
            most = axis_end([figure for figure in shown.values() if figure.value is not None])
            columns = tuple(_column(month, by_month.get(month), told) for month, told in months.items())
            blocks.append(ColumnChart(name, columns, most))
        names = tuple(words.say(f"column.{name}") for name in ("month", *_ROW))
        rows = tuple((Cell(month), *_cells(figure, months[month])) for month, figure in shown.items())
        blocks.append(Table(names, rows, name))
    return Section(words.name("dimension", dimension), tuple(blocks))


def _column(month: str, figure: Figure | None, words: ReportWords) -> Bar:
    n = words.say("only_n", n=figure.n if figure is not None else 0)
    if figure is None or figure.value is None:
        return Bar(f"{month}\n{n}", Fraction(0), "")
    low, high = (None, None) if figure.interval is None else (figure.interval.low, figure.interval.high)
    is_unsure = figure.provisional or figure.state is SampleSize.SMALL
    return Bar(f"{month}\n{n}", figure.value, _value(figure, words).text, low, high, is_unsure, words.link(figure))


def _cells(figure: Figure, words: ReportWords) -> Iterable[Cell]:
    cells = figure_cells(figure, words)
    cells |= {"change": _difference(figure, figure.change, words)}
    cells |= {"year_change": _difference(figure, figure.year_change, words)}
    return (cells[name] for name in _ROW)


def _difference(figure: Figure, change: Change | None, words: ReportWords) -> Cell:
    """Return by how much a value differs from an earlier one, with its mark."""
    if figure.value is None or change is None or change.before is None:
        return Cell("" if figure.value is None else words.say("no_earlier"))
    difference = figure.value - change.before
    told = words.phrases.number(words.locale, float(round(difference, _HUNDREDTHS)))
    sign = "+" if difference > 0 else ""
    return Cell(f"{sign}{told}{_mark(change, words, _TESTED)}", difference, MetricUnit.POINTS)
