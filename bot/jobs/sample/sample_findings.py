"""What the sample company found and changed, verified by the product's own figures once its answers are stored."""

from asyncio import to_thread
from datetime import datetime, timedelta

from bot.jobs.improvement.measure_result import verified
from bot.jobs.improvement.measured_metric import figure_in, measured
from bot.jobs.sample.sample_days import DatedChange, month_from
from bot.jobs.sample.sample_records import SampleCompany
from config.sample.company_file import CompanyFinding
from dialogs.ids import RefKind, derive
from dialogs.improvement.machine import FINDING, MeasureVerified
from dialogs.improvement.model import Finding, FindingKind, FindingState, Measure
from dialogs.time.periods import Period
from scoring.values import Value, replace
from storage.reads.reader import Reader

__all__ = ["sample_findings"]

_PLANNED_BEFORE, _LOOKED_AT_AFTER = timedelta(days=9), timedelta(days=4)
_A_DAY = timedelta(days=1)


async def sample_findings(reader: Reader, company: SampleCompany) -> list[Value]:
    """Return the findings, with what came of their measures, and the customers who raised them; nothing is due."""
    found: list[Value] = [await _coaching(reader, company)]
    voices = await to_thread(company.voices)
    for dated in company.days.changes:
        voiced = voices[company.finding_id(dated)]
        found.append(await _changed(reader, company, dated, tuple(response for response, _ in voiced)))
        found += [voice for _, voice in voiced]
    return found


async def _changed(reader: Reader, company: SampleCompany, dated: DatedChange, responses: tuple[str, ...]) -> Finding:
    days = company.days
    begun = days.at(dated.begins, 9 * 3600)
    cut = (("dimension", dated.change.dimension),)
    measure = await _measure(reader, company, dated.change.finding, cut, (dated.baseline, begun, dated.window))
    finding = Finding(
        id=company.finding_id(dated),
        kind=FindingKind.LOW_ITEM,
        text=dated.change.finding.text,
        department=dated.change.finding.department,
        opened_at=measure.planned_at - _A_DAY,
        opened_by=company.plan.words["lead"],
        responses=responses,
        state=FindingState.DONE,
        measure=measure,
        done_at=begun,
        done_by=dated.change.finding.owner,
    )
    looked_at = min(dated.window.until + _LOOKED_AT_AFTER, company.order.now)
    seen = await verified(reader, finding, looked_at)
    step = None if seen is None else FINDING.step(finding, MeasureVerified(seen.result), looked_at)
    return finding if step is None else replace(step.thing, look_at=None)


async def _coaching(reader: Reader, company: SampleCompany) -> Finding:
    """Return what is under way for the bad technician: planned in the last month, to be verified after the next."""
    plan, days, zone = company.plan, company.days, company.order.zone
    due = month_from(days.last_month, 1, zone).until
    spans = month_from(days.last_month, 0, zone), due, month_from(days.last_month, 2, zone)
    cut = (("agent", plan.coached.id),)
    measure = await _measure(reader, company, plan.coaching, cut, spans)
    planned = min(days.end + timedelta(hours=9), company.order.now)
    return Finding(
        id=derive(RefKind.FINDING, "sample", company.order.seed, plan.coached.id),
        kind=FindingKind.LOW_ITEM,
        text=plan.coaching.text,
        department=plan.coaching.department,
        opened_at=planned,
        opened_by=plan.words["lead"],
        state=FindingState.PLANNED,
        measure=replace(measure, planned_at=planned, due_at=due),
    )


async def _measure(
    reader: Reader,
    company: SampleCompany,
    told: CompanyFinding,
    cut: tuple[tuple[str, str], ...],
    spans: tuple[Period, datetime, Period],
) -> Measure:
    baseline, begun, window = spans
    before = await figure_in(reader, told.metric, dict(cut), baseline, company.order.now)
    return Measure(
        text=told.measure,
        metric=told.metric,
        target=str(told.target),
        owner=told.owner,
        due_at=begun + _A_DAY,
        baseline=baseline,
        before=measured(before),
        window=window,
        planned_by=company.plan.words["lead"],
        planned_at=begun - _PLANNED_BEFORE,
        cut=cut,
    )
