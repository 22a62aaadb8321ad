"""What surrounds a sheet, by API: the link of the rater who fills it, lines beside its result, and what follows."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.adjustments import AdjustmentOutcome, add_line, adjustment_needs
from bot.handlers.assessments import needs as sheet_needs
from bot.handlers.improvement.commands import FindingAnswer
from bot.handlers.improvement.sheet_findings import open_sheet_finding, sheet_finding_needs
from bot.handlers.rater_links import check_rater, rating_by
from bot.http.api.forms.assessment_routes import known_form, read_form_period
from bot.http.api.forms.sheet_requests import (
    AdjustmentBody,
    AdjustmentOut,
    RaterLinkBody,
    RaterLinkOut,
    adjustment_out,
    rater_link_out,
)
from bot.http.api.improvement.finding_json import FindingOut, SheetFindingBody
from bot.http.api.improvement.finding_routes import finding_answer
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, Refusal, decide_once, ok_answer, refusal_answer
from dialogs.forms.model import form_in_force
from dialogs.time.named_days import named_days

__all__ = ["router"]

router = api_router("assessments")
AssessmentId = Annotated[Id, Path(description="The sheet's id.")]


@router.post("/links", response_model=RaterLinkOut, responses=problems(401, 404, 413, 422, 503))
async def make_rater_link(body: RaterLinkBody, web: TheWeb) -> Response:
    """Return the link of one rater. Nothing is stored: the same request gives such a link again. Raises Problem."""
    period = read_form_period(web, body.period)
    form = form_in_force(known_form(web, body.form), named_days(period.name).first)
    new = rating_by(body.link(period.name), form, period)
    refused = await web.receiver.do(sheet_needs(new, web.receiver.policy), lambda context: check_rater(context, new))
    if refused is not None:
        return refusal_answer(refused).response()
    return ok_answer(rater_link_out(web.receiver.policy, body, period.name, web.clock.now())).response()


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


@router.post(
    "/{assessment}/finding",
    status_code=HTTPStatus.CREATED,
    response_model=FindingOut,
    responses=problems(401, 404, 413, 422, 503),
)
async def follow_sheet(assessment: AssessmentId, body: SheetFindingBody, request: Request, web: TheWeb) -> Response:
    """Open the finding that words on a sheet become, to be followed as any other: 201, and 200 where it is there.

    Not of peers, subordinates and customers, whose words are told to nobody else.
    """
    wanted = body.wanted(assessment)
    needs = sheet_finding_needs(wanted, await web.reader.assessments.find(assessment))

    def tell(answer: FindingAnswer) -> ApiAnswer:
        return finding_answer(answer, HTTPStatus.CREATED)

    answer = await decide_once(web, request, needs, lambda context: open_sheet_finding(context, wanted), tell)
    return answer.response()
