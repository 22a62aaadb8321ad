"""What reports show of figures: a table with all that each rests on, bars, and how they were computed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dialogs.admin.figure_text import figure_text, metric_formula, metric_name, value_text
from dialogs.phrases import Phrases
from dialogs.reports.document import Bar, BarChart, Cell, Paragraph, Section, Table
from dialogs.time.periods import Period
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.metrics.figure import Figure, SampleSize
from scoring.values import Value

__all__ = [
    "ReportWords",
    "about_column",
    "appendix_of",
    "axis_end",
    "bars_of",
    "cut_label",
    "cut_name",
    "figure_cells",
    "figure_table",
    "is_its_own_n",
    "number_cell",
    "own_appendix",
    "share_cell",
]

_FEWEST_BARS = 2
_NOT_ALWAYS = ("n", "share", "interval", "note")
"""Columns that are left out where they would be empty."""
_HUNDREDTHS = 2
_MOMENT = timedelta(microseconds=1)
_COARSE_SCALE, _FINE_SCALE = 5, 10
_SMALL_SHARES = (1, 2, 5, 10, 20, 50)
_MOST_COUNTS = 12
"""More bars are longer than a page; all are in the table below."""


class ReportWords(Value):
    """In which language a report is written and on which clocks; `names`: what values of a cut's keys are called.

    `link_of` gives the address of the page behind a figure, None for copies that lead nowhere.
    """

    phrases: Phrases
    locale: str
    zone: ZoneInfo
    names: Mapping[str, Mapping[str, str]]
    link_of: Callable[[Figure], str] | None = None

    def link(self, figure: Figure) -> str:
        """Return the address of the page with the tickets behind a figure; empty where there is none."""
        return self.link_of(figure) if self.link_of is not None else ""

    def say(self, key: str, **values: object) -> str:
        """Return the phrase `report.{key}`."""
        return self.phrases.say(self.locale, f"report.{key}", **values)

    def name(self, key: str, value: str) -> str:
        """Return what a value of a cut's key is called."""
        return self.names.get(key, {}).get(value, value) or self.say("unnamed")

    def reason(self, reason: str) -> str:
        """Return why something was left out; its own name where there are no words for it."""
        key = f"report.without.{reason}"
        return self.phrases.say(self.locale, key) if key in self.phrases.texts[self.locale] else reason

    def day(self, at: datetime) -> str:
        """Return a day with its year."""
        return self.phrases.day(self.locale, at, self.zone)

    def days(self, period: Period) -> str:
        """Return the first and the last day of a period."""
        return self.say("period", first=self.day(period.since), last=self.day(period.until - _MOMENT))


def cut_label(figure: Figure, words: ReportWords) -> str:
    """Return what a figure is about, such as `北区`; with two keys both, and for all together that."""
    if not figure.cut:
        return words.say("all")
    return words.say("between").join(words.name(key, value) for key, value in figure.cut.items())


def figure_table(figures: Sequence[Figure], words: ReportWords, title: str = "") -> Table:
    """Return a row for each figure: what it is, its value, its n, its interval, earlier periods, what to mind."""
    by_cut = any(one.cut for one in figures)
    has_before, has_year = any(one.change for one in figures), any(one.year_change for one in figures)
    shown = ["what", *["about"][: int(by_cut)], "value", "n", "share", "interval", *["before"][: int(has_before)]]
    shown += [*["year"][: int(has_year)], "note"]
    rows = [figure_cells(one, words) for one in figures]
    shown = [name for name in shown if name not in _NOT_ALWAYS or any(row[name].text for row in rows)]
    columns = tuple(about_column(figures, words) if name == "about" else words.say(f"column.{name}") for name in shown)
    return Table(columns, tuple(tuple(row[name] for name in shown) for row in rows), title)


def about_column(figures: Iterable[Figure], words: ReportWords) -> str:
    """Return what the column is called that tells what figures are about, such as `班组` where all are about a team."""
    several = {tuple(one.cut) for one in figures}
    return cut_name(several.pop(), words) if len(several) == 1 else words.say("column.about")


def cut_name(keys: tuple[str, ...], words: ReportWords) -> str:
    """Return what a cut by these keys is called; that it is about something where a key has no name."""
    known = words.phrases.texts[words.locale]
    named = [words.say(f"key.{key}") for key in keys if f"report.key.{key}" in known]
    return words.say("between").join(named) or words.say("column.about")


def figure_cells(one: Figure, words: ReportWords) -> dict[str, Cell]:
    """Return the cells of a figure's row by the names of their columns."""
    unit = CATALOGUE[one.metric].unit
    return {
        "what": Cell(metric_name(one.metric, words.phrases, words.locale)),
        "about": Cell(cut_label(one, words)),
        "value": Cell(_value(one, words), one.value, unit, link=words.link(one)),
        "n": Cell("") if is_its_own_n(one) else number_cell(one.n, words),
        "share": _share(one, words),
        "interval": Cell(_interval(one, words)),
        "before": _earlier(one, one.change, words),
        "year": _earlier(one, one.year_change, words),
        "note": Cell(words.say("semicolon").join(_notes(one, words))),
    }


def _value(one: Figure, words: ReportWords) -> str:
    """Return a value; of a withheld one the word alone, since the last chapter says why."""
    is_withheld = one.state is SampleSize.WITHHELD
    return words.say("withheld") if is_withheld else figure_text(one, words.phrases, words.locale)


def _share(one: Figure, words: ReportWords) -> Cell:
    """Return what a count is of all counts of its cut."""
    return Cell("") if one.share is None else share_cell(one.share, words)


def share_cell(share: Fraction, words: ReportWords) -> Cell:
    """Return a share of 100 as a cell."""
    told = words.phrases.number(words.locale, float(round(share, _HUNDREDTHS)))
    return Cell(words.phrases.say(words.locale, "figure.percent", value=told), share, MetricUnit.PERCENT)


def _interval(one: Figure, words: ReportWords) -> str:
    """Return the two ends in the figure's unit; an open end is `…`."""
    if one.interval is None or one.value is None:
        return ""
    low, high = (_end(end, one.metric, words) for end in (one.interval.low, one.interval.high))
    return words.say("ends", low=low, high=high)


def _end(end: float | None, metric: str, words: ReportWords) -> str:
    return "…" if end is None else value_text(Fraction(end), metric, words.phrases, words.locale)


def number_cell(number: int, words: ReportWords) -> Cell:
    """Return a count as a cell."""
    return Cell(words.phrases.number(words.locale, number), Fraction(number), MetricUnit.COUNT)


def _earlier(one: Figure, change: Change | None, words: ReportWords) -> Cell:
    """Return the value of an earlier period; words where there is none beside a value of this one."""
    if change is None or change.before is None:
        return Cell("" if one.value is None else words.say("no_earlier"))
    told = value_text(change.before, one.metric, words.phrases, words.locale)
    return Cell(told, change.before, CATALOGUE[one.metric].unit)


def _notes(one: Figure, words: ReportWords) -> Iterator[str]:
    """Yield what a reader has to mind: whether a change is more than chance, a small sample, what was left out."""
    yield from _changes(one, words)
    if one.state is SampleSize.SMALL:
        yield words.phrases.say(words.locale, "figure.small")
    if one.provisional:
        yield words.phrases.say(words.locale, "figure.provisional")
    if one.excluded:
        yield words.say("left_out", n=words.phrases.number(words.locale, sum(one.excluded.values())))


def _changes(one: Figure, words: ReportWords) -> Iterator[str]:
    """Yield how it stands to earlier periods; those to which it stands alike are told together."""
    alike: dict[ChangeVerdict, list[str]] = {}
    for change, earlier in ((one.change, "before"), (one.year_change, "year")):
        if change is not None and change.verdict is not ChangeVerdict.NOT_TESTED:
            alike.setdefault(change.verdict, []).append(words.say(f"earlier.{earlier}"))
    for verdict, several in alike.items():
        yield words.say(f"changed.{verdict}", earlier=words.say("between").join(several))


def bars_of(figures: Iterable[Figure], words: ReportWords, title: str = "") -> BarChart | None:
    """Return one metric's figures as bars, in their order; None for fewer than two values, and where one is below 0.

    None, too, where all are 0: a chart without a bar looks broken. Of many counts the first ones are drawn.
    """
    shown = [one for one in figures if one.value is not None]
    is_any = any(one.value for one in shown)
    if len(shown) < _FEWEST_BARS or not is_any or any(one.value is not None and one.value < 0 for one in shown):
        return None
    name = title or metric_name(shown[0].metric, words.phrases, words.locale)
    if CATALOGUE[shown[0].metric].unit is MetricUnit.COUNT and len(shown) > _MOST_COUNTS:
        name = words.say("first_of", name=name, shown=_MOST_COUNTS, all=len(shown))
        shown = shown[:_MOST_COUNTS]
    return BarChart(name, tuple(_bar(one, words) for one in shown), axis_end(shown))


def is_its_own_n(figure: Figure) -> bool:
    """Return whether a figure is a count, which rests on nothing but what it counts."""
    return CATALOGUE[figure.metric].unit is MetricUnit.COUNT and figure.value == figure.n


def _bar(one: Figure, words: ReportWords) -> Bar:
    told = figure_text(one, words.phrases, words.locale)
    if not is_its_own_n(one):
        told = words.say("bar", value=told, n=words.phrases.number(words.locale, one.n))
    low, high = (None, None) if one.interval is None else (one.interval.low, one.interval.high)
    is_unsure = one.provisional or one.state is SampleSize.SMALL
    return Bar(cut_label(one, words), one.value or Fraction(0), told, low, high, is_unsure, words.link(one))


def axis_end(figures: Sequence[Figure]) -> Fraction:
    """Return where the axis ends: 100 of a share, the highest point of the scale of a mean, else the largest value.

    Shares of what goes wrong are small: theirs ends at the first round number above all of them.
    """
    metric, most = CATALOGUE[figures[0].metric], max(one.value or Fraction(0) for one in figures)
    unit = metric.unit
    if unit is MetricUnit.PERCENT:
        rounded = _SMALL_SHARES if metric.lower_is_better else ()
        highest = max(map(_highest, figures))
        return next((Fraction(end) for end in rounded if highest <= end), max(Fraction(100), most))
    if unit is MetricUnit.POINTS and most <= _FINE_SCALE:
        return Fraction(_COARSE_SCALE if most <= _COARSE_SCALE else _FINE_SCALE)
    ends = [Fraction(one.interval.high) for one in figures if one.interval is not None and one.interval.high]
    return Fraction(ceil(max([most, *ends, Fraction(1)])))


def _highest(figure: Figure) -> Fraction:
    """Return the upper end of a figure's interval, its value where it has none."""
    end = figure.interval.high if figure.interval is not None else None
    return max(figure.value or Fraction(0), Fraction(end or 0))


def appendix_of(
    figures: Iterable[Figure], words: ReportWords, partly: Mapping[str, datetime] = MappingProxyType({})
) -> tuple[Section, ...]:
    """Return how these figures were computed: each formula, the moment that places it, what the words mean.

    `partly` are earlier periods with whose counts nothing is compared, and since when they are known.
    """
    figures = tuple(figures)
    found = {one.metric: one for one in figures}
    if not found:
        return ()
    columns = tuple(words.say(f"column.{name}") for name in ("what", "formula", "instant"))
    table = Table(columns, tuple(_formula(metric, words) for metric in found))
    meaning = tuple(words.say(f"meaning.{name}") for name in ("interval", "few", "small", "withheld", "change"))
    versions = sorted({one.rule_version for one in found.values()})
    rules = words.say("rules", version=words.say("between").join(map(str, versions)))
    unequal = (words.say(f"partly.{name}", day=words.day(first)) for name, first in partly.items())
    lines = (*_left_out(figures, words), *unequal, *meaning, rules)
    return (Section(words.say("chapter.computed"), (table, Paragraph(lines))),)


def _left_out(figures: Sequence[Figure], words: ReportWords) -> Iterator[str]:
    """Yield what metrics leave out and why, each of the figure that leaves out most; alike ones are told together."""
    alike: dict[str, list[str]] = {}
    for metric in dict.fromkeys(one.metric for one in figures):
        every = (one.excluded for one in figures if one.metric == metric and one.excluded)
        most = max(every, key=lambda excluded: sum(excluded.values()), default={})
        reasons = (
            words.say("left_out_for", n=words.phrases.number(words.locale, n), reason=words.reason(reason))
            for reason, n in most.items()
        )
        if told := words.say("semicolon").join(reasons):
            alike.setdefault(told, []).append(metric_name(metric, words.phrases, words.locale))
    for told, names in alike.items():
        yield words.say("left_out_of", name=words.say("between").join(names), reasons=told)


def own_appendix(lines: Sequence[str], words: ReportWords) -> tuple[Section, ...]:
    """Return how a report without metrics was made; nothing where it does not say."""
    return (Section(words.say("chapter.computed"), (Paragraph(tuple(lines)),)),) if lines else ()


def _formula(metric: str, words: ReportWords) -> tuple[Cell, ...]:
    name, formula = (tell(metric, words.phrases, words.locale) for tell in (metric_name, metric_formula))
    return Cell(name), Cell(formula), Cell(words.say(f"instant.{CATALOGUE[metric].instant}"))
