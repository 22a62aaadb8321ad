"""Checks on what a total is made of: weights that add up to 100, and grades without a gap or an overlap."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from config.surveys.schema import GradePart, SurveyFile
from scoring.forms.sheet import FULL

__all__ = ["SurveyMistake", "grade_mistakes", "section_mistakes", "sum_mistakes"]

SurveyMistake = tuple[str, str, str]
"""The key, what is wrong, the fix."""


def sum_mistakes(key: str, what: str, weights: Iterable[Fraction]) -> Iterator[SurveyMistake]:
    """Yield what keeps weights from adding up to 100; `what` names them in the plural."""
    weights = tuple(weights)
    total = sum(weights, start=Fraction(0))
    if any(weight <= 0 for weight in weights):
        yield key, f"One of the {what} is not above 0.", "Write numbers above 0, or leave it out."
    elif total != FULL:
        off = f"{_shown(FULL - total)} missing" if total < FULL else f"{_shown(total - FULL)} too many"
        yield key, f"The {what} add up to {_shown(total)}, {off}.", "Let them add up to 100."


def grade_mistakes(grades: Sequence[GradePart]) -> Iterator[SurveyMistake]:
    """Yield where grades leave a gap or overlap: their lower bounds start at 0, and each stands once, highest first."""
    bounds = [grade.at_least for grade in grades]
    if not bounds:
        return
    for bound in bounds:
        if not 0 <= bound <= FULL:
            yield "grades", f"A total is never {_shown(bound)}.", "Write bounds from 0 to 100."
            return
    for bound, times in Counter(bounds).items():
        if times > 1:
            yield "grades", f"{times} grades begin at {_shown(bound)}: they overlap.", "Give each a bound of its own."
            return
    if bounds != sorted(bounds, reverse=True):
        yield "grades", "Their bounds do not fall from one to the next.", "Write the best grade first."
    elif bounds[-1] != 0:
        fix = "Let the last grade begin at 0."
        yield "grades", f"A total below {_shown(bounds[-1])} has no grade: there is a gap.", fix


def section_mistakes(file: SurveyFile) -> Iterator[SurveyMistake]:
    """Yield what keeps the sections of a survey from making a total: weights, and questions in none or in two."""
    yield from grade_mistakes(file.grades)
    yield from _importance(file)
    if not file.sections:
        return
    yield from sum_mistakes("sections", "weights", (section.weight for section in file.sections))
    for name, times in Counter(section.id for section in file.sections).items():
        if times > 1:
            yield "sections", f"The id {name!r} is used {times} times.", "Give each section its own id."
    asked, placed = {part.id for part in file.questions}, Counter(q for s in file.sections for q in s.questions)
    for section in file.sections:
        for unknown in (question for question in section.questions if question not in asked):
            yield f"sections[{section.id}].questions", f"There is no question {unknown!r}.", "Write ids of questions."
    for question in (part.id for part in file.questions if placed[part.id] != 1):
        told = "in no section" if not placed[question] else "in several sections"
        yield "sections", f"The question {question!r} is {told}.", "Put each question into one section."


def _importance(file: SurveyFile) -> Iterator[SurveyMistake]:
    without = [part.id for part in file.questions if part.importance is None]
    if 0 < len(without) < len(file.questions):
        fix = "Give every question one, or none."
        yield "questions", f"These have no importance, while others have one: {', '.join(without)}.", fix


def _shown(number: Fraction) -> str:
    return f"{float(number):.12g}"
