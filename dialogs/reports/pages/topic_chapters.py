"""Chapters on what customers write of: which phrases cost or earn most in the mean, and examples without names."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from dialogs.reports.document import Bar, BarChart, Block, Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, number_cell
from dialogs.sanitize import one_line
from scoring.metrics.catalogue import MetricUnit
from scoring.metrics.figure import FEWEST_FOR_A_RANK
from scoring.text.phrase_figures import Impact, PhraseFigure
from scoring.values import Value

__all__ = ["WrittenTopics", "topic_sections"]

_HUNDREDTHS = 2
_SMALL = Fraction(1, 10)
_MOST_BARS, _MOST_ROWS, _MOST_QUOTED, _LONGEST = 8, 60, 10, 60
_SIGNS = {"costs": -1, "earns": 1}
_TONES = {-1: "blame", 0: "neutral", 1: "praise"}
_COLUMNS = (
    *("topic", "dimension", "tone", "customers", "customers_before", "trend", "mean"),
    *("impact", "interval", "on_mean"),
)


class WrittenTopics(Value):
    """The phrases of a period, the costliest first, from so many comments of so many customers.

    `withheld` is the number of phrases that are not told; `examples` are what customers wrote, by phrase, masked.
    `pieces` are phrases that are a piece of what was written, with how they are told.
    """

    figures: tuple[PhraseFigure, ...]
    comments: int
    customers: int
    withheld: int
    examples: Mapping[str, tuple[str, ...]]
    pieces: Mapping[str, str] = MappingProxyType({})

    def shown(self, phrase: str) -> str:
        """Return a phrase as it is told."""
        return one_line(self.pieces.get(phrase, phrase), _LONGEST)


def topic_sections(found: WrittenTopics, words: ReportWords) -> tuple[Section, ...]:
    """Return what phrases cost and earn, a row for each, and examples in a chapter of their own."""
    title = words.say("chapter.topics")
    if not found.figures:
        return (Section(title, (Paragraph((words.say("nothing"),)),)),)
    shown = found.figures[:_MOST_ROWS]
    rows = tuple(tuple(_cells(one, found, words)[name] for name in _COLUMNS) for one in shown)
    table = Table(tuple(words.say(f"column.{name}") for name in _COLUMNS), rows)
    told = words.say("written", comments=found.comments, customers=found.customers, withheld=found.withheld)
    charts = filter(None, (_bars("costs", found, shown, words), _bars("earns", found, shown[::-1], words)))
    blocks: tuple[Block, ...] = (*charts, table, Paragraph((told,)))
    return (Section(title, blocks), *_examples(found, words))


def _bars(name: str, found: WrittenTopics, figures: Sequence[PhraseFigure], words: ReportWords) -> BarChart | None:
    """Return by how much the mean of all is lower, or higher, by each phrase, the largest first; None for none."""
    sign = _SIGNS[name]
    told = [(one, one.impact) for one in figures if one.impact is not None and sign * one.impact.on_mean > 0]
    if not told:
        return None
    named = [(found.shown(one.mention.phrase), one, impact) for one, impact in told[:_MOST_BARS]]
    bars = tuple(_bar(name, one, impact, words) for name, one, impact in named)
    most = Fraction(ceil(100 * max(bar.value for bar in bars)), 100)
    return BarChart(words.say(f"chapter.{name}"), bars, most)


def _bar(name: str, one: PhraseFigure, impact: Impact, words: ReportWords) -> Bar:
    told = words.say("bar", value=_signed(impact.on_mean, words), n=one.customers)
    return Bar(name, abs(impact.on_mean), told, is_unsure=impact.n_with < FEWEST_FOR_A_RANK)


def _signed(value: Fraction, words: ReportWords) -> str:
    """Return a difference with its sign; one of less than a tenth with a digit more, so that it is not shown as 0."""
    digits = _HUNDREDTHS if abs(value) >= _SMALL else _HUNDREDTHS + 1
    told = words.phrases.number(words.locale, float(round(value, digits)))
    return f"+{told}" if value > 0 else told


def _cells(one: PhraseFigure, found: WrittenTopics, words: ReportWords) -> Mapping[str, Cell]:
    mention, impact = one.mention, one.impact
    cells = {
        "topic": Cell(found.shown(mention.phrase)),
        "dimension": Cell(words.name("dimension", mention.dimension) if mention.dimension else ""),
        "tone": Cell(words.say(f"tone.{_TONES[mention.polarity]}")),
        "customers": number_cell(one.customers, words),
        "customers_before": number_cell(one.before, words),
        "trend": Cell(words.say(f"trend.{one.trend}")),
        "mean": _points(one.mean, words, words.say("counts_only")),
    }
    if impact is None:
        return cells | {name: Cell("") for name in ("impact", "interval", "on_mean")}
    ends = (_signed(Fraction(end), words) for end in (impact.low, impact.high))
    told = dict(zip(("low", "high"), ends, strict=True))
    return cells | {
        "impact": Cell(_signed(impact.difference, words), impact.difference, MetricUnit.POINTS),
        "interval": Cell(words.say("ends_of", n=impact.n_with, others=impact.n_without, **told)),
        "on_mean": Cell(_signed(impact.on_mean, words), impact.on_mean, MetricUnit.POINTS),
    }


def _points(value: Fraction | None, words: ReportWords, without: str) -> Cell:
    if value is None:
        return Cell(without)
    return Cell(words.phrases.number(words.locale, float(round(value, _HUNDREDTHS))), value, MetricUnit.POINTS)


def _examples(found: WrittenTopics, words: ReportWords) -> tuple[Section, ...]:
    """Return what customers wrote around the costliest phrases and around pieces; nothing where none may be shown."""
    shown = [one.mention.phrase for one in found.figures[:_MOST_ROWS]]
    quoted = [phrase for place, phrase in enumerate(shown) if place < _MOST_QUOTED or phrase in found.pieces]
    told = [(found.shown(phrase), found.examples.get(phrase, ())) for phrase in quoted]
    rows = tuple(
        (Cell(phrase), Cell(words.phrases.say(words.locale, "admin.report.comment", text=text)))
        for phrase, texts in told
        for text in texts
    )
    columns = (words.say("column.topic"), words.say("chapter.quotes"))
    return (Section(words.say("chapter.quotes"), (Table(columns, rows),), quotes=True),) if rows else ()
