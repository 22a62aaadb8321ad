"""Targets in JSON, with what a period shows of them, the charts of early warning, and importance beside performance."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.http.api.schemas.figure_json import FigureLocale, FigureOut, SummaryOut, figure_out, summary_out
from bot.jobs.period_summary import PeriodQuadrants, PeriodSummary
from scoring.honesty.charts import ChartPoint, ChartRules, PointVerdict
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.metric_targets import MetricTarget, TargetVerdict, missed_runs, target_verdict
from scoring.metrics.quadrants import Quadrant, QuadrantGrid
from storage.model.watched_charts import WatchedChart

__all__ = [
    "ChartList",
    "QuadrantList",
    "TargetList",
    "TrendOut",
    "charts_out",
    "quadrants_out",
    "targets_out",
    "trend_out",
]


class TargetOut(BaseModel):
    """A target, and what the period shows; of a length of time the share of cases that kept it."""

    target: str = Field(description="as it stands in the settings")
    metric: str
    cut: dict[str, str]
    limit: float
    at_most: bool
    share: float | None = Field(description="percentage of cases that have to keep the limit; null for all, or no time")
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    low: float | None
    high: float | None
    state: SampleSize
    excluded: dict[str, int]
    verdict: TargetVerdict


class TargetList(BaseModel):
    """Every target; none where the owner has set none."""

    period: str
    provisional: bool = Field(description="the period is not over")
    items: tuple[TargetOut, ...]


class RunOut(BaseModel):
    """A target that was missed in several periods in a row; information, and no verdict on anybody."""

    target: str
    cut: dict[str, str]
    periods: int = Field(description="how many of the latest periods that are over, in a row")
    clearly: int = Field(description="in how many of them the whole interval lies beyond the target")


class TrendOut(BaseModel):
    """Periods of the same length, the earliest first, and which targets were missed in the latest of them in a row."""

    periods: tuple[SummaryOut, ...]
    runs: tuple[RunOut, ...]


def trend_out(found: Sequence[PeriodSummary], targets: Iterable[MetricTarget], told: FigureLocale) -> TrendOut:
    """Return periods with their figures, the earliest first, and what missed a target several times in a row."""
    runs = missed_runs(targets, [each.summary.figures for each in reversed(found)])
    return TrendOut(
        periods=tuple(summary_out(each, told) for each in found),
        runs=tuple(
            RunOut(target=run.target.text, cut=dict(run.cut), periods=run.periods, clearly=run.clearly) for run in runs
        ),
    )


def targets_out(period: str, found: Iterable[tuple[MetricTarget, Figure]], *, is_over: bool) -> TargetList:
    """Return the targets of a period with their figures."""
    items = tuple(_target(target, figure) for target, figure in found)
    return TargetList(period=period, provisional=not is_over, items=items)


def _target(target: MetricTarget, figure: Figure) -> TargetOut:
    ends = (figure.interval.low, figure.interval.high) if figure.interval is not None else (None, None)
    return TargetOut(
        target=target.text,
        metric=target.metric,
        cut=dict(target.cut),
        limit=float(target.limit),
        at_most=target.is_most,
        share=None if target.share is None else float(target.share),
        value=None if figure.value is None else float(figure.value),
        numerator=None if figure.numerator is None else float(figure.numerator),
        denominator=None if figure.denominator is None else float(figure.denominator),
        n=figure.n,
        low=ends[0],
        high=ends[1],
        state=figure.state,
        excluded=dict(figure.excluded),
        verdict=target_verdict(target, figure),
    )


class PointOut(BaseModel):
    """A point as it was judged, once; `usual` and the limits are null for those of the first baseline."""

    begins: str = Field(description="the first day")
    ends: str = Field(description="the day after the last")
    n: int = Field(description="people who rated it")
    low: int = Field(description="how many of them rated it low, as in `bad_review_rate`")
    verdict: PointVerdict
    usual: float | None = Field(description="the share of the baseline that it was held against")
    limit: int | None = Field(description="p-chart: from so many on it is a jump; more than n where none can be")
    ewma: float | None = Field(description="the weighted mean of this point and those before, a share")
    ewma_limit: float | None = Field(description="beyond it the weighted mean is a drift")


class ChartOut(BaseModel):
    """The chart of a team and a dimension: the latest points, and whether it is beyond its limits now."""

    team: str
    dimension: str
    until: str = Field(description="the day up to which it is judged, excluded")
    beyond_since: str | None = Field(description="the first day of the excursion that goes on")
    baseline_points: int
    missing: int = Field(description="points until the first one is judged")
    waiting: int = Field(description="people since the last point, too few for one")
    points: tuple[PointOut, ...]


class ChartList(BaseModel):
    """Every chart, and the rules by which they are drawn."""

    bucket: str
    baseline: int
    fewest: int
    items: tuple[ChartOut, ...]


def charts_out(rules: ChartRules, charts: Iterable[WatchedChart]) -> ChartList:
    """Return charts with their points."""
    items = tuple(_chart(one, rules) for one in charts)
    return ChartList(bucket=rules.bucket, baseline=rules.baseline, fewest=rules.fewest, items=items)


def _chart(kept: WatchedChart, rules: ChartRules) -> ChartOut:
    state, pending = kept.chart.state, kept.chart.pending
    return ChartOut(
        team=kept.team,
        dimension=kept.dimension,
        until=kept.until,
        beyond_since=state.since or None,
        baseline_points=state.points,
        missing=max(0, rules.baseline - state.points),
        waiting=pending.n if pending is not None else 0,
        points=tuple(map(_point, kept.chart.points)),
    )


def _point(one: ChartPoint) -> PointOut:
    return PointOut(
        begins=one.point.begins,
        ends=one.point.ends,
        n=one.point.n,
        low=one.point.bad,
        verdict=one.verdict,
        usual=None if one.usual is None else float(one.usual),
        limit=one.limit,
        ewma=None if one.ewma is None else float(one.ewma),
        ewma_limit=one.ewma_limit,
    )


class QuadrantPointOut(BaseModel):
    """What was rated, how important it is and how it goes; `quadrant` is `not_clear` where an interval crosses."""

    dimension: str
    quadrant: Quadrant
    text: str
    importance: FigureOut = Field(description="its mean importance, on 1-5")
    performance: FigureOut = Field(
        description="the `index` of its ratings: 0 is the lowest point of the scale, 100 the highest"
    )


class QuadrantGridOut(BaseModel):
    """The points of one cut, and the crosshair through the means of the points."""

    cut: dict[str, str]
    label: dict[str, str] = Field(description="as `cut`, with names in place of the ids of agents")
    crosshair_importance: float | None = Field(description="null where there is no point")
    crosshair_performance: float | None
    crosshair: str = Field(description="the same in words")
    points: tuple[QuadrantPointOut, ...]
    untold: tuple[str, ...] = Field(description="dimensions of too few answers to be drawn")
    untold_text: str = Field(description="the same in words")


class QuadrantList(BaseModel):
    """Importance beside performance in a period, for all or for each value of a key."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    by: str
    items: tuple[QuadrantGridOut, ...] = Field(description="none where nobody said what is important")
    text: str = Field(description="says so where there are none")


def quadrants_out(found: PeriodQuadrants, told: FigureLocale) -> QuadrantList:
    """Return importance beside performance as the API shows it."""
    return QuadrantList(
        since=found.found.period.since.astimezone(told.zone),
        until=found.found.period.until.astimezone(told.zone),
        by=found.by,
        items=tuple(_grid(grid, found.found, told) for grid in found.grids),
        text="" if found.grids else told.phrases.say(told.locale, "quadrant.none"),
    )


def _grid(grid: QuadrantGrid, found: PeriodSummary, told: FigureLocale) -> QuadrantGridOut:
    def shown(figure: Figure) -> FigureOut:
        return figure_out(figure, found, told)

    def say(key: str, **values: object) -> str:
        return told.phrases.say(told.locale, f"quadrant.{key}", **values)

    lines = [round(float(line), 2) for line in (grid.importance, grid.performance)]
    importance, performance = (told.phrases.number(told.locale, line) for line in lines)
    return QuadrantGridOut(
        cut=dict(grid.cut),
        label={key: found.agents.get(value) or value if key == "agent" else value for key, value in grid.cut},
        crosshair_importance=float(grid.importance) if grid.points else None,
        crosshair_performance=float(grid.performance) if grid.points else None,
        crosshair=say("crosshair", importance=importance, performance=performance) if grid.points else "",
        points=tuple(
            QuadrantPointOut(
                dimension=one.dimension,
                quadrant=one.quadrant,
                text=say(one.quadrant),
                importance=shown(one.importance),
                performance=shown(one.performance),
            )
            for one in grid.points
        ),
        untold=grid.untold,
        untold_text=say("untold", names=", ".join(grid.untold)) if grid.untold else "",
    )
