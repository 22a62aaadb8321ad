"""Tickets by API: created or updated by PUT, read by GET, asked about by hand, and which survey rule decides."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import NotFound, TicketOutcome
from bot.handlers.surveys.explain import explain, explain_needs
from bot.handlers.surveys.tickets import needs
from bot.http.api import ticket_decisions
from bot.http.api.openapi import problems
from bot.http.api.quality.verdict_answer import VerdictOut, verdict_answer
from bot.http.api.schemas.field_types import Id, Source
from bot.http.api.schemas.rule_explanation import ExplainAnswer, explain_answer
from bot.http.api.schemas.ticket_request import AskBody, TicketBody
from bot.http.api.schemas.ticket_response import TicketAnswer, TicketDetails, ticket_details
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import Refusal, decide_once, ok_answer, refusal_answer
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision

__all__ = ["router"]

router = api_router("tickets")

SourceName = Annotated[Source, Path(description="The help desk's name.")]
TicketId = Annotated[Id, Path(description="The ticket's id there; it may hold slashes.")]


@router.put(
    "/{source}/{ticket:path}",
    response_model=TicketAnswer,
    responses={201: {"model": TicketAnswer, "description": "Created"}, **problems(401, 413, 422, 503)},
)
async def put_ticket(source: SourceName, ticket: TicketId, body: TicketBody, web: TheWeb) -> Response:
    """Create or update a ticket; repeating it changes nothing."""
    event = ticket_decisions.read_report(web, (source, ticket), body)
    told = await web.receiver.do(
        needs(event, web.receiver.policy), lambda context: ticket_decisions.put_ticket(context, event)
    )
    return ticket_decisions.ticket_or_refusal(told).response()


@router.get(
    "/{source}/{ticket:path}/survey/explain", response_model=ExplainAnswer, responses=problems(401, 404, 422, 503)
)
async def explain_survey(source: SourceName, ticket: TicketId, web: TheWeb) -> Response:
    """Return which rule decides about a ticket, and why; one that is not closed is taken as if it closed now."""
    key = (source, ticket)
    found = await web.receiver.do(explain_needs(key), lambda context: Decision(Changes(), explain(context, key)))
    return (refusal_answer(found) if isinstance(found, NotFound) else ok_answer(explain_answer(found))).response()


@router.get("/{source}/{ticket:path}/verdict", response_model=VerdictOut, responses=problems(401, 404, 422, 503))
async def get_verdict(source: SourceName, ticket: TicketId, web: TheWeb) -> Response:
    """Return one verdict on a ticket from all that customers said of it, each source with its score and weight."""
    return (await verdict_answer(web, (source, ticket))).response()


@router.get("/{source}/{ticket:path}", response_model=TicketAnswer, responses=problems(401, 404, 422, 503))
async def get_ticket(source: SourceName, ticket: TicketId, web: TheWeb) -> Response:
    """Return a ticket and the survey of its latest closing."""
    found = await web.reader.ticket(source, ticket)
    if found is None:
        return refusal_answer(NotFound(f"ticket {source}/{ticket}")).response()
    view = TicketOutcome(found.ticket, found.invitation, found.interview)
    rows = Snapshot((found.customer, *found.contacts))
    return ticket_decisions.ticket_response(
        ticket_details(DecisionContext(rows, web.receiver.policy, web.clock.now()), view)
    ).response()


@router.post(
    "/{source}/{ticket:path}/survey", response_model=TicketAnswer, responses=problems(401, 404, 409, 413, 422, 503)
)
async def ask_by_hand(
    source: SourceName, ticket: TicketId, request: Request, web: TheWeb, body: AskBody | None = None
) -> Response:
    """Ask about the latest closing now, by hand; never after an opt-out, and once for a closing."""
    key, survey = (source, ticket), body.survey if body else None

    def decide(context: DecisionContext) -> Decision[TicketDetails | Refusal]:
        return ticket_decisions.ask_about(context, key, survey)

    return (
        await decide_once(web, request, Needs(tickets=frozenset({key})), decide, ticket_decisions.ticket_or_refusal)
    ).response()
