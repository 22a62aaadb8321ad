"""Responses by API: every interview that was asked, what is entered, what of it counts, and what people exclude."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.phrases import POLARITIES, PolarityName
from bot.handlers.responses.entered import EnteredOutcome, EnteringAnswer, enter_response
from bot.handlers.responses.entered import needs as entering_needs
from bot.handlers.surveys.exclude_response import (
    ExclusionAnswer,
    ExclusionOutcome,
    Proposal,
    StepWanted,
    needs,
    propose,
    take_step,
)
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.exclusion import ExclusionOut, ExclusionPage, ProposalBody, StepBody, exclusion_out
from bot.http.api.schemas.field_types import Id, Moment, TicketRef, read_ticket
from bot.http.api.schemas.response import NewResponseBody, ResponseOut, ResponsePage, response_out
from bot.http.api.schemas.response_explanation import ResponseExplanation, response_explanation
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from dialogs.exclusion.model import ExclusionState
from scoring.validity import ExclusionReason
from storage.reads.listings import ResponseFilter
from storage.unit_of_work.writer import Decision

__all__ = ["router"]

router = api_router("responses")

ResponseId = Annotated[Id, Path(description="The response's id.")]
Step = Literal["approve", "reject", "appeal", "grant", "dismiss"]
Status = Literal[
    "scheduled",
    "sent",
    "started",
    "completed",
    "partial",
    "declined",
    "expired",
    "suppressed",
    "unreachable",
    "cancelled",
]


@router.get("", response_model=ResponsePage, responses=problems(401, 422, 503))
async def list_responses(
    web: TheWeb,
    *,
    ticket: TicketRef | None = None,
    customer: Id | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    status: Status | None = None,
    comment: PolarityName | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List responses, those asked first before those asked later; `since` and `until` are about the asking.

    `comment` lists those whose comment says that as a whole, of those of which that is shown: a page may hold fewer.
    """
    polarity = None if comment is None else POLARITIES[comment]
    wanted = ResponseFilter(read_ticket(ticket) if ticket else None, customer, since, until, status, polarity)
    page = await paged(web.reader.responses(wanted, cursor, limit))
    surveys = await web.receiver.survey_versions(view.interview.survey for view in page.items)
    locale = web.receiver.policy.phrases.default
    items = (
        response_out(view.interview, view.invitation, surveys.get(view.interview.survey), locale, view.reading)
        for view in page.items
    )
    shown = tuple(one for one in items if comment in (None, one.comment_polarity))
    return ok_answer(ResponsePage(items=shown, next=page.next)).response()


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=ResponseOut,
    responses=problems(401, 404, 409, 413, 422, 503),
)
async def create_response(body: NewResponseBody, request: Request, web: TheWeb) -> Response:
    """Store what a customer answered on another way: 201 when it is new, 200 for the same again.

    Other answers in its place need a `reason`: what stood before stays in the history of answers.
    """
    policy = web.receiver.policy
    new = body.wanted(policy.default_survey)

    def tell(answer: EnteringAnswer) -> ApiAnswer:
        match answer:
            case EnteredOutcome(interview, invitation, created):
                survey = policy.survey_version(interview.survey)
                told = response_out(interview, invitation, survey, policy.phrases.default)
                return ok_answer(told, HTTPStatus.CREATED if created else HTTPStatus.OK)
            case NotFound() | Conflict() | Invalid() as refusal:
                return refusal_answer(refusal)

    answer = await decide_once(web, request, entering_needs(new), lambda context: enter_response(context, new), tell)
    return answer.response()


@router.get("/exclusions", response_model=ExclusionPage, responses=problems(401, 422, 503))
async def list_exclusions(
    web: TheWeb, *, state: ExclusionState | None = None, cursor: Cursor | None = None, limit: Limit = 50
) -> Response:
    """List what people have excluded or propose to, oldest first; `proposed` and `appealed` wait for a person."""
    page = await paged(web.reader.exclusions(state, cursor, limit))
    return ok_answer(ExclusionPage(items=tuple(map(exclusion_out, page.items)), next=page.next)).response()


@router.post(
    "/{response}/exclusion",
    response_model=ExclusionOut,
    responses={201: {"model": ExclusionOut, "description": "Created"}, **problems(401, 404, 409, 413, 422, 503)},
)
async def propose_exclusion(response: ResponseId, body: ProposalBody, request: Request, web: TheWeb) -> Response:
    """Store the proposal that a response does not count; 409 where it does not count already."""
    new = Proposal(response, ExclusionReason(body.reason), body.by, body.note)

    def decide(context: DecisionContext) -> Decision[ExclusionAnswer]:
        return propose(context, new)

    return (await decide_once(web, request, needs(response), decide, _exclusion_answer)).response()


@router.post(
    "/{response}/exclusion/{step}", response_model=ExclusionOut, responses=problems(401, 404, 409, 413, 422, 503)
)
async def take_exclusion_step(
    response: ResponseId, step: Step, body: StepBody, request: Request, web: TheWeb
) -> Response:
    """Store an approval or rejection, an appeal in time, its grant or dismissal: each by another person.

    409 says who may not, and until when an appeal was possible.
    """
    wanted = StepWanted(step, body.by, body.note, body.evidence)

    def decide(context: DecisionContext) -> Decision[ExclusionAnswer]:
        return take_step(context, response, wanted)

    return (await decide_once(web, request, needs(response), decide, _exclusion_answer)).response()


def _exclusion_answer(answer: ExclusionAnswer) -> ApiAnswer:
    match answer:
        case ExclusionOutcome(exclusion, created):
            return ok_answer(exclusion_out(exclusion), HTTPStatus.CREATED if created else HTTPStatus.OK)
        case NotFound() | Conflict() | Invalid() as refusal:
            return refusal_answer(refusal)


@router.get("/{response}/explain", response_model=ResponseExplanation, responses=problems(401, 404, 422, 503))
async def explain_response(response: ResponseId, web: TheWeb) -> Response:
    """Return what of a response counts, and why: its closing, its flags, each rating."""
    facts = await web.reader.response_facts(response)
    if facts is None:
        return refusal_answer(NotFound(f"response {response}")).response()
    return ok_answer(response_explanation(facts)).response()
