"""`/b/for/{connector}`: the page behind a line that stands in every signature, the same for all tickets of a help desk.

Its address holds only a ticket's number, which anybody can guess: the customer says which address or number they wrote
from, and is led to the page that is theirs. `.png` is the address as a QR code.
"""

import io
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.phone_spellings import one_number
from bot.handlers.common.context import DecisionContext
from bot.handlers.desk_writes.ticket_link import TicketLink, ticket_link
from bot.handlers.desk_writes.ticket_visits import ticket_needs
from bot.http.backoff import WrongSecrets
from bot.http.context import Web
from bot.http.pages import NOT_CACHED, NOT_DECIDED, form_fields, is_foreign
from bot.http.problems import Problem
from bot.http.ticket_page.ticket_screens import render_proof, render_ticket_note
from bot.signed_links import LinkPurpose
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ticket_proof_routes"]

_DOOR = "b/for"
_LONGEST = 200
_LONGEST_IN_CODE = 600
"""Characters of a ticket as an address has it: a code of many more takes long to draw, and of 2,400 there is none."""
_MOST_FIELDS = 4
_LASTS = timedelta(hours=1)
_A_DAY = {"cache-control": "public, max-age=86400"}


def ticket_proof_routes(wrong: WrongSecrets) -> list[BaseRoute]:
    """Return the routes; addresses that are not a ticket's are counted in `wrong`, and too many end the guessing."""
    return [
        Route("/b/for/{connector}.png", _code, methods=["GET"]),
        Route("/b/for/{connector}", _show, methods=["GET"]),
        Route("/b/for/{connector}", partial(_take, wrong), methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    """Return the page that asks for the ticket's number and the customer's address."""
    if not _is_open(request):
        return render_ticket_note(request, "unknown", HTTPStatus.NOT_FOUND)
    return render_proof(request, request.query_params.get("ticket", "")[:_LONGEST])


async def _take(wrong: WrongSecrets, request: Request) -> Response:
    """Redirect to the ticket's page whoever knows the address that its customer wrote from."""
    web: Web = request.app.state.web
    if (refusal := _refusal(wrong, request)) is not None:
        return refusal
    given = form_fields(await request.body(), _MOST_FIELDS)
    number, who = given.get("ticket", "").strip()[:_LONGEST], given.get("who", "").strip()[:_LONGEST]
    try:
        link = await _proved(web, request.path_params["connector"], number, who)
    except NOT_DECIDED:
        return render_ticket_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    if link is not None:
        token = web.receiver.policy.links.token(LinkPurpose.TICKET, link.text, web.clock.now() + _LASTS)
        return RedirectResponse(f"../{token}", HTTPStatus.SEE_OTHER, NOT_CACHED)
    problem = Problem(HTTPStatus.NOT_FOUND, "There is no such ticket.")
    if wrong.counted(_DOOR, request.scope, problem) is not problem:
        return render_ticket_note(request, "busy", HTTPStatus.TOO_MANY_REQUESTS)
    return render_proof(request, number, is_wrong=True)


def _refusal(wrong: WrongSecrets, request: Request) -> Response | None:
    """Return why a form is not looked at, None where it is."""
    web: Web = request.app.state.web
    if not _is_open(request):
        return render_ticket_note(request, "unknown", HTTPStatus.NOT_FOUND)
    if is_foreign(request, web.receiver.policy.links.base):
        return render_ticket_note(request, "foreign", HTTPStatus.FORBIDDEN)
    if wrong.refusing(_DOOR, request.scope):
        return render_ticket_note(request, "busy", HTTPStatus.TOO_MANY_REQUESTS)
    return None


async def _code(request: Request) -> Response:
    """Return the page's address as a QR code."""
    if not _is_open(request):
        return Response(status_code=HTTPStatus.NOT_FOUND)
    ticket = quote(request.query_params.get("ticket", "")[:_LONGEST], safe="")
    if len(ticket) > _LONGEST_IN_CODE:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    web: Web = request.app.state.web
    import segno  # noqa: PLC0415 (not before a code is asked for)

    address = f"{web.receiver.policy.links.base.rstrip('/')}/b/for/{request.path_params['connector']}?ticket={ticket}"
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=4, border=2)
    return Response(picture.getvalue(), media_type="image/png", headers=_A_DAY)


def _is_open(request: Request) -> bool:
    """Return whether such a help desk delivers here, and links can be signed."""
    web: Web = request.app.state.web
    name = request.path_params["connector"]
    return name in CONNECTORS and bool(web.desks.option(name).secrets) and bool(web.receiver.policy.links.key)


async def _proved(web: Web, connector: str, number: str, who: str) -> TicketLink | None:
    """Return the link of a ticket whose customer has this e-mail address or number; None for any other."""

    def look(context: DecisionContext) -> Decision[Customer | None]:
        ticket = context.snapshot.ticket(connector, number)
        return Decision(Changes(), context.snapshot.customer(ticket.customer) if ticket is not None else None)

    customer = await web.receiver.do(ticket_needs(TicketLink(connector, number, ""), "", web.receiver.policy), look)
    if customer is None or not who:
        return None
    region = web.desks.option(connector).region
    numbers = {one_number(text, region) or text for text in (customer.phone,) if text}
    is_theirs = who.casefold() == customer.email.casefold() or (one_number(who, region) or who) in numbers
    return ticket_link(connector, number, customer.id) if is_theirs else None
