"""`/b/{token}`: a ticket's customer chooses the chat in which we ask and write to them.

Nothing is recorded by GET, since link previews and scanners fetch it, too: the press makes a link of its own, for one
use, as `POST /api/v1/customers/{id}/links` does.
"""

from datetime import timedelta
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.handlers.common.context import DecisionContext
from bot.handlers.customers.binding_links import BINDING_LASTS, LinkWanted, create_link, needs
from bot.handlers.desk_writes.ticket_link import TicketLink, read_ticket_link
from bot.handlers.desk_writes.ticket_visits import TicketStanding, TicketVisit, ticket_needs, visit_by_link
from bot.http.backoff import WrongSecrets
from bot.http.context import Web
from bot.http.pages import NOT_CACHED, NOT_DECIDED, form_fields, is_foreign
from bot.http.problems import Problem
from bot.http.ticket_page.ticket_screens import render_choice, render_opened, render_ticket_note
from bot.ports import Channel, PlatformUnready
from bot.signed_links import LinkPurpose, Stale
from storage.model.records import Token
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ticket_page_routes"]

_DOOR = "b"
_MOST_FIELDS = 4
_CHAT_OPENS_WITHIN = timedelta(hours=1)
"""So long a link to a chat lasts: who reads the ticket could keep one until its customer has a chat, and join it."""


def ticket_page_routes(wrong: WrongSecrets) -> list[BaseRoute]:
    """Return the routes; forged links are counted in `wrong`, as wrong keys are."""
    return [
        Route("/b/{token}", partial(_show, wrong), methods=["GET"]),
        Route("/b/{token}", partial(_take, wrong), methods=["POST"]),
    ]


async def _show(wrong: WrongSecrets, request: Request) -> Response:
    """Return the page with a button for each channel."""
    visit = await _visit(wrong, request)
    return render_choice(request, visit.locale) if isinstance(visit, TicketVisit) else visit


async def _take(wrong: WrongSecrets, request: Request) -> Response:
    """Return the page with the link to the channel that was chosen."""
    web: Web = request.app.state.web
    visit = await _visit(wrong, request)
    if not isinstance(visit, TicketVisit):
        return visit
    if is_foreign(request, web.receiver.policy.links.base):
        return render_ticket_note(request, "foreign", HTTPStatus.FORBIDDEN)
    channel = web.bindable.get(form_fields(await request.body(), _MOST_FIELDS).get("channel", ""))
    return render_choice(request, visit.locale) if channel is None else await _opened(request, visit, channel)


async def _opened(request: Request, visit: TicketVisit, channel: Channel) -> Response:
    """Store a link to a channel, and return the page that shows it; where that is a page of ours, lead there."""
    web: Web = request.app.state.web
    link, policy = _read(request), web.receiver.policy
    expires_at = web.clock.now() + (_CHAT_OPENS_WITHIN if policy.can(channel.name).customers else BINDING_LASTS)
    wanted = LinkWanted(visit.customer, channel.name, web.secrets.token(), expires_at, (link.source, link.ticket))
    try:
        binding = await channel.binding(wanted.secret, expires_at)
        made = await web.receiver.do(needs(wanted, policy), lambda context: create_link(context, wanted))
    except (*NOT_DECIDED, PlatformUnready):
        return render_ticket_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE, visit.locale)
    if not isinstance(made, Token):
        return render_ticket_note(request, "unknown", HTTPStatus.NOT_FOUND, visit.locale)
    if not policy.can(channel.name).customers:
        return RedirectResponse(binding.url, HTTPStatus.SEE_OTHER, NOT_CACHED)
    return render_opened(request, visit.locale, channel.name, binding)


async def _visit(wrong: WrongSecrets, request: Request) -> TicketVisit | Response:
    """Return who opens the page, or the page that says why there is nothing to choose."""
    web: Web = request.app.state.web
    try:
        link = _read(request)
    except Stale:
        return render_ticket_note(request, "expired", HTTPStatus.GONE)
    except LookupError:
        problem = Problem(HTTPStatus.NOT_FOUND, "There is no such page.")
        if wrong.counted(_DOOR, request.scope, problem) is not problem:
            return render_ticket_note(request, "busy", HTTPStatus.TOO_MANY_REQUESTS)
        return render_ticket_note(request, "unknown", HTTPStatus.NOT_FOUND)
    try:
        visit = await _look(web, link)
    except NOT_DECIDED:
        return render_ticket_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    if visit.state is TicketStanding.UNKNOWN:
        return render_ticket_note(request, "unknown", HTTPStatus.NOT_FOUND)
    return visit if visit.state is TicketStanding.OPEN else render_ticket_note(request, "bound", locale=visit.locale)


async def _look(web: Web, link: TicketLink) -> TicketVisit:
    def look(context: DecisionContext) -> Decision[TicketVisit]:
        return Decision(Changes(), visit_by_link(context, link))

    return await web.receiver.do(ticket_needs(link, "", web.receiver.policy), look)


def _read(request: Request) -> TicketLink:
    """Return what the link says. Raises Stale where it has expired, LookupError where it is none of ours."""
    web: Web = request.app.state.web
    links = web.receiver.policy.links
    purpose, subject = links.read(request.path_params["token"], web.clock.now())
    if purpose is not LinkPurpose.TICKET or not links.key:  # with an empty key anybody could sign
        raise LookupError("this link opens another page")
    return read_ticket_link(subject)
