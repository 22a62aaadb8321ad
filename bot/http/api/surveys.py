"""Anonymous surveys by API: counts of whole months with at least five people, and never a single response."""

from http import HTTPStatus

from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from dialogs.interview.anonymity import month_of
from dialogs.survey import Survey
from scoring.anonymity import MINIMUM_GROUP, AnonymousMonth, anonymous_months

__all__ = ["router"]

router = api_router("surveys")


class QuestionOut(BaseModel):
    """How often each value was given, by `n` people."""

    question: str
    n: int
    ratings: dict[int, int]


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


def _values(versions: list[Survey]) -> list[int]:
    """Return every value that some version has."""
    return sorted({value for one in versions for value in one.scale.values})


def _month(month: AnonymousMonth) -> MonthOut:
    return MonthOut(
        version=month.version,
        month=month.month[:7],
        n=month.n,
        questions=tuple(QuestionOut(question=q.question, n=q.n, ratings=dict(q.ratings)) for q in month.questions),
        remarks=tuple(RemarkOut(question=question, text=text) for question, text in month.remarks),
        comments=month.comments,
    )
