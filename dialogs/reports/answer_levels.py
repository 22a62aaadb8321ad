"""How a survey was answered: the levels of each question in its own words, as shares with n."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from dialogs.reports.document import Block, Cell, Paragraph, Section, StackedBar, StackedChart, Table
from dialogs.reports.figure_parts import ReportWords
from dialogs.survey import Survey, in_locale
from scoring.metrics.catalogue import MetricUnit
from scoring.metrics.figure import FEWEST_FOR_A_VALUE

__all__ = ["Levels", "survey_section"]

Counted = tuple[int, Mapping[int, int] | None]
Levels = Mapping[str, Counted]
"""How many answers to each question count, and how often each value was given where that may be told."""


def survey_section(survey: Survey, levels: Levels, words: ReportWords) -> Section:
    """Return how a survey was answered: a table for the questions that share their words, with shares and n."""
    asked = [one.id for one in survey.questions if levels.get(one.id, (0, None))[0]]
    blocks: list[Block] = []
    for labels, questions in _by_words(survey, asked, words.locale).items():
        told = {one: levels[one] for one in questions}
        blocks += filter(None, (_spread_chart(survey, labels, told, words), _spread_table(survey, labels, told, words)))
    return Section(in_locale(survey.title, words.locale), tuple(blocks) or (Paragraph((words.say("nothing"),)),))


def _by_words(survey: Survey, questions: Iterable[str], locale: str) -> dict[tuple[str, ...], list[str]]:
    """Return questions by the words of their levels, the best first."""
    found: dict[tuple[str, ...], list[str]] = {}
    for question in questions:
        scale = survey.scale_of(question)
        found.setdefault(tuple(scale.label(value, locale) for value in reversed(scale.values)), []).append(question)
    return found


def _counts(survey: Survey, question: str, values: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(values.get(value, 0) for value in reversed(survey.scale_of(question).values))


def _name(survey: Survey, question: str, words: ReportWords) -> str:
    return in_locale(survey.question(question).name, words.locale)


def _spread_chart(survey: Survey, labels: tuple[str, ...], told: Levels, words: ReportWords) -> StackedChart | None:
    counted = {one: _counts(survey, one, values) for one, (_, values) in told.items() if values}
    bars = tuple(
        StackedBar(_name(survey, one, words), counts, words.say("answers_n", n=sum(counts)))
        for one, counts in counted.items()
        if any(counts)
    )
    return StackedChart("", labels, bars) if bars else None


def _spread_table(survey: Survey, labels: tuple[str, ...], told: Levels, words: ReportWords) -> Table:
    columns = (words.say("column.question"), words.say("column.n"), *labels)
    return Table(columns, tuple(_row(survey, one, counted, words) for one, counted in told.items()))


def _row(survey: Survey, question: str, counted: Counted, words: ReportWords) -> tuple[Cell, ...]:
    """Return a question's shares of the answers on its scale of today, or why there are none."""
    n, values = counted
    counts = _counts(survey, question, values or {})
    total = sum(counts) if values else n
    shares = [_share(Fraction(100 * count, total), words) for count in counts] if values and total else []
    if not shares:
        key = "figure.empty" if values else "report.counts_only" if n < FEWEST_FOR_A_VALUE else "figure.withheld"
        shares = [Cell(words.phrases.say(words.locale, key)), *(Cell("") for _ in counts[1:])]
    number = Cell(words.phrases.number(words.locale, total), Fraction(total), MetricUnit.COUNT)
    return Cell(_name(survey, question, words)), number, *shares


def _share(value: Fraction, words: ReportWords) -> Cell:
    written = words.phrases.number(words.locale, float(round(value, 1)))
    return Cell(words.phrases.say(words.locale, "figure.percent", value=written), value, MetricUnit.PERCENT)
