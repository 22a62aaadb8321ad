"""The catalogue of metrics by API, and the targets that an owner has set for them."""

from collections.abc import Iterable, Sequence
from functools import partial
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
from bot.jobs.figures.kept_summaries import worked_out
from bot.jobs.period_summary import period_summary
from bot.jobs.team_warnings.control_charts import drawn_charts
from dialogs.time.periods import Period
from dialogs.time.working_time import WorkingTime
from scoring.metrics.catalogue import CATALOGUE, MetricSource
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.metric_targets import MetricTarget, attainment_of
from storage.reads.figures.figure_facts import PeriodFacts

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
    attained = iter(await _attained(web, when, [one for one in policy.targets if one.is_timed]))
    found = [(one, next(attained) if one.is_timed else await _figure(web, when, one)) for one in policy.targets]
    return ok_answer(targets_out(when.name, found, is_over=when.is_over(now))).response()


@router.get("/charts", response_model=ChartList, responses=problems(401, 422, 503))
async def list_charts(web: TheWeb, *, team: Cell = "", dimension: Cell = "") -> Response:
    """List the charts of low ratings by team and dimension: every point, what it was held against, and the verdict."""
    rules = web.receiver.policy.charts
    return ok_answer(charts_out(rules, await drawn_charts(web.reader, rules.bucket, team, dimension))).response()


async def _attained(web: Web, when: Period, targets: Sequence[MetricTarget]) -> list[Figure]:
    """Return of each target how many cases were within the limit, by looking at every case."""
    if not targets:
        return []
    sources = {MetricSource.VISITS if one.ends else MetricSource.ISSUES for one in targets}
    work = partial(_attainments, tuple(targets), web.receiver.policy.working)
    return await worked_out(web.reader, (when.since, when.until), sources, work)


def _attainments(targets: Iterable[MetricTarget], working: WorkingTime, found: PeriodFacts) -> list[Figure]:
    return [attainment_of(target, found.facts, working.after) for target in targets]


async def _figure(web: Web, when: Period, target: MetricTarget) -> Figure:
    metric = CATALOGUE[target.metric]
    cut = FigureCut(tuple(target.cut), (metric,))
    figures = (await period_summary(web.reader, when, cut, web.clock.now())).summary.figures
    empty = Figure(target.metric, target.cut, None, 0, 0, SampleSize.EMPTY)
    return next((figure for figure in figures if dict(figure.cut) == dict(target.cut)), empty)
