"""How a survey was answered in a period: the share of each level, the median time, and where people stopped."""

import csv
from fractions import Fraction
from http import HTTPStatus
from io import StringIO
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id, Language
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError, read_period
from dialogs.survey import Survey, in_locale
from dialogs.time.periods import PERIOD_EXAMPLES
from scoring.honesty.intervals import quantile
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from storage.reads.survey_use import SurveyUse

__all__ = ["router"]

router = api_router("surveys")

Name = Annotated[str, Query(max_length=20, description=f"The period, as in {PERIOD_EXAMPLES}; left out, this month.")]


class LevelOut(BaseModel):
    """One point of a question's scale, in the question's own words."""

    value: int
    label: str
    count: int
    share: float = Field(description="percent of `n`")


class AnsweredQuestionOut(BaseModel):
    """A question: `n` answers that count, and `stopped`, how many began the survey and ended it here."""

    question: str
    name: str
    n: int
    stopped: int
    levels: tuple[LevelOut, ...] = Field(description="best first; empty while fewer than five have answered")


class SurveyAnswersOut(BaseModel):
    """How those who were asked in the period have answered."""

    survey: str
    title: str
    period: str
    asked: int
    started: int
    completed: int
    median_seconds: float | None = Field(description="from the first message to the end; null below five responses")
    questions: tuple[AnsweredQuestionOut, ...]


@router.get("/{survey}/answers", response_model=SurveyAnswersOut, responses=problems(401, 404, 422, 503))
async def answers(
    web: TheWeb,
    survey: Id,
    *,
    period: Name = "",
    locale: Language = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return the levels of each question, with its number of answers. Raises Problem for what there is not."""
    policy = web.receiver.policy
    if survey not in policy.current:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no survey {survey!r}.")
    try:
        when = read_period(None, None, period, web.clock.now(), policy.timezone)
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such period.", listed) from None
    use = await web.reader.survey_use(survey, when.since, when.until)
    told = _told(policy.survey(survey), use, when.name, policy.phrases.locale(locale or policy.locale))
    if format == "csv":
        return Response(_csv(told), HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8")
    return ok_answer(told).response()


def _told(survey: Survey, use: SurveyUse, period: str, locale: str) -> SurveyAnswersOut:
    timed = [Fraction(each) for each in use.seconds]
    return SurveyAnswersOut(
        survey=survey.id,
        title=in_locale(survey.title, locale),
        period=period,
        asked=use.asked,
        started=use.started,
        completed=use.completed,
        median_seconds=float(quantile(timed, Fraction(1, 2))) if len(timed) >= FEWEST_FOR_A_VALUE else None,
        questions=tuple(_question(survey, question.id, use, locale) for question in survey.questions),
    )


def _question(survey: Survey, question: str, use: SurveyUse, locale: str) -> AnsweredQuestionOut:
    scale, values = survey.scale_of(question), use.values.get(question, {})
    n = sum(values.values())
    shown = reversed(scale.values) if n >= FEWEST_FOR_A_VALUE else ()
    return AnsweredQuestionOut(
        question=question,
        name=in_locale(survey.question(question).name, locale),
        n=n,
        stopped=use.stopped.get(question, 0),
        levels=tuple(
            LevelOut(
                value=value,
                label=scale.label(value, locale),
                count=values.get(value, 0),
                share=float(Fraction(100 * values.get(value, 0), n)),
            )
            for value in shown
        ),
    )


def _csv(told: SurveyAnswersOut) -> str:
    """Return the same as CSV, a line for each level of each question."""
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(["survey", "period", "question", "name", "n", "stopped", "value", "label", "count", "share"])
    for question in told.questions:
        head = (told.survey, told.period, question.question, question.name, question.n, question.stopped)
        rows.writerows([*head, level.value, level.label, level.count, level.share] for level in question.levels)
    return written.getvalue()
