"""Findings in JSON: request and response bodies."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.handlers.improvement.commands import NewFinding
from bot.handlers.improvement.sheet_findings import SheetFinding
from bot.http.api.schemas.field_types import Id, Language, Line, LongText, Moment, Name, NoteText
from bot.http.api.schemas.ticket_request import RequestBody
from bot.jobs.improvement.measured_metric import PlanWanted
from dialogs.improvement.model import (
    Finding,
    FindingKind,
    FindingState,
    Measure,
    Measured,
    MeasureResult,
    Verdict,
    Voice,
)
from dialogs.time.periods import Period

__all__ = [
    "DismissBody",
    "DoneBody",
    "FindingOut",
    "FindingPage",
    "MeasureBody",
    "NewFindingBody",
    "SheetFindingBody",
    "TellBody",
    "WaitBody",
    "finding_out",
]

_MOST = 10**12
Ids = Annotated[tuple[Id, ...], Field(max_length=2000)]
PeriodName = Annotated[str, Field(max_length=30, examples=["2026-12", "2026-12-01..2027-01-01"])]
Pairs = Annotated[dict[Id, Line], Field(max_length=2)]


class NewFindingBody(RequestBody):
    """What was found, and who has to see to it; responses and issues bring the customers who raised it."""

    text: NoteText = Field(description="what was found, in a sentence; without names of customers")
    department: Name = Field(description="who has to see to it")
    by: Name
    kind: FindingKind = FindingKind.SUGGESTION
    dimension: Id | None = Field(None, description="what it is about: of each response what was said of that is quoted")
    responses: Ids = ()
    issues: Ids = ()
    customers: Ids = Field((), description="who raised it in another way")

    def wanted(self, key: str) -> NewFinding:
        """Return it as the decision takes it."""
        return NewFinding(
            key=key,
            kind=self.kind,
            text=self.text,
            department=self.department,
            by=self.by,
            responses=self.responses,
            issues=self.issues,
            customers=self.customers,
            dimension=self.dimension or "",
        )


class SheetFindingBody(RequestBody):
    """Who wants what is written on a sheet to be followed."""

    by: Name
    field: Annotated[str, Field(max_length=200)] = Field(
        "", description="where the words stand; the field that the form marks with `action` if left out"
    )
    department: Annotated[str, Field(max_length=200)] = Field(
        "", description="who has to see to it; whoever the sheet is about if left out"
    )

    def wanted(self, assessment: str) -> SheetFinding:
        """Return it as the decision takes it."""
        return SheetFinding(assessment, self.by, self.field, self.department)


class MeasureBody(RequestBody):
    """What is changed, by whom until when, and by which metric it is verified."""

    measure: NoteText = Field(description="what is changed; customers read it where nothing else is told them")
    metric: Id = Field(description="of the catalogue")
    target: Annotated[float, Field(ge=-_MOST, le=_MOST, allow_inf_nan=False)] = Field(
        description="what the metric has to reach, in its unit"
    )
    owner: Name
    due: date = Field(description="the last day for it")
    by: Name
    cut: Pairs = Field({}, description="keys of the figure; empty for all")
    pilot: Pairs = Field({}, description="one more key: the group that begins, compared with the rest")
    baseline: PeriodName = Field("", description="the 30 days before today if left out")
    verify: PeriodName = Field("", description="the window; the 30 days after `due` if left out")

    def wanted(self) -> PlanWanted:
        """Return it as it is prepared."""
        return PlanWanted(
            text=self.measure,
            metric=self.metric,
            target=Fraction(str(self.target)),
            owner=self.owner,
            due=self.due,
            by=self.by,
            cut=self.cut,
            pilot=self.pilot,
            baseline=self.baseline,
            verify=self.verify,
        )


class DoneBody(RequestBody):
    """Who says that it was changed, or looks at what came of it."""

    by: Name


class WaitBody(RequestBody):
    """Until when to wait for more answers."""

    by: Name
    until: Moment


class TellBody(RequestBody):
    """What customers are told that was changed, by language; the measure's own text if left out."""

    by: Name
    words: Annotated[dict[Language, LongText], Field(max_length=10)] = Field(
        {}, examples=[{"en": "we call back within 4 hours"}]
    )

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """The words by language, without empty ones."""
        return tuple((language, text.strip()) for language, text in self.words.items() if text.strip())


class DismissBody(RequestBody):
    """Why nothing is changed because of it."""

    by: Name
    note: NoteText


class SpanOut(BaseModel):
    """A period; the day of `to` is excluded."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")


class MeasuredOut(BaseModel):
    """A metric in a period: value and interval of 95 %, null where there is none, from `n` people or cases."""

    value: float | None
    n: int
    low: float | None
    high: float | None


class MeasureOut(BaseModel):
    """A measure."""

    measure: str
    metric: str
    cut: dict[str, str]
    pilot: dict[str, str]
    target: float
    owner: str
    due_at: datetime
    baseline: SpanOut
    before: MeasuredOut
    verify: SpanOut
    planned_by: str
    planned_at: datetime


class VerificationOut(BaseModel):
    """What came of a measure; `effect` is the change in the metric's unit, of a pilot beyond that of the rest."""

    measure: MeasureOut
    verdict: Verdict
    before: MeasuredOut
    after: MeasuredOut
    effect: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str
    at: datetime


class VoiceOut(BaseModel):
    """A customer who raised it, and what they had said."""

    customer: str
    said: str
    at: datetime


class FindingOut(BaseModel):
    """A finding; `measure` is the present one, `results` what came of it and of those before."""

    id: str
    kind: FindingKind
    text: str
    department: str
    status: FindingState
    opened_at: datetime
    opened_by: str
    origin: str | None = Field(description="what found it without a person")
    responses: tuple[str, ...]
    issues: tuple[str, ...]
    voices: tuple[VoiceOut, ...]
    measure: MeasureOut | None
    reminded_at: datetime | None
    escalated_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    results: tuple[VerificationOut, ...]
    campaign: str | None = Field(description="what tells the customers")
    told: dict[str, str]
    closed_at: datetime | None
    closed_by: str | None
    note: str | None = Field(description="why it was dismissed")
    next_at: datetime | None = Field(description="when time changes it next")


class FindingPage(BaseModel):
    """A page of findings; `next` is the cursor of the page after it."""

    items: tuple[FindingOut, ...]
    next: str | None


_TOLD_ALIKE = ("id", "kind", "text", "department", "opened_at", "opened_by", "responses", "issues")
_OR_NULL = ("origin", "reminded_at", "escalated_at", "done_at", "done_by", "campaign", "closed_at", "closed_by", "note")


def finding_out(finding: Finding, voices: Iterable[Voice]) -> FindingOut:
    """Return a finding as the API shows it."""
    return FindingOut(
        **{name: getattr(finding, name) for name in _TOLD_ALIKE},
        **{name: getattr(finding, name) or None for name in _OR_NULL},
        status=finding.state,
        voices=tuple(VoiceOut(customer=one.customer, said=one.said, at=one.at) for one in voices),
        measure=None if finding.measure is None else _measure_out(finding.measure),
        results=tuple(map(_verification_out, finding.results)),
        told=dict(finding.told),
        next_at=finding.look_at,
    )


def _measure_out(measure: Measure) -> MeasureOut:
    return MeasureOut(
        measure=measure.text,
        metric=measure.metric,
        cut=dict(measure.cut),
        pilot=dict(measure.pilot),
        target=float(Fraction(measure.target)),
        owner=measure.owner,
        due_at=measure.due_at,
        baseline=_span_out(measure.baseline),
        before=_measured_out(measure.before),
        verify=_span_out(measure.window),
        planned_by=measure.planned_by,
        planned_at=measure.planned_at,
    )


def _verification_out(one: MeasureResult) -> VerificationOut:
    return VerificationOut(
        measure=_measure_out(one.measure),
        verdict=one.verdict,
        before=_measured_out(one.before),
        after=_measured_out(one.after),
        effect=_number(one.effect),
        low=_number(one.low),
        high=_number(one.high),
        p=one.p,
        method=one.method,
        at=one.at,
    )


def _span_out(period: Period) -> SpanOut:
    return SpanOut(since=period.since, until=period.until)


def _measured_out(one: Measured) -> MeasuredOut:
    return MeasuredOut(value=_number(one.value), n=one.n, low=_number(one.low), high=_number(one.high))


def _number(text: str | None) -> float | None:
    return None if text is None else float(Fraction(text))
