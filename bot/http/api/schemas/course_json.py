"""The course of a survey in JSON."""

from pydantic import BaseModel, Field

from dialogs.survey import Question, Survey
from scoring.survey_course import QuestionCourse, SurveyCourse

__all__ = ["SurveyCourseOut", "course_out"]


class ReasonOut(BaseModel):
    """How often a reason was given for a low rating."""

    reason: str
    n: int


class QuestionCourseOut(BaseModel):
    """What became of a question."""

    question: str
    reached: int
    rated: int
    skipped: int
    left: int = Field(description="left the survey at this question")
    seconds: float | None = Field(
        description="median from the rating before to this one; null for the first question and below five people"
    )
    reasons: tuple[ReasonOut, ...]


class SurveyCourseOut(BaseModel):
    """How people went through one version of a survey."""

    survey: str
    version: int
    asked: int
    started: int
    completed: int
    left: int
    seconds: float | None = Field(description="median from the first rating to the end; null below five people")
    questions: tuple[QuestionCourseOut, ...]


def course_out(survey: Survey, course: SurveyCourse, locale: str) -> SurveyCourseOut:
    """Return the course of a survey as the API shows it, with the reasons in `locale`."""
    return SurveyCourseOut(
        survey=survey.id,
        version=survey.version,
        asked=course.asked,
        started=course.started,
        completed=course.completed,
        left=course.left,
        seconds=course.seconds,
        questions=tuple(_question(one, survey.question(one.question), locale) for one in course.questions),
    )


def _question(one: QuestionCourse, asked: Question, locale: str) -> QuestionCourseOut:
    named = enumerate(asked.reasons_in(locale), 1)
    return QuestionCourseOut(
        question=one.question,
        reached=one.reached,
        rated=one.rated,
        skipped=one.skipped,
        left=one.left,
        seconds=one.seconds,
        reasons=tuple(ReasonOut(reason=reason, n=one.reasons.get(number, 0)) for number, reason in named),
    )
