"""What the sandbox's page asks for and sends: both chats, what people do in them, tickets that are closed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.channels.sandbox.channel import PHONE, parse_action, source_of
from bot.channels.webhooks import MalformedDelivery
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.tickets import needs
from bot.http.api.schemas.field_types import Line
from bot.http.api.schemas.ticket_request import RequestBody
from bot.http.api.schemas.ticket_response import TicketDetails
from bot.http.api.ticket_decisions import ask_about, put_ticket
from bot.http.console.guard import is_inside
from bot.http.console.render import CONSOLE_TEXTS, reader_language
from bot.http.console.state import state_of
from bot.http.context import Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import Refusal
from bot.http.pages import NOT_CACHED
from bot.http.problems import Problem
from bot.http.request_json import json_body, model_body
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.phrases import Phrases
from storage.model.errors import NOT_SAVED
from storage.model.records import TicketStatus
from storage.unit_of_work.needs import Needs

__all__ = ["close_ticket", "state", "stream", "take_action"]

_LOOKS_EVERY = 0.25
"""Seconds between two looks at the chats while a page is open."""
_KEEP_ALIVE = 60
"""Looks without news after which a comment is sent, so that proxies keep the connection open."""
_CUSTOMER = "sandbox"


class FormBody(RequestBody):
    """The form that closes a ticket; `id` is the page's own and unique."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    name: Line
    subject: Line
    agent: Line = ""


async def state(request: Request) -> Response:
    """Return both chats, for pages that get no stream."""
    return Response(await state_of(request.app.state.web), media_type="application/json", headers=NOT_CACHED)


async def stream(request: Request) -> Response:
    """Stream both chats whenever they change, as server-sent events."""
    headers = {**NOT_CACHED, "x-accel-buffering": "no"}
    return StreamingResponse(_news(request), media_type="text/event-stream", headers=headers)


async def take_action(request: Request) -> Response:
    """Store what a person did in a chat, then answer 204. Raises Problem for what is no action of the page."""
    web: Web = request.app.state.web
    raw = await request.body()
    try:
        parsed = parse_action(raw, web.clock.now())
    except MalformedDelivery as malformed:
        wrong = FieldProblem("body", str(malformed))
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no action of the page.", [wrong]) from None
    await web.receiver.receive(parsed, source_of(parsed), raw)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def close_ticket(request: Request) -> Response:
    """Close a ticket as a help desk does, then ask at once as a person does by hand."""
    web: Web = request.app.state.web
    language = reader_language(request)
    event = _closed(model_body(FormBody, json_body(await request.body())), web, language)
    put = await web.receiver.do(needs(event, web.receiver.policy), lambda context: put_ticket(context, event))
    key = (event.source, event.id)
    asked = await web.receiver.do(Needs(tickets=frozenset({key})), lambda context: ask_about(context, key, None))
    return JSONResponse(_outcome(web, event, put, asked, language), headers=NOT_CACHED)


def _closed(form: FormBody, web: Web, language: str) -> TicketEvent:
    contacts = ((PHONE.channel, PHONE.chat),)
    return TicketEvent(
        source=PHONE.channel,
        id=f"T-{form.id[:6].upper()}",
        status=TicketStatus.CLOSED,
        customer=CustomerEvent(_CUSTOMER, form.name, locale=language, contacts=contacts),
        closed_at=web.clock.now(),
        subject=form.subject,
        agent_name=form.agent,
    )


def _outcome(
    web: Web, event: TicketEvent, put: TicketDetails, asked: TicketDetails | Refusal, language: str
) -> dict[str, object]:
    words, policy = CONSOLE_TEXTS[language], web.receiver.policy
    invitation, zone = put.view.invitation, policy.zone_of(put.customer)
    plan = _planned(invitation, web.clock.now(), zone, policy.phrases, language) if invitation else ""
    if isinstance(asked, TicketDetails):
        return {"asked": True, "outcome": words["closed"].format(ticket=event.id), "planned": plan}
    return {"asked": False, "outcome": words["refused"], "planned": plan}


def _planned(invitation: Invitation, now: datetime, zone: ZoneInfo, phrases: Phrases, language: str) -> str:
    """Return one sentence about when the settings would have asked, on the customer's clock."""
    words = CONSOLE_TEXTS[language]
    if invitation.state is not InvitationState.SCHEDULED:
        return words.get(f"unplanned_{invitation.reason}", "")
    due = invitation.due_at
    days = (due.astimezone(zone).date() - now.astimezone(zone).date()) // timedelta(days=1)
    day = {0: "today", 1: "tomorrow"}.get(days, "later")
    return words[f"planned_{day}"].format(
        time=phrases.time(language, due, zone), moment=phrases.moment(language, due, zone)
    )


async def _news(request: Request) -> AsyncIterator[str]:
    """Yield events until the page is closed, its session ends, or the process stops."""
    web: Web = request.app.state.web
    shown, quiet = "", 0
    while web.simulated is not None and not web.simulated.closed and is_inside(request):
        try:
            told = await state_of(web)
        except NOT_SAVED:
            return
        quiet = quiet + 1 if told == shown else 0
        if quiet == 0:
            yield f"data: {told}\n\n"
        elif quiet % _KEEP_ALIVE == 0:
            yield ":\n\n"
        shown = told
        await asyncio.sleep(_LOOKS_EVERY)
