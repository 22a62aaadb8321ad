"""The figures of a period by API, as JSON or as CSV."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Language
from bot.http.api.schemas.figure_json import FigureLocale, SummaryOut, summary_csv, summary_out
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError, PeriodSummary, period_summary, read_cut, read_period
from dialogs.time.periods import PERIOD_EXAMPLES, Period

__all__ = ["router"]

router = api_router("reports")

From = Annotated[date | None, Query(alias="from", description="The first day, on the clocks of `timezone`.")]
To = Annotated[date | None, Query(alias="to", description="The day after the last one.")]
Name = Annotated[str, Query(max_length=20, description=f"Instead of from and to, as in {PERIOD_EXAMPLES}.")]
By = Annotated[str, Query(max_length=200, description="At most two keys of /api/v1/metrics, with a comma between.")]
Metrics = Annotated[str, Query(max_length=500, description="Ids of metrics, with commas between; all without any.")]


@router.get("/summary", response_model=SummaryOut, responses=problems(401, 422, 503))
async def summary(
    web: TheWeb,
    *,
    since: From = None,
    until: To = None,
    period: Name = "",
    by: By = "",
    metric: Metrics = "",
    locale: Language = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return the figures of a period, each with all that it rests on; the current month where none is named.

    Raises Problem for what is no period, key or metric.
    """
    policy = web.receiver.policy
    try:
        when = read_period(since, until, period, web.clock.now(), policy.timezone)
        found = await _found(web, when, by, metric)
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There are no such figures.", listed) from None
    told = FigureLocale(policy.phrases, policy.phrases.locale(locale or policy.locale), policy.timezone)
    shown = summary_out(found, told)
    if format == "csv":
        return Response(summary_csv(shown), HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8")
    return ok_answer(shown).response()


async def _found(web: Web, when: Period, by: str, metric: str) -> PeriodSummary:
    return await period_summary(web.reader, when, read_cut(by, metric), web.clock.now())
