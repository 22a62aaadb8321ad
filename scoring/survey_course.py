"""How people go through a survey: how long each question takes them, and at which one they leave."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from statistics import median

from scoring.anonymity import MINIMUM_GROUP
from scoring.values import Value, field

__all__ = ["CourseEnd", "QuestionCourse", "SurveyCourse", "Walk", "survey_course"]


class CourseEnd(StrEnum):
    """How somebody's way through a survey ended."""

    COMPLETED = "completed"
    LEFT = "left"
    """It lapsed, or was stopped."""
    OPEN = "open"
    """It can still go on."""


class Walk(Value):
    """One person's way: when each question was rated, in seconds since the asking; `at` is the question shown last.

    `completed` is when it was completed, in the same seconds, `skipped` are questions passed over, `reasons` those
    given for low ratings, by question and number.
    """

    rated: Mapping[str, float]
    at: str
    end: CourseEnd
    skipped: frozenset[str] = frozenset()
    reasons: frozenset[tuple[str, int]] = frozenset()
    completed: float | None = None


class QuestionCourse(Value):
    """What became of a question: how many `reached` it, and of them rated, skipped and left the survey at it.

    `seconds` is the median from the rating before it to its own, remark included; None for the first question, whose
    time is that until somebody looks at their phone, and where fewer than five people are timed. `reasons` are how
    often each reason was given for a low rating, by its number.
    """

    question: str
    reached: int
    rated: int
    skipped: int
    left: int
    seconds: float | None
    reasons: Mapping[int, int] = field(default_factory=dict)


class SurveyCourse(Value):
    """How a survey goes: how many were asked, began, completed it and left it.

    `seconds` is the median from the first rating to the end, None where fewer than five people are timed.
    """

    asked: int
    started: int
    completed: int
    left: int
    seconds: float | None
    questions: tuple[QuestionCourse, ...] = field(default=())


def survey_course(questions: Sequence[str], walks: Iterable[Walk]) -> SurveyCourse:
    """Return the course of a survey with these questions in their order.

    An answer that was corrected later than a following one was given is not timed.
    """
    walked = tuple(walks)
    lasted = [one.completed - min(one.rated.values()) for one in walked if one.completed is not None and one.rated]
    return SurveyCourse(
        len(walked),
        sum(bool(one.rated) for one in walked),
        sum(one.end is CourseEnd.COMPLETED for one in walked),
        sum(one.end is CourseEnd.LEFT for one in walked),
        _median(lasted),
        tuple(_question(place, questions, walked) for place in range(len(questions))),
    )


def _question(place: int, questions: Sequence[str], walks: Sequence[Walk]) -> QuestionCourse:
    name = questions[place]
    before = questions[place - 1] if place else None
    took = [
        one.rated[name] - one.rated[before]
        for one in walks
        if before is not None and name in one.rated and before in one.rated and one.rated[name] > one.rated[before]
    ]
    rated = sum(name in one.rated for one in walks)
    skipped = sum(name in one.skipped and name not in one.rated for one in walks)
    stands = [one for one in walks if one.at == name and name not in one.rated and name not in one.skipped]
    left = sum(one.end is CourseEnd.LEFT for one in stands)
    given = Counter(number for one in walks for question, number in one.reasons if question == name)
    return QuestionCourse(name, rated + skipped + len(stands), rated, skipped, left, _median(took), given)


def _median(seconds: Sequence[float]) -> float | None:
    return float(median(seconds)) if len(seconds) >= MINIMUM_GROUP else None
