"""Filled sheets and their results in JSON: request and response bodies."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, StringConstraints, WithJsonSchema

from bot.handlers.assessments import NewAssessment
from bot.handlers.evidence_files import is_evidence_file
from bot.http.api.schemas.field_types import Id, Line, LongText, Name, RatedId, RaterName, is_web_address
from bot.http.api.schemas.ticket_request import RequestBody
from bot.jobs.assessment_results import ResultWanted, SheetComment
from config.errors import InvalidValue
from config.values.numbers import read_number
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.joined_result import AddedPoints, CustomersScore, PeriodResult
from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole, form_in_force
from dialogs.survey import in_locale
from dialogs.time.named_days import named_days
from dialogs.time.periods import Period
from storage.model.filled_forms import FilledForm

__all__ = [
    "AssessmentOut",
    "AssessmentPage",
    "Exact",
    "FormResultOut",
    "NewAssessmentBody",
    "assessment_out",
    "form_result_out",
]

_MOST = 100  # items, fields, pieces of evidence


def _number(value: object) -> Fraction:
    try:
        return read_number(value)
    except InvalidValue:
        raise ValueError("must be a number, with at most nine digits behind the point") from None


def _shown_by(value: str) -> str:
    if value and not (is_evidence_file(value) or is_web_address(value)):
        raise ValueError("is neither a web address nor the id of an uploaded file")
    return value


EvidenceRef = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_shown_by)]
Addresses = Annotated[tuple[EvidenceRef, ...], Field(max_length=20)]
Exact = Annotated[Fraction, PlainValidator(_number), WithJsonSchema({"type": "number"})]


class NewAssessmentBody(RequestBody):
    """A sheet to store; items and fields are those of the form's file."""

    form: Id
    subject: RatedId = Field(description="whom or what the form is about: the agent's id, the team, the station")
    period: Annotated[str, Field(max_length=20)] = Field(examples=["2026-11", "2026-Q4"])
    role: Literal["self", "superior", "peer", "subordinate", "station", "auditor", "customer"]
    rater: RaterName = ""
    customer: Annotated[str, Field(max_length=200)] = ""
    source: Annotated[str, Field(max_length=20)] = ""
    sheet_no: Annotated[str, Field(max_length=100, description="the number on a customer's paper")] = ""
    by: Name
    values: Annotated[dict[Id, Exact], Field(max_length=_MOST)]
    not_applicable: Annotated[tuple[Id, ...], Field(max_length=_MOST)] = ()
    evidence: dict[Id, Addresses] = Field(
        default_factory=dict, max_length=_MOST, description="by item: addresses, and ids of uploaded files"
    )
    words: dict[Id, LongText] = Field(default_factory=dict, max_length=_MOST)
    reason: Line = ""

    def wanted(self, form: Form, period: Period) -> NewAssessment:
        """Return it as the decision takes it, by the form that is in force as the period begins."""
        form = form_in_force(form, named_days(period.name).first)
        evidence = {item: addresses for item, addresses in self.evidence.items() if addresses}
        entry = SheetEntry(self.values, frozenset(self.not_applicable), evidence, self.words)
        return NewAssessment(
            form=form,
            subject=self.subject,
            period=period,
            role=RaterRole(self.role),
            by=self.by,
            entry=entry,
            rater=self.rater,
            customer=self.customer,
            source=self.source,
            sheet_no=self.sheet_no,
            reason=self.reason,
        )


class SheetSectionOut(BaseModel):
    """What a section earned of its weight; null while it is incomplete."""

    section: str
    name: str
    weight: float
    score: float | None
    answered: int
    asked: int


class SheetItemOut(BaseModel):
    """A line of the sheet."""

    item: str
    name: str
    value: float | None
    not_applicable: bool
    evidence: tuple[str, ...]


class AssessmentOut(BaseModel):
    """A filled sheet; of peers and subordinates only that there is one, since nobody is told what each of them gave."""

    id: str
    form: str
    version: int
    title: str
    subject: str
    subject_kind: str
    period: str
    since: datetime
    until: datetime
    role: str
    rater: str | None
    customer: str | None
    source: str | None
    sheet_no: str | None
    by: str | None
    at: datetime
    total: float | None = Field(description="of 100, not rounded; null for an incomplete sheet")
    grade: str | None
    sections: tuple[SheetSectionOut, ...]
    items: tuple[SheetItemOut, ...]
    words: dict[str, str]
    actions: tuple[str, ...] = Field(description="fields with words that are to be acted on, as the form marks them")
    prepared_by: str | None
    checked_by: str | None
    approved_by: str | None


class AssessmentPage(BaseModel):
    """A page of sheets; `next` is the cursor of the page after it."""

    items: tuple[AssessmentOut, ...]
    next: str | None


class RoleResultOut(BaseModel):
    """The mean of a role's sheets, and its weight in percent."""

    role: str
    raters: int
    mean: float
    weight: float


class PartOut(BaseModel):
    """The result of a shorter period."""

    period: str
    total: float | None
    grade: str | None


class CustomersPartOut(BaseModel):
    """The customers' ratings of a subject, as a share of what was possible (`score_rate`)."""

    share: float = Field(description="of the result, in percent")
    score: float | None = Field(description="of 100; null where it cannot be told: then the sheets decide alone")
    people: int
    ratings: int
    state: str = Field(description="as of any figure: empty, few, withheld, mixed, small, full")


class AddedOut(BaseModel):
    """Points that somebody added to the result or took from it; null leaves the subject out of it."""

    points: float | None
    reason: str
    by: str
    at: datetime


class CommentOut(BaseModel):
    """What a rater wrote who is named."""

    period: str
    role: str
    rater: str | None
    field: str
    text: str


class FormResultOut(BaseModel):
    """A result with what it was made of."""

    form: str
    version: int = Field(description="of the form by which it is joined and graded")
    effective_from: str | None = Field(description="the day from which that form holds; null where it always did")
    title: str
    subject: str
    period: str
    provisional: bool = Field(description="the period is not over")
    total: float | None
    grade: str | None
    formula: str
    roles: tuple[RoleResultOut, ...]
    missing: tuple[str, ...] = Field(description="roles without which there is no result")
    incomplete: int = Field(description="sheets with open items, which count for nothing")
    withheld: bool = Field(description="it would tell what single raters gave who are not named")
    too_few: tuple[str, ...] = Field(description="roles whose raters are not named, with fewer than three of them")
    waiting: int = Field(description="sheets of such raters that count once the mean changes, three or more at once")
    inside: float | None = Field(description="what the sheets alone come to, where the form gives customers a share")
    customers: CustomersPartOut | None = Field(description="the share of the customers' ratings, where there is one")
    adjustments: tuple[AddedOut, ...] = Field(description="lines that somebody added; the total has them")
    left_out: bool = Field(description="by one of those lines, without points")
    parts: tuple[PartOut, ...]
    comments: tuple[CommentOut, ...] = Field(description="with `view=rated`: what raters wrote who are named")


def assessment_out(assessment: FilledForm, locale: str) -> AssessmentOut:
    """Return a sheet as the API shows it, with its names in `locale`."""
    sheet, is_told = assessment.sheet, assessment.role not in ANONYMOUS_ROLES
    shown: dict[str, list[str]] = {}
    for item, address in assessment.evidence:
        shown.setdefault(item, []).append(address)
    sections = (
        SheetSectionOut(
            section=one.id,
            name=in_locale(one.name, locale),
            weight=float(Fraction(one.weight)),
            score=_shown(one.score),
            answered=one.answered,
            asked=one.asked,
        )
        for one in sheet.sections
    )
    items = (
        SheetItemOut(
            item=one.id,
            name=in_locale(one.name, locale),
            value=_shown(one.value),
            not_applicable=one.is_not_applicable,
            evidence=tuple(shown.get(one.id, ())),
        )
        for one in sheet.items
    )
    return AssessmentOut(
        id=assessment.id,
        form=assessment.form,
        version=assessment.form_number,
        title=in_locale(sheet.title, locale),
        subject=assessment.subject,
        subject_kind=assessment.subject_kind,
        period=assessment.period,
        since=assessment.since,
        until=assessment.until,
        role=assessment.role,
        rater=assessment.rater or None if is_told else None,
        customer=assessment.customer,
        source=assessment.source or None,
        sheet_no=assessment.sheet_no or None,
        by=assessment.by if is_told else None,
        at=assessment.at,
        total=_shown(assessment.total) if is_told else None,
        grade=in_locale(sheet.grade, locale) or None if is_told else None,
        sections=tuple(sections) if is_told else (),
        items=tuple(items) if is_told else (),
        words={line.id: line.text for line in assessment.words} if is_told else {},
        actions=tuple(line.id for line in assessment.words if line.is_action) if is_told else (),
        prepared_by=sheet.prepared_by or None,
        checked_by=sheet.checked_by or None,
        approved_by=sheet.approved_by or None,
    )


def form_result_out(
    wanted: ResultWanted, result: PeriodResult, locale: str, comments: Sequence[SheetComment] = ()
) -> FormResultOut:
    """Return a result as the API shows it, with its names in `locale`."""
    form, theirs = wanted.form, result.customers
    roles = (
        RoleResultOut(role=one.role, raters=one.raters, mean=float(one.mean), weight=float(one.weight))
        for one in result.joined.roles
    )
    parts = (
        PartOut(
            period=one.period,
            total=None if one.total is None else float(one.total),
            grade=in_locale(one.grade.name, locale) if one.grade else None,
        )
        for one in result.parts
    )
    return FormResultOut(
        form=form.id,
        version=form.version,
        effective_from=form.effective_from or None,
        title=in_locale(form.title, locale),
        subject=wanted.subject,
        period=wanted.period.name,
        provisional=not wanted.period.is_over(wanted.now),
        total=None if result.total is None else float(result.total),
        grade=in_locale(result.grade.name, locale) if result.grade else None,
        formula=result.formula,
        roles=tuple(roles),
        missing=result.joined.missing,
        incomplete=result.incomplete,
        withheld=result.withheld,
        too_few=result.too_few,
        waiting=result.waiting,
        inside=None if result.inside is None else float(result.inside),
        customers=None if theirs is None else _customers_out(theirs),
        adjustments=tuple(map(_added_out, result.added)),
        left_out=result.left_out,
        parts=tuple(parts),
        comments=tuple(
            CommentOut(
                period=one.period,
                role=one.role,
                rater=one.rater or None,
                field=in_locale(one.name, locale),
                text=one.text,
            )
            for one in comments
        ),
    )


def _added_out(line: AddedPoints) -> AddedOut:
    points = None if line.points is None else float(line.points)
    return AddedOut(points=points, reason=line.reason, by=line.by, at=line.at)


def _customers_out(theirs: CustomersScore) -> CustomersPartOut:
    return CustomersPartOut(
        share=float(theirs.share),
        score=None if theirs.score is None else float(theirs.score),
        people=theirs.people,
        ratings=theirs.ratings,
        state=theirs.state,
    )


def _shown(exact: str | None) -> float | None:
    return None if exact is None else float(Fraction(exact))
