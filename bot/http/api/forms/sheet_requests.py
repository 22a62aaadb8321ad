"""Links of raters, files of sheets and lines beside them in JSON: request and response bodies."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from bot.handlers.adjustments import NewAdjustment
from bot.handlers.common.policy import Policy
from bot.handlers.rater_links import RaterLink
from bot.http.api.schemas.assessment import Exact
from bot.http.api.schemas.field_types import Id, Name, RatedId, RaterName
from bot.http.api.schemas.ticket_request import RequestBody
from bot.signed_links import LinkPurpose
from dialogs.forms.model import Form, RaterRole
from dialogs.names import written_name
from dialogs.time.periods import Period
from storage.model.filled_forms import Adjustment, AssessmentFile

__all__ = [
    "AdjustmentBody",
    "AdjustmentOut",
    "RaterLinkBody",
    "RaterLinkOut",
    "SheetFileOut",
    "adjustment_out",
    "rater_link_out",
    "sheet_file_out",
]

_LONGEST = 92
"""Days that a link may last at most: a quarter."""


class RaterLinkBody(RequestBody):
    """Who is to rate whom, for which period; `subject_name` is how the page calls whoever is rated."""

    form: Id
    subject: RatedId
    subject_name: RaterName = ""
    period: Annotated[str, Field(max_length=20)] = Field(examples=["2026-11", "2026-Q4"])
    role: Literal["self", "superior", "peer", "subordinate", "station", "auditor", "customer"]
    rater: RaterName = Field("", description="who fills it; a customer's link has `customer` instead")
    customer: Annotated[str, Field(max_length=200)] = ""
    days: int = Field(14, ge=1, le=_LONGEST, description="how long the link opens the page")

    def link(self, period: str) -> RaterLink:
        """Return what the link says; `period` is the period's one name."""
        role = RaterRole(self.role)
        return RaterLink(self.form, self.subject, period, role, self.rater, self.customer, self.subject_name)


class RaterLinkOut(BaseModel):
    """A rater's link; whoever has it fills the sheet in their name, so it goes to them alone."""

    url: str
    expires_at: datetime
    form: str
    subject: str
    period: str
    role: str
    rater: str | None


def rater_link_out(policy: Policy, body: RaterLinkBody, period: str, now: datetime) -> RaterLinkOut:
    """Return the signed link of a request that was found right."""
    expires_at, link = now + timedelta(days=body.days), body.link(period)
    return RaterLinkOut(
        url=policy.links.url(LinkPurpose.RATER, link.text, expires_at),
        expires_at=expires_at,
        form=link.form,
        subject=link.subject,
        period=link.period,
        role=link.role,
        rater=link.rater or None,
    )


def _reason(value: str) -> str:
    if not written_name(value):
        raise ValueError("is empty; say why")
    return " ".join(value.split())


Reason = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_reason)]


class AdjustmentBody(RequestBody):
    """A line to add; without `points` the subject is left out of the result."""

    form: Id
    subject: RatedId
    period: Annotated[str, Field(max_length=20)] = Field(examples=["2026-11", "2026-Q4"])
    points: Exact | None = Field(None, description="above 0 for merits, below 0 for demerits; null leaves them out")
    reason: Reason
    by: Name

    def wanted(self, form: Form, period: Period) -> NewAdjustment:
        """Return it as the decision takes it."""
        points: Fraction | None = self.points
        return NewAdjustment(form, self.subject, period, points, self.reason, self.by)


class AdjustmentOut(BaseModel):
    """A line that stands beside the sheets."""

    id: str
    form: str
    subject: str
    period: str
    points: float | None
    reason: str
    by: str
    at: datetime


def adjustment_out(line: Adjustment) -> AdjustmentOut:
    """Return a line as the API shows it."""
    return AdjustmentOut(
        id=line.id,
        form=line.form,
        subject=line.subject,
        period=line.period,
        points=None if line.points is None else float(Fraction(line.points)),
        reason=line.reason,
        by=line.by,
        at=line.at,
    )


class SheetFileOut(BaseModel):
    """A file as evidence; `id` is what a sheet names it by, beside addresses."""

    id: str
    assessment: str | None
    item: str | None
    name: str
    media_type: str
    size: int
    sha256: str
    by: str
    at: datetime
    kept_until: datetime | None = Field(description="when it goes unless a sheet names it; null once one does")


def sheet_file_out(file: AssessmentFile) -> SheetFileOut:
    """Return a file as the API shows it."""
    return SheetFileOut(
        id=file.id,
        assessment=file.assessment or None,
        item=file.item or None,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.hash,
        by=file.by,
        at=file.at,
        kept_until=file.kept_until,
    )
