"""Tickets in: created or updated by PUT, told by GET, asked about by hand."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.answers import NotFound, TicketView
from bot.handlers.tickets import needs
from bot.http.api.fields import Id, Source
from bot.http.api.ticket_answer import TicketAnswer, Told
from bot.http.api.ticket_body import AskBody, TicketBody, event_of
from bot.http.deciding import decide_once, refused
from bot.http.openapi import problems
from bot.http.strict_route import StrictRoute
from bot.http.ticketing import ask_about, asked, put_ticket, ticket_told
from bot.http.web import TheWeb
from storage.needs import Needs

__all__ = ["router"]

router = APIRouter(prefix="/tickets", tags=["Tickets"], route_class=StrictRoute)

SourceName = Annotated[Source, Path(description="The help desk's name.")]
TicketId = Annotated[Id, Path(description="The ticket's id there; it may hold slashes.")]


@router.put(
    "/{source}/{ticket:path}",
    response_model=TicketAnswer,
    responses={201: {"model": TicketAnswer, "description": "Created"}, **problems(401, 413, 422, 503)},
)
async def put_one(source: SourceName, ticket: TicketId, body: TicketBody, web: TheWeb) -> Response:
    """Create or update a ticket; repeating it changes nothing."""
    event = event_of(source, ticket, body)
    return ticket_told(await web.receiver.do(needs(event), lambda scene: put_ticket(scene, event))).response()


@router.get("/{source}/{ticket:path}", response_model=TicketAnswer, responses=problems(401, 404, 422, 503))
async def get_one(source: SourceName, ticket: TicketId, web: TheWeb) -> Response:
    """Tell a ticket and the survey of its latest closing."""
    found = await web.reader.ticket(source, ticket)
    if found is None:
        return refused(NotFound(f"ticket {source}/{ticket}")).response()
    view = TicketView(found.ticket, found.invitation, found.interview)
    return ticket_told(Told(view, found.customer, found.contacts)).response()


@router.post(
    "/{source}/{ticket:path}/survey", response_model=TicketAnswer, responses=problems(401, 404, 409, 413, 422, 503)
)
async def ask_now(source: SourceName, ticket: TicketId, body: AskBody, request: Request, web: TheWeb) -> Response:
    """Ask about the latest closing now, by hand; never after an opt-out, and once for a closing."""
    key = (source, ticket)
    needs_ticket = Needs(tickets=frozenset({key}))
    answer = await decide_once(web, request, needs_ticket, lambda scene: ask_about(scene, key, body.survey), asked)
    return answer.response()
