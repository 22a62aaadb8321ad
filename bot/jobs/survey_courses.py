"""How people went through a survey lately, from its interviews."""

from datetime import datetime, timedelta

from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.survey import Survey
from scoring.survey_course import CourseEnd, SurveyCourse, Walk, survey_course
from storage.reads.reader import Reader

__all__ = ["LATELY_ASKED", "MOST_INTERVIEWS", "read_course"]

LATELY_ASKED = timedelta(days=90)
"""Whoever was asked within this time counts, where no other is given."""
MOST_INTERVIEWS = 10_000
"""Of more than so many interviews the latest count."""


async def read_course(reader: Reader, survey: Survey, since: datetime, until: datetime) -> SurveyCourse:
    """Return the course of one version of a survey, of people who were asked within a time."""
    found = await reader.interviews_of(survey.key, since, until, MOST_INTERVIEWS)
    return survey_course([question.id for question in survey.questions], map(_walk, found))


def _walk(interview: Interview) -> Walk:
    def seconds(at: datetime) -> float:
        return (at - interview.asked_at).total_seconds()

    done, state = interview.completed_at, interview.state
    end = CourseEnd.COMPLETED if state is InterviewState.COMPLETED else CourseEnd.OPEN
    return Walk(
        {answer.question: seconds(answer.at) for answer in interview.answers},
        interview.at,
        CourseEnd.LEFT if state in FINAL and end is CourseEnd.OPEN else end,
        frozenset(interview.skipped),
        None if done is None else seconds(done),
    )
