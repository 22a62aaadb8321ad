"""Links by API: the page on which one named rater fills one sheet."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.handlers.assessments import needs
from bot.handlers.common.policy import Policy
from bot.handlers.rater_links import RaterLink, check_rater, rating_by
from bot.http.api.forms.assessment_routes import known_form, read_form_period
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id, RatedId, RaterName
from bot.http.api.schemas.ticket_request import RequestBody
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer, refusal_answer
from bot.signed_links import LinkPurpose
from dialogs.forms.model import RaterRole, form_in_force
from dialogs.time.named_days import named_days

__all__ = ["RaterLinkBody", "RaterLinkOut", "rater_link_out", "router"]

router = api_router("assessments")

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


@router.post("/links", response_model=RaterLinkOut, responses=problems(401, 404, 413, 422, 503))
async def make_rater_link(body: RaterLinkBody, web: TheWeb) -> Response:
    """Return the link of one rater. Nothing is stored: the same request gives such a link again. Raises Problem."""
    period = read_form_period(web, body.period)
    form = form_in_force(known_form(web, body.form), named_days(period.name).first)
    new = rating_by(body.link(period.name), form, period)
    refused = await web.receiver.do(needs(new, web.receiver.policy), lambda context: check_rater(context, new))
    if refused is not None:
        return refusal_answer(refused).response()
    return ok_answer(rater_link_out(web.receiver.policy, body, period.name, web.clock.now())).response()


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
