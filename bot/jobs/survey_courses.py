"""How people went through a survey lately, from its interviews."""

from asyncio import to_thread
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from dialogs.interview.model import FINAL, InterviewState
from dialogs.survey import Survey
from scoring.survey_course import CourseEnd, SurveyCourse, Walk, survey_course
from storage.reads.listings import WalkedInterview
from storage.reads.reader import Reader

__all__ = ["LATELY_ASKED", "MOST_INTERVIEWS", "read_course"]

LATELY_ASKED = timedelta(days=90)
"""Whoever was asked within this time counts, where no other is given."""
MOST_INTERVIEWS = 10_000
"""Of more than so many interviews the latest count."""


async def read_course(reader: Reader, survey: Survey, since: datetime, until: datetime) -> SurveyCourse:
    """Return the course of one version of a survey, of people who were asked within a time."""
    found = await reader.interviews_of(survey.key, since, until, MOST_INTERVIEWS)
    return await to_thread(_course, survey, found)


def _course(survey: Survey, found: Iterable[WalkedInterview]) -> SurveyCourse:
    return survey_course([question.id for question in survey.questions], (_walk(one, survey) for one in found))


def _walk(interview: WalkedInterview, survey: Survey) -> Walk:
    def seconds(at: datetime) -> float:
        return (at - interview.asked_at).total_seconds()

    done, state = interview.completed_at, interview.state
    end = CourseEnd.COMPLETED if state is InterviewState.COMPLETED else CourseEnd.OPEN
    return Walk(
        {answer.question: seconds(answer.at) for answer in interview.answers},
        interview.at,
        CourseEnd.LEFT if state in FINAL and end is CourseEnd.OPEN else end,
        frozenset(interview.skipped),
        frozenset(_reasons(interview, survey)),
        None if done is None else seconds(done),
    )


def _reasons(interview: WalkedInterview, survey: Survey) -> Iterator[tuple[str, int]]:
    """Yield the reasons that remarks hold as a line of their own, tapped or typed, by question and number."""
    for answer in interview.answers:
        lines = (answer.text or "").split("\n")
        for reasons in survey.question(answer.question).reasons.values():
            yield from ((answer.question, number) for number, reason in enumerate(reasons, 1) if reason in lines)
