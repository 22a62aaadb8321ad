"""Lines beside the sheets by API: points for merits and demerits, and who is left out of a result."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.adjustments import AdjustmentOutcome, add_line, adjustment_needs
from bot.http.api.forms.assessment_routes import known_form, read_form_period
from bot.http.api.forms.sheet_requests import AdjustmentBody, AdjustmentOut, adjustment_out
from bot.http.api.openapi import problems
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, Refusal, decide_once, ok_answer, refusal_answer

__all__ = ["router"]

router = api_router("assessments")


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
