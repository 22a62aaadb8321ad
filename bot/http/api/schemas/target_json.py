"""Targets in JSON, with what a period shows of them."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.metric_targets import MetricTarget, TargetVerdict, target_verdict

__all__ = ["TargetList", "targets_out"]


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
    items: tuple[TargetOut, ...]


def targets_out(period: str, found: Iterable[tuple[MetricTarget, Figure]]) -> TargetList:
    """Return the targets of a period with their figures."""
    return TargetList(period=period, items=tuple(_target(target, figure) for target, figure in found))


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
