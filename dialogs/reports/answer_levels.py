"""How a survey was answered: the levels of each question in its own words, as shares with n."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from dialogs.reports.document import Block, Cell, Paragraph, Section, StackedBar, StackedChart, Table
from dialogs.reports.figure_parts import ReportWords
from dialogs.survey import Survey, in_locale
from scoring.metrics.catalogue import MetricUnit
from scoring.metrics.figure import FEWEST_FOR_A_VALUE

__all__ = ["Levels", "survey_section"]

Levels = Mapping[str, tuple[int, Mapping[int, int] | None]]
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
    bars = tuple(
        StackedBar(words.say("answers_of", question=_name(survey, one, words), n=n), _counts(survey, one, values))
        for one, (n, values) in told.items()
        if values
    )
    return StackedChart("", labels, bars) if bars else None


def _spread_table(survey: Survey, labels: tuple[str, ...], told: Levels, words: ReportWords) -> Table:
    def cells(question: str, n: int, values: Mapping[int, int] | None) -> Iterator[Cell]:
        yield Cell(_name(survey, question, words))
        yield Cell(words.phrases.number(words.locale, n), Fraction(n), MetricUnit.COUNT)
        if values is None:
            key = "report.counts_only" if n < FEWEST_FOR_A_VALUE else "figure.withheld"
            yield Cell(words.phrases.say(words.locale, key))
            yield from (Cell("") for _ in labels[1:])
            return
        for count in _counts(survey, question, values):
            yield _share(Fraction(100 * count, n), words)

    columns = (words.say("column.question"), words.say("column.n"), *labels)
    return Table(columns, tuple(tuple(cells(one, *counted)) for one, counted in told.items()))


def _share(value: Fraction, words: ReportWords) -> Cell:
    written = words.phrases.number(words.locale, float(round(value, 1)))
    return Cell(words.phrases.say(words.locale, "figure.percent", value=written), value, MetricUnit.PERCENT)
