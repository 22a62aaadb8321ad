"""Checks that surveys and forms share: whole languages, weights that add up to 100, grades without a gap."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from config.surveys.schema import GradePart, ScalePart, SurveyFile
from config.values.urls_and_zones import LOCALES
from scoring.forms.sheet import FULL

__all__ = [
    "SurveyMistake",
    "grade_mistakes",
    "label_mistakes",
    "locale_mistakes",
    "repeated_ids",
    "scale_mistake",
    "section_mistakes",
    "span",
    "sum_mistakes",
]

SurveyMistake = tuple[str, str, str]
"""The key, what is wrong, the fix."""

Labels = Mapping[str, Mapping[int, str]]

_FEWEST_POINTS = 3  # two points would tell only satisfied from not satisfied
_MOST_POINTS = 11  # 0-10
_ONE_OF_THESE = ("zh-Hans", "en")


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
    yield from repeated_ids("sections", "section", (section.id for section in file.sections))
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
    if file.ask_importance and len(without) < len(file.questions):
        fix = "Take `importance` out of the questions, or `ask_importance = true`."
        yield "ask_importance", "The questions have an importance already, and customers would be asked for it.", fix


def _shown(number: Fraction) -> str:
    return f"{float(number):.12g}"


def locale_mistakes(texts: Mapping[str, Mapping[str, object]]) -> Iterator[SurveyMistake]:
    """Yield what is not written in every language that is used; `texts` are by key, then by language."""
    used = [locale for locale in LOCALES if any(locale in written for written in texts.values())]
    if not any(locale in used for locale in _ONE_OF_THESE):
        fix = f"Write it in {' or '.join(_ONE_OF_THESE)}, too."
        yield "title", "It speaks neither Simplified Chinese nor English.", fix
    for key, written in texts.items():
        missing = [locale for locale in used if locale not in written]
        if missing:
            yield key, f"It is not written in {', '.join(missing)}.", "Write every text in the same languages."


def scale_mistake(scale: ScalePart) -> SurveyMistake | None:
    """Return what makes a scale unusable, None for a good one."""
    lowest, highest = scale.lowest, scale.highest
    if lowest >= highest:
        return "scale", f"It runs from {lowest} to {highest}.", "Make lowest smaller than highest, such as 1 and 5."
    points = highest - lowest + 1
    if points < _FEWEST_POINTS:
        return "scale", "Two points only say yes or no.", "Use at least three, such as 1 to 5."
    if points > _MOST_POINTS:
        return "scale", f"It has {points} points.", f"Use at most {_MOST_POINTS}, such as 0 to 10."
    return None


def label_mistakes(scale: ScalePart, tables: Mapping[str, Labels]) -> Iterator[SurveyMistake]:
    """Yield which words stand for no point of the scale, and which points lack one in a language; tables are by key."""
    for key, labels in tables.items():
        every = sorted({point for words in labels.values() for point in words})
        for locale, words in labels.items():
            for point in words:
                if point not in scale.scale():
                    yield f"{key}.{locale}.{point}", f"{point} is not on the scale {span(scale)}.", "Remove it."
            missing = [str(point) for point in every if point not in words]
            if missing:
                fix = "Name the same points in each language."
                yield f"{key}.{locale}", f"{', '.join(missing)} has no word here.", fix


def span(scale: ScalePart) -> str:
    """Return the ends of a scale, such as `1-5`."""
    return f"{scale.lowest}-{scale.highest}"


def repeated_ids(key: str, what: str, ids: Iterable[str]) -> Iterator[SurveyMistake]:
    """Yield the ids that stand more than once."""
    for name, times in Counter(ids).items():
        if times > 1:
            yield key, f"The id {name!r} is used {times} times.", f"Give each {what} its own id."
