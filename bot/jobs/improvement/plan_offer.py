"""What a measure can be verified by, counted before somebody plans one in a chat: metrics, cut, today's values."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from bot.handlers.common.policy import Policy
from bot.handlers.team_findings.shown import origin_of
from bot.jobs.improvement.measured_metric import figure_in, measured
from dialogs.improvement.model import Finding, Measured
from dialogs.improvement.plan_draft import MetricOption, PlanOffer, targets_for, usual_baseline
from dialogs.time.periods import Period
from scoring.text.recurring_things import RecurrenceKind
from storage.reads.reader import Reader

__all__ = ["plan_offer"]

_METRICS = ("bad_review_rate", "csat")
Cut = tuple[tuple[str, str], ...]


async def plan_offer(reader: Reader, policy: Policy, finding: Finding, now: datetime) -> PlanOffer:
    """Return the metrics for a finding: for the narrowest cut of it in which enough people have answered lately."""
    baseline = usual_baseline(now, policy.timezone)
    cut, before = await _measured(reader, finding, baseline, now)
    options = (
        MetricOption(metric, cut, one, targets_for(metric, None if one.value is None else Fraction(one.value)))
        for metric, one in before.items()
    )
    return PlanOffer(tuple(option for option in options if option.targets), baseline)


async def _measured(
    reader: Reader, finding: Finding, baseline: Period, now: datetime
) -> tuple[Cut, dict[str, Measured]]:
    found: dict[str, Measured] = {}
    for cut in _cuts(finding):
        found = {metric: measured(await figure_in(reader, metric, dict(cut), baseline, now)) for metric in _METRICS}
        if found[_METRICS[0]].value is not None:
            return cut, found
    return (), found


def _cuts(finding: Finding) -> Iterator[Cut]:
    """Yield what a finding is about, the narrowest first, in the end everything."""
    origin = origin_of(finding)
    team = (("team", origin.team or finding.department),) if origin.team or finding.department else ()
    dimension = (("dimension", origin.dimension),) if origin.dimension else ()
    kinds = {RecurrenceKind.CATEGORY: "category", RecurrenceKind.PRODUCT: "product"}
    thing = ((kinds[origin.kind], origin.name),) if origin.kind in kinds else ()
    yield from dict.fromkeys(((*team, *dimension), dimension or thing, team, ()))
