"""The figures of a period by API, as JSON or as CSV."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.quality.figure_csv import summary_csv
from bot.http.api.schemas.field_types import Language
from bot.http.api.schemas.figure_json import (
    ExplanationOut,
    FigureLocale,
    ScoreOut,
    SummaryOut,
    explanation_out,
    score_out,
    summary_out,
)
from bot.http.api.schemas.target_json import QuadrantList, TrendOut, quadrants_out, trend_out
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from bot.jobs.assessment_results import SubjectWanted
from bot.jobs.figure_explanation import explain_figure, subject_score
from bot.jobs.period_summary import (
    FigureRequestError,
    compared_summary,
    metric_trend,
    period_summary,
    quadrants_of,
    read_cut,
    read_period,
)
from dialogs.names import written_name
from dialogs.time.named_days import PERIOD_EXAMPLES

__all__ = ["router", "scores"]

router, scores = api_router("reports"), api_router("scores")

From = Annotated[date | None, Query(alias="from", description="The first day, on the clocks of `timezone`.")]
To = Annotated[date | None, Query(alias="to", description="The day after the last one.")]
Name = Annotated[str, Query(max_length=20, description=f"Instead of from and to, as in {PERIOD_EXAMPLES}.")]
By = Annotated[str, Query(max_length=200, description="At most two keys of /api/v1/metrics, with a comma between.")]
FigureId = Annotated[str, Query(max_length=1000, description="A figure's `id`.", examples=["csat:2026-11:team=a"])]
Subject = Annotated[str, Path(max_length=300, description="A key and its value.", examples=["agent:a17"])]
OneMetric = Annotated[str, Query(max_length=100, description="The id of a metric.", examples=["csat"])]
Back = Annotated[int, Query(ge=1, le=24, description="How many periods before it.")]
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
    compare: Literal["", "previous", "year", "previous,year"] = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return the figures of a period, each with all that it rests on; the current month where none is named.

    Raises Problem for what is no period, key or metric.
    """
    try:
        when = read_period(since, until, period, web.clock.now(), web.receiver.policy.calendar)
        cut, zone = read_cut(by, metric), web.receiver.policy.timezone
        if compare:
            found = await compared_summary(web.reader, when, cut, (web.clock.now(), zone), compare)
        else:
            found = await period_summary(web.reader, when, cut, web.clock.now())
    except FigureRequestError as wrong:
        raise _refused(wrong) from None
    shown = summary_out(found, _told(web, locale))
    if format == "csv":
        return Response(summary_csv(shown), HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8")
    return ok_answer(shown).response()


@router.get("/trend", response_model=TrendOut, responses=problems(401, 422, 503))
async def trend(
    web: TheWeb,
    *,
    metric: OneMetric,
    period: Name = "",
    back: Back = 5,
    by: By = "",
    locale: Language = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return one metric in a period and in those before it, the earliest first.

    Raises Problem for what is no period, key or metric.
    """
    now, zone = web.clock.now(), web.receiver.policy.timezone
    try:
        when, cut = read_period(None, None, period, now, web.receiver.policy.calendar), read_cut(by, metric)
        found = await metric_trend(web.reader, when, cut, (now, zone), back)
    except FigureRequestError as wrong:
        raise _refused(wrong) from None
    shown = trend_out(found, web.receiver.policy.targets, _told(web, locale))
    if format == "csv":
        text = summary_csv(*shown.periods)
        return Response(text, HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8")
    return ok_answer(shown).response()


@router.get("/quadrants", response_model=QuadrantList, responses=problems(401, 422, 503))
async def quadrants(
    web: TheWeb,
    *,
    since: From = None,
    until: To = None,
    period: Name = "",
    by: Annotated[str, Query(max_length=100, description="One key, such as team; all together without any.")] = "",
    locale: Language = "",
) -> Response:
    """Return what customers find important beside how it goes, with the crosshair; the current month by default.

    Raises Problem for what is no period or key.
    """
    now = web.clock.now()
    try:
        when = read_period(since, until, period, now, web.receiver.policy.calendar)
        found = await quadrants_of(web.reader, when, by, now)
    except FigureRequestError as wrong:
        raise _refused(wrong) from None
    return ok_answer(quadrants_out(found, _told(web, locale))).response()


@router.get("/explain", response_model=ExplanationOut, responses=problems(401, 422, 503))
async def explain(web: TheWeb, figure: FigureId, locale: Language = "") -> Response:
    """Return where a figure comes from, down to its tickets. Raises Problem for what is no figure."""
    calendar = web.receiver.policy.calendar
    try:
        found = await explain_figure(web.reader, figure, web.clock.now(), calendar)
    except FigureRequestError as wrong:
        raise _refused(wrong) from None
    return ok_answer(explanation_out(found, _told(web, locale))).response()


@scores.get("/{subject:path}", response_model=ScoreOut, responses=problems(401, 422, 503))
async def score(
    web: TheWeb,
    subject: Subject,
    *,
    since: From = None,
    until: To = None,
    period: Name = "",
    locale: Language = "",
) -> Response:
    """Return everything about one subject, such as `agent:a17`. Raises Problem for a subject that is not there."""
    now, zone = web.clock.now(), web.receiver.policy.timezone
    try:
        when = read_period(since, until, period, now, web.receiver.policy.calendar)
        wanted = SubjectWanted(
            written_name(subject.partition(":")[2]), when, now, zone, web.receiver.policy.lists.probation
        )
        found = await subject_score(web.reader, web.forms, subject, wanted)
    except FigureRequestError as wrong:
        raise _refused(wrong) from None
    return ok_answer(score_out(found, _told(web, locale))).response()


def _told(web: Web, locale: str) -> FigureLocale:
    policy, now = web.receiver.policy, web.clock.now()
    return FigureLocale(policy.phrases, policy.phrases.locale(locale or policy.locale), policy.timezone, now)


def _refused(wrong: FigureRequestError) -> Problem:
    listed = [FieldProblem(wrong.field, wrong.problem)]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There are no such figures.", listed)
