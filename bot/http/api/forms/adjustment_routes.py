"""Lines beside the sheets by API: points for merits and demerits, and who is left out of a result."""

from datetime import datetime
from fractions import Fraction
from http import HTTPStatus
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.adjustments import AdjustmentOutcome, NewAdjustment, add_line, adjustment_needs
from bot.http.api.forms.assessment_routes import known_form, read_form_period
from bot.http.api.openapi import problems
from bot.http.api.schemas.assessment import Exact
from bot.http.api.schemas.field_types import Id, Name, RatedId
from bot.http.api.schemas.ticket_request import RequestBody
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, Refusal, decide_once, ok_answer, refusal_answer
from dialogs.forms.model import Form
from dialogs.names import written_name
from dialogs.time.periods import Period
from storage.model.filled_forms import Adjustment

__all__ = ["AdjustmentBody", "adjustment_out", "router"]

router = api_router("assessments")


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


@router.post(
    "/adjustments",
    status_code=HTTPStatus.CREATED,
    response_model=AdjustmentOut,
    responses=problems(401, 404, 413, 422, 503),
)
async def add_adjustment(body: AdjustmentBody, request: Request, web: TheWeb) -> Response:
    """Add points to a result, or leave its subject out: 201, and 200 for the same line again. Raises Problem."""
    new = body.wanted(known_form(web, body.form), read_form_period(web, body.period))

    def tell(answer: AdjustmentOutcome | Refusal) -> ApiAnswer:
        if not isinstance(answer, AdjustmentOutcome):
            return refusal_answer(answer)
        return ok_answer(adjustment_out(answer.line), HTTPStatus.CREATED if answer.created else HTTPStatus.OK)

    answer = await decide_once(web, request, adjustment_needs(new), lambda context: add_line(context, new), tell)
    return answer.response()


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
