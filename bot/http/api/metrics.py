"""The catalogue of metrics by API, and the targets that an owner has set for them."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod, asked_period
from bot.http.api.schemas.figure_json import MetricList, catalogue_out
from bot.http.api.schemas.target_json import ChartList, TargetList, charts_out, targets_out
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.idempotent_decide import ok_answer
from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import period_summary
from bot.jobs.team_warnings.control_charts import drawn_charts
from dialogs.time.periods import Period
from scoring.metrics.catalogue import CATALOGUE, MetricSource
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.metric_targets import MetricTarget, attainment_of

__all__ = ["router"]

router = api_router("metrics")

Cell = Annotated[str, Query(max_length=500, description="Only charts of this one; left out, all.")]


@router.get("", response_model=MetricList, responses=problems(401, 422, 503))
async def list_metrics(web: TheWeb) -> Response:
    """List every metric: what it counts, how it is computed, and which moment places it."""
    return ok_answer(catalogue_out(web.receiver.policy.phrases)).response()


@router.get("/targets", response_model=TargetList, responses=problems(401, 422, 503))
async def list_targets(web: TheWeb, *, period: AskedPeriod = "") -> Response:
    """List the targets of `team.targets` with what a period shows of each. Raises Problem for what is no period."""
    policy, now = web.receiver.policy, web.clock.now()
    when = asked_period(web, period, now)
    found = [(target, await _figure(web, when, target)) for target in policy.targets]
    return ok_answer(targets_out(when.name, found, is_over=when.is_over(now))).response()


@router.get("/charts", response_model=ChartList, responses=problems(401, 422, 503))
async def list_charts(web: TheWeb, *, team: Cell = "", dimension: Cell = "") -> Response:
    """List the charts of low ratings by team and dimension: every point, what it was held against, and the verdict."""
    rules = web.receiver.policy.charts
    return ok_answer(charts_out(rules, await drawn_charts(web.reader, rules.bucket, team, dimension))).response()


async def _figure(web: Web, when: Period, target: MetricTarget) -> Figure:
    if target.is_timed:
        source = MetricSource.VISITS if target.ends else MetricSource.ISSUES
        read = await web.reader.figure_facts(when.since, when.until, {source})
        return attainment_of(target, read.facts, web.receiver.policy.working.after)
    metric = CATALOGUE[target.metric]
    cut = FigureCut(tuple(target.cut), (metric,))
    figures = (await period_summary(web.reader, when, cut, web.clock.now())).summary.figures
    empty = Figure(target.metric, target.cut, None, 0, 0, SampleSize.EMPTY)
    return next((figure for figure in figures if dict(figure.cut) == dict(target.cut)), empty)
