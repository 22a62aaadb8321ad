"""How complete a period's data is, as tables: who was not asked and why, what does not count, where people stopped."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction

from dialogs.reports.document import Block, Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, number_cell, share_cell
from dialogs.survey import Survey, in_locale
from scoring.metrics.catalogue import MetricUnit
from scoring.survey_course import QuestionCourse, SurveyCourse

__all__ = ["count_table", "course_section", "listed_section", "titled_table"]

_COURSE = ("question", "reached", "rated", "skipped", "left", "seconds")


def count_table(counts: Mapping[str, int], total: int, words: ReportWords, column: str) -> Table | None:
    """Return counts by what they are of, the highest first, each as a share of a total; None where there are none."""
    ordered = sorted(((name, n) for name, n in counts.items() if n), key=lambda one: (-one[1], one[0]))
    if not ordered or not total:
        return None
    head = (words.say(f"column.{column}"), words.say("column.n"), words.say("column.share"))
    rows = ((Cell(name), number_cell(n, words), share_cell(Fraction(100 * n, total), words)) for name, n in ordered)
    return Table(head, tuple(rows))


def titled_table(name: str, table: Table | None, words: ReportWords, *lines: str) -> Section:
    """Return a chapter with a table, or the sentence that there is nothing."""
    blocks: tuple[Block, ...] = (Paragraph((words.say("nothing"),)),) if table is None else (table,)
    return Section(words.say(f"chapter.{name}"), (*blocks, *([Paragraph(lines)] if lines and table else ())))


def listed_section(name: str, listed: Iterable[str], nothing: str, words: ReportWords) -> Section:
    """Return a chapter with a line for each thing, or a sentence where there is none."""
    return Section(words.say(f"chapter.{name}"), (Paragraph(tuple(listed) or (words.say(nothing),)),))


def course_section(courses: Iterable[tuple[Survey, SurveyCourse]], words: ReportWords) -> Section:
    """Return how people went through each survey, question by question: reached, rated, skipped, left, seconds."""
    blocks: list[Block] = []
    for survey, course in courses:
        said = {name: words.phrases.number(words.locale, getattr(course, name)) for name in _ENDS}
        line = words.say("course", survey=in_locale(survey.title, words.locale), **said)
        rows = tuple(_question(survey, one, words) for one in course.questions)
        blocks += (Paragraph((line,)), Table(tuple(words.say(f"column.{name}") for name in _COURSE), rows))
    return Section(words.say("chapter.course"), tuple(blocks) or (Paragraph((words.say("nothing"),)),))


_ENDS = ("asked", "started", "completed", "left")


def _question(survey: Survey, one: QuestionCourse, words: ReportWords) -> tuple[Cell, ...]:
    counts = (number_cell(n, words) for n in (one.reached, one.rated, one.skipped, one.left))
    return Cell(in_locale(survey.question(one.question).name, words.locale)), *counts, _seconds(one.seconds, words)


def _seconds(seconds: float | None, words: ReportWords) -> Cell:
    if seconds is None:
        return Cell("")
    told = words.phrases.span(words.locale, timedelta(seconds=round(seconds)))
    return Cell(told, Fraction(round(seconds)), MetricUnit.SECONDS)
