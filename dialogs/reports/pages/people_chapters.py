"""Chapters about people: what to train first, bands among colleagues, sheets, and what customers wrote."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from dialogs.admin.figure_text import value_text
from dialogs.forms.joined_result import PeriodResult
from dialogs.forms.model import Form
from dialogs.reports.document import Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, figure_cells
from dialogs.reports.sheet_tables import how_joined
from dialogs.survey import in_locale
from scoring.honesty.bands import Standing
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.metrics.figure import SampleSize
from scoring.metrics.review import Evidence, finding_for
from scoring.values import Value

__all__ = ["Colleague", "band_section", "graded_section", "quote_section", "training_section"]

_METRIC = "csat"
"""What bands and needs of training are told by."""
_HUNDREDTHS = 2


def training_section(found: Sequence[Evidence], words: ReportWords, *, is_known: bool) -> Section:
    """Return where training helps first: the lowest dimensions beside everybody's, with examples of measures.

    `is_known`: some dimension is told at all, so that where none is `found` none lies below.
    """
    title = words.say("chapter.training")
    if not found:
        return Section(title, (Paragraph((words.say("training.none" if is_known else "nothing"),)),))
    names = ("dimension", "value", "n", "interval", "everybody", "note", "example")
    rows = tuple(tuple(_training(one, words)[name] for name in names) for one in found)
    return Section(title, (Table(tuple(words.say(f"column.{name}") for name in names), rows),))


def _training(one: Evidence, words: ReportWords) -> Mapping[str, Cell]:
    figure, dimension = one.figure, one.figure.cut["dimension"]
    finding, cells = finding_for(dimension), figure_cells(figure, words)
    notes = [words.say("training.clear" if one.distance > 0 else "training.chance")]
    notes += [words.phrases.say(words.locale, "figure.small")] if figure.state is SampleSize.SMALL else []
    example = words.phrases.say(words.locale, f"finding.{finding}.measures") if finding else ""
    return cells | {
        "dimension": Cell(words.name("dimension", dimension)),
        "everybody": _percent(one.common, words),
        "note": Cell(words.say("semicolon").join(notes)),
        "example": Cell(example),
    }


def _percent(value: Fraction, words: ReportWords) -> Cell:
    return Cell(value_text(value, _METRIC, words.phrases, words.locale), value, CATALOGUE[_METRIC].unit)


class Colleague(Value):
    """Somebody who serves customers, by the name and how many answers count; no standing of those with too few."""

    name: str
    n: int
    standing: Standing | None


def band_section(title: str, found: Iterable[Colleague], peers: int, words: ReportWords) -> Section:
    """Return in which band people are, by the alphabet, since those of one band are not told apart."""
    people = sorted(found, key=lambda one: one.name)
    columns = tuple(words.say(f"column.{name}") for name in ("person", "band", "drawn", "n", "interval", "common"))
    rows = tuple(_band_row(one, words) for one in people)
    if not any(one.standing for one in people):
        return Section(title, (Paragraph((words.say("no_band"),)), *((Table(columns, rows),) if len(rows) > 1 else ())))
    return Section(title, (Table(columns, rows), Paragraph((words.say("bands", n=peers),))))


def _band_row(one: Colleague, words: ReportWords) -> tuple[Cell, ...]:
    n = Cell(words.phrases.number(words.locale, one.n), Fraction(one.n), MetricUnit.COUNT)
    if one.standing is None:
        return Cell(one.name), Cell(words.say("band.none")), Cell(""), n, Cell(""), Cell("")
    standing = one.standing
    ends = (_percent(100 * Fraction(end), words).text for end in (standing.low, standing.high))
    interval = Cell(words.say("ends", **dict(zip(("low", "high"), ends, strict=True))))
    band = Cell(words.say(f"band.{standing.band}"))
    drawn, common = (_percent(100 * value, words) for value in (standing.shrunken, standing.common))
    return Cell(one.name), band, drawn, n, interval, common


def graded_section(results: Sequence[tuple[Form, PeriodResult]], words: ReportWords) -> tuple[Section, ...]:
    """Return what sheets about somebody come to, each with its grade and formula; nothing where there are none."""
    if not results:
        return ()
    columns = tuple(words.say(f"column.{name}") for name in ("sheet", "total", "grade", "how"))
    rows = tuple(_sheet_row(form, result, words) for form, result in results)
    return (Section(words.say("chapter.sheets"), (Table(columns, rows),)),)


def _sheet_row(form: Form, result: PeriodResult, words: ReportWords) -> tuple[Cell, ...]:
    total = Cell(words.say("no_total"))
    if result.total is not None:
        told = words.phrases.number(words.locale, float(round(result.total, _HUNDREDTHS)))
        total = Cell(told, result.total, MetricUnit.POINTS)
    grade = "" if result.grade is None else in_locale(result.grade.name, words.locale)
    return Cell(in_locale(form.title, words.locale)), total, Cell(grade), Cell(how_joined(result, words))


def quote_section(quotes: Sequence[str] | None, words: ReportWords) -> Section:
    """Return what customers wrote, the latest first; why not where `quotes` is None, since too few have answered."""
    lines = [words.phrases.say(words.locale, "admin.report.comment", text=one) for one in quotes or ()]
    nothing = words.say("quotes_few" if quotes is None else "no_quotes")
    return Section(words.say("chapter.quotes"), (Paragraph(tuple(lines) or (nothing,)),), quotes=True)
