"""Chapters about measures: what each was to change, before and after with intervals, and whether it has helped."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.improvement.model import FindingState, Measure, Measured, MeasureResult
from dialogs.reports.document import BarChart, Block, Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, bars_of, figure_cells
from dialogs.sanitize import one_line
from scoring.honesty.intervals import Interval
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.metrics.figure import Figure, sample_size
from scoring.values import Value, replace

__all__ = ["MeasureCourse", "measure_figures", "measure_sections", "measure_table"]

_LONGEST = 80
_MOST_CHARTS = 8
_A_MOMENT = timedelta(seconds=1)
_MINUTE = 60


class MeasureCourse(Value):
    """A measure, how its finding stands, and what came of it; None while that is not known."""

    measure: Measure
    state: FindingState
    result: MeasureResult | None = None


def measure_sections(found: Sequence[MeasureCourse], words: ReportWords) -> tuple[Section, ...]:
    """Return what was verified, with a chart of before and after for each, and what is under way."""
    verified = [one for one in found if one.result is not None]
    under_way = [one for one in found if one.result is None]
    outcome = _section("verified", _verified_table(verified, words) if verified else None, words)
    charts = tuple(filter(None, (_chart(one, words) for one in verified[:_MOST_CHARTS])))
    counted = (Paragraph((_counted(verified, words),)),) if verified else ()
    first = Section(outcome.title, (*counted, *outcome.blocks, *charts))
    return first, _section("under_way", _course_table(under_way, words) if under_way else None, words)


def _section(name: str, table: Table | None, words: ReportWords) -> Section:
    nothing: Block = Paragraph((words.say(f"no_{name}"),))
    return Section(words.say(f"chapter.{name}"), (nothing if table is None else table,))


def _counted(verified: Iterable[MeasureCourse], words: ReportWords) -> str:
    """Return how many measures came to which verdict."""
    counts = dict[str, int]()
    for one in verified:
        if one.result is not None:
            counts[one.result.verdict] = counts.get(one.result.verdict, 0) + 1
    each = (words.say("verdict_count", verdict=words.say(f"verdict.{name}"), n=n) for name, n in sorted(counts.items()))
    return words.say("semicolon").join(each)


def measure_table(found: Sequence[MeasureCourse], words: ReportWords) -> tuple[Section, ...]:
    """Return the measures of a period as one table for other reports; nothing where there are none."""
    if not found:
        return ()
    return (Section(words.say("chapter.measures"), (_verified_table(found, words),)),)


def _verified_table(found: Sequence[MeasureCourse], words: ReportWords) -> Table:
    columns = ("measure", "what", "was", "n", "target", "became", "n", "change_then", "outcome")
    return Table(tuple(words.say(f"column.{name}") for name in columns), tuple(_outcome(one, words) for one in found))


def _outcome(one: MeasureCourse, words: ReportWords) -> tuple[Cell, ...]:
    measure, result = one.measure, one.result
    words = replace(words, link_of=None)  # its periods are its own
    before = figure_cells(_figure(measure, result.before if result else measure.before), words)
    after = figure_cells(_figure(measure, result.after), words) if result else {"value": Cell(""), "n": Cell("")}
    outcome = words.say(f"verdict.{result.verdict}") if result else words.say(f"measure_course.{one.state}")
    change = _change(result, words) if result else Cell("")
    target, named = _target(measure, words), Cell(one_line(measure.text, _LONGEST))
    then, now = (before["value"], before["n"]), (after["value"], after["n"])
    return named, _what(measure, words), *then, target, *now, change, Cell(outcome)


def _course_table(found: Sequence[MeasureCourse], words: ReportWords) -> Table:
    names = ("measure", "what", "was", "n", "target", "owner", "due", "window", "state")
    return Table(tuple(words.say(f"column.{name}") for name in names), tuple(_course(one, words) for one in found))


def _course(one: MeasureCourse, words: ReportWords) -> tuple[Cell, ...]:
    measure = one.measure
    before = figure_cells(_figure(measure, measure.before), replace(words, link_of=None))
    return (
        Cell(one_line(measure.text, _LONGEST)),
        _what(measure, words),
        before["value"],
        before["n"],
        _target(measure, words),
        Cell(one_line(measure.owner, _LONGEST)),
        Cell(words.day(measure.due_at - _A_MOMENT)),
        Cell(words.days(measure.window)),
        Cell(words.say(f"measure_course.{one.state}")),
    )


def _what(measure: Measure, words: ReportWords) -> Cell:
    """Return which metric a measure is to move, and of what."""
    metric = metric_name(measure.metric, words.phrases, words.locale)
    cut = (words.name(key, value) for key, value in (*measure.cut, *measure.pilot))
    return Cell(words.say("between").join((metric, *cut)))


def _target(measure: Measure, words: ReportWords) -> Cell:
    target = Fraction(measure.target)
    told = value_text(target, measure.metric, words.phrases, words.locale)
    return Cell(told, target, CATALOGUE[measure.metric].unit)


def _change(result: MeasureResult, words: ReportWords) -> Cell:
    """Return by how much a metric has changed, with the interval of 95 %; of lengths of time in minutes."""
    if result.effect is None:
        return Cell("")
    is_time = CATALOGUE[result.measure.metric].unit is MetricUnit.SECONDS
    value, *ends = (
        None if end is None else Fraction(end) / (_MINUTE if is_time else 1)
        for end in (result.effect, result.low, result.high)
    )
    signed = [None if end is None else f"{float(end):+.1f}" for end in (value, *ends)]
    key = "effect_minutes" if is_time else "effect"
    told = words.say(key, value=signed[0])
    if None not in signed:
        told = words.say("effect_between", effect=told, low=signed[1], high=signed[2])
    return Cell(told, value, MetricUnit.POINTS)


def _figure(measure: Measure, one: Measured) -> Figure:
    """Return what was measured as a figure."""
    value = None if one.value is None else Fraction(one.value)
    ends = [None if end is None else float(Fraction(end)) for end in (one.low, one.high)]
    interval = None if ends == [None, None] else Interval(ends[0], ends[1], "")
    return Figure(measure.metric, {}, value, one.n, one.n, sample_size(one.n), interval=interval)


def measure_figures(found: Iterable[MeasureCourse]) -> tuple[Figure, ...]:
    """Return the figures of measures before they began, by whose metrics a report tells how it was computed."""
    return tuple(_figure(one.measure, one.measure.before) for one in found)


def _chart(one: MeasureCourse, words: ReportWords) -> BarChart | None:
    """Return bars of before and after; None where either has no value."""
    if one.result is None:
        return None
    both = (("was", one.result.before), ("became", one.result.after))
    figures = [replace(_figure(one.measure, told), cut={"": words.say(f"column.{name}")}) for name, told in both]
    title = words.say("between").join((one_line(one.measure.text, _LONGEST), _what(one.measure, words).text))
    return bars_of(figures, replace(words, link_of=None), title)
