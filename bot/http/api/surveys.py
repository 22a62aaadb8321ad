"""Surveys by API: how each was answered in a period, and how people went through it.

Of anonymous ones counts of whole months with at least five people, and never a single response.
"""

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod, asked_period
from bot.http.api.schemas.course_json import SurveyCourseOut, course_out
from bot.http.api.schemas.field_types import Id, Language, Moment
from bot.http.api.schemas.survey_answers import SurveyAnswersOut, survey_answers_csv, survey_answers_out, with_remarks
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from bot.jobs.figures.kept_summaries import given_levels
from bot.jobs.survey_courses import LATELY_ASKED, read_course
from dialogs.interview.anonymity import month_of
from dialogs.survey import Survey
from scoring.anonymity import MINIMUM_GROUP, AnonymousMonth, RatingCounts, anonymous_months

__all__ = ["router"]

router = api_router("surveys")


class QuestionOut(BaseModel):
    """How often each value was given, by `n` people."""

    question: str
    n: int
    ratings: dict[int, int]
    importances: dict[int, int] | None = Field(
        description="how many find it how important, 1 to 5; null where fewer than five people said so"
    )


class RemarkOut(BaseModel):
    """What somebody wrote to a question."""

    question: str
    text: str


class MonthOut(BaseModel):
    """One month of one version; its texts are in no meaningful order."""

    version: int
    month: str = Field(examples=["2026-11"])
    n: int
    questions: tuple[QuestionOut, ...]
    remarks: tuple[RemarkOut, ...]
    comments: tuple[str, ...]


class AnonymousOut(BaseModel):
    """Months that are over and in which at least `least` people answered; others are left out, and no sums given."""

    survey: str
    least: int
    months: tuple[MonthOut, ...]


@router.get("/{survey}/anonymous", response_model=AnonymousOut, responses=problems(401, 404, 422, 503))
async def anonymous(web: TheWeb, survey: Id) -> Response:
    """Return the counts of an anonymous survey, by month. Raises Problem where there is no such survey."""
    await web.receiver.learn(survey)
    policy = web.receiver.policy
    versions = [one for (name, _), one in policy.surveys.items() if name == survey and one.anonymous]
    if not versions:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"There is no anonymous survey {survey!r}; others are in /api/v1/responses."
        )
    now = month_of(web.clock.now(), policy.timezone)
    found = anonymous_months(await web.reader.anonymous_responses(survey), now, _values(versions))
    return ok_answer(AnonymousOut(survey=survey, least=MINIMUM_GROUP, months=tuple(map(_month, found)))).response()


@router.get("/{survey}/answers", response_model=SurveyAnswersOut, responses=problems(401, 404, 422, 503))
async def answers(
    web: TheWeb,
    survey: Id,
    *,
    period: AskedPeriod = "",
    locale: Language = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return the levels of each question, with its number of answers. Raises Problem for what there is not."""
    policy = web.receiver.policy
    if survey not in policy.current:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no survey {survey!r}.")
    when = asked_period(web, period, web.clock.now())
    answered = await given_levels(web.reader, when.since, when.until)
    entries = await web.reader.entered(when.since, when.until)
    language = policy.phrases.locale(locale or policy.locale)
    told = with_remarks(
        survey_answers_out(policy.survey(survey), answered.get(survey, {}), (when.name, language)), entries
    )
    told = told.model_copy(update={"provisional": not when.is_over(web.clock.now())})
    if format == "csv":
        return Response(
            survey_answers_csv(told), HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8"
        )
    return ok_answer(told).response()


@router.get("/{survey}/course", response_model=SurveyCourseOut, responses=problems(401, 404, 422, 503))
async def course(web: TheWeb, survey: Id, *, since: Moment | None = None, until: Moment | None = None) -> Response:
    """Return how people went through the version that is asked today: how long questions take, and where they leave.

    Counted are the latest 10,000 who were asked between `since`, 90 days ago by default, and `until`. Raises Problem
    for a survey that there is not, and for an anonymous one.
    """
    await web.receiver.learn(survey)
    policy, now = web.receiver.policy, web.clock.now()
    if survey not in policy.current or policy.survey(survey).anonymous:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no survey {survey!r} of which single answers are kept.")
    asked = policy.survey(survey)
    found = await read_course(web.reader, asked, since or now - LATELY_ASKED, until or now)
    return ok_answer(course_out(asked, found, policy.phrases.default)).response()


def _values(versions: list[Survey]) -> list[int]:
    """Return every value that some version has."""
    return sorted({value for one in versions for value in one.scale.values})


def _question_out(counts: RatingCounts) -> QuestionOut:
    importances = None if counts.importances is None else dict(counts.importances)
    return QuestionOut(question=counts.question, n=counts.n, ratings=dict(counts.ratings), importances=importances)


def _month(month: AnonymousMonth) -> MonthOut:
    return MonthOut(
        version=month.version,
        month=month.month[:7],
        n=month.n,
        questions=tuple(map(_question_out, month.questions)),
        remarks=tuple(RemarkOut(question=question, text=text) for question, text in month.remarks),
        comments=month.comments,
    )
