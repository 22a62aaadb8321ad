"""What the sandbox's page asks for and sends: both chats, what people do in them, tickets that are closed."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.channels.sandbox.channel import PHONE, PHONE_PATTERN, parse_action, source_of
from bot.channels.webhooks import MalformedDelivery
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid
from bot.handlers.common.tombstones import is_anonymous
from bot.handlers.due import needs as due_needs
from bot.handlers.issues.alerts import raise_settled
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
from bot.http.idempotent_decide import Refusal, refusal_text
from bot.http.pages import NOT_CACHED
from bot.http.problems import Problem
from bot.http.request_json import json_body, model_body
from dialogs.ids import Ref
from dialogs.interview.model import OPEN, Interview
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.messages import Address
from dialogs.phrases import Phrases
from storage.model.errors import NOT_SAVED
from storage.model.records import TicketStatus
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["close_ticket", "settle_now", "state", "stream", "take_action"]

_LOOKS_EVERY = 0.25
"""Seconds between two looks at the chats while a page is open."""
_KEEP_ALIVE = 60
"""Looks without news after which a comment is sent, so that proxies keep the connection open."""
_CUSTOMER = "sandbox"


PhoneName = Annotated[str, StringConstraints(pattern=PHONE_PATTERN)]


class PhoneBody(RequestBody):
    """The phone that the page shows."""

    phone: PhoneName = PHONE.chat


class FormBody(RequestBody):
    """The form that closes a ticket; `id` is the page's own and unique, `phone` the chat that it shows."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    phone: PhoneName = PHONE.chat
    name: Line
    subject: Line
    agent: Line = ""


async def state(request: Request) -> Response:
    """Return both chats, for pages that get no stream."""
    return Response(
        await state_of(request.app.state.web, _shown(request)), media_type="application/json", headers=NOT_CACHED
    )


async def stream(request: Request) -> Response:
    """Stream both chats whenever they change, as server-sent events."""
    headers = {**NOT_CACHED, "x-accel-buffering": "no"}
    return StreamingResponse(_news(request), media_type="text/event-stream", headers=headers)


async def take_action(request: Request) -> Response:
    """Store what a person did in a chat, then answer 204. Raises Problem for what is no action of the page."""
    web: Web = request.app.state.web
    raw = await request.body()
    _speak(web, reader_language(request))
    try:
        parsed = parse_action(raw, web.clock.now())
    except MalformedDelivery as malformed:
        wrong = FieldProblem("body", str(malformed))
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no action of the page.", [wrong]) from None
    await web.receiver.receive(parsed, source_of(parsed), raw)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _speak(web: Web, language: str) -> None:
    """Set the language of the team to that of the page, in every process, since one person plays both sides."""
    web.receiver.speak_to_team(language)
    web.tell_language(language)


async def settle_now(request: Request) -> Response:
    """Raise what waits for `alerts.settle` on a phone at once, then answer 204."""
    web: Web = request.app.state.web
    _speak(web, reader_language(request))
    body = model_body(PhoneBody, json_body(await request.body()))
    waiting = await web.reader.settling(Address(PHONE.channel, body.phone))
    if waiting is not None:
        ref, now = waiting.ref, web.clock.now()
        await web.receiver.do(
            due_needs(ref, web.receiver.policy, now), lambda context: Decision(_settled(context, ref), None)
        )
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _settled(context: DecisionContext, ref: Ref) -> Changes:
    interview = context.snapshot.about(Interview, ref)
    is_waiting = interview is not None and interview.settle_at is not None and interview.state in OPEN
    return raise_settled(context, interview) if interview is not None and is_waiting else Changes()


async def close_ticket(request: Request) -> Response:
    """Close a ticket as a help desk does, then ask at once as a person does by hand; raises Problem."""
    web: Web = request.app.state.web
    language = reader_language(request)
    form = model_body(FormBody, json_body(await request.body()))
    _speak(web, language)
    phone = await _phone_of(web, form)
    event = _closed(form, phone, web, language)
    put = await web.receiver.do(needs(event, web.receiver.policy), lambda context: put_ticket(context, event))
    if isinstance(put, Invalid):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, refusal_text(put))
    key = (event.source, event.id)
    asked = await web.receiver.do(Needs(tickets=frozenset({key})), lambda context: ask_about(context, key, None))
    return JSONResponse({**_outcome(web, event, put, asked, language), "phone": phone}, headers=NOT_CACHED)


async def _phone_of(web: Web, form: FormBody) -> str:
    """Return the phone shown, or a new one where that is another customer's: one person has one name."""
    customer = _customer(form.phone)
    asked = Needs(customers=frozenset({customer}))
    known = await web.receiver.do(asked, lambda context: Decision(Changes(), context.snapshot.customer(customer)))
    is_theirs = known is None or known.name in ("", form.name)
    return form.phone if is_theirs else f"{PHONE.chat}-{sha256(form.id.encode()).hexdigest()[:8]}"


def _customer(phone: str) -> str:
    return f"{_CUSTOMER}{phone.removeprefix(PHONE.chat)}"


def _closed(form: FormBody, phone: str, web: Web, language: str) -> TicketEvent:
    contacts = ((PHONE.channel, phone),)
    return TicketEvent(
        source=PHONE.channel,
        id=f"T-{form.id[:6].upper()}",
        status=TicketStatus.CLOSED,
        customer=CustomerEvent(_customer(phone), form.name, locale=language, contacts=contacts),
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
    is_erased = is_anonymous(put.customer.id)
    return {"asked": False, "outcome": words["refused"], "planned": words["unplanned_forgotten"] if is_erased else plan}


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


def _shown(request: Request) -> Address:
    """Return the phone that the page shows; the first one where it names none."""
    chat = request.query_params.get("phone", "")
    return Address(PHONE.channel, chat) if re.fullmatch(PHONE_PATTERN, chat) else PHONE


async def _news(request: Request) -> AsyncIterator[str]:
    """Yield events until the page is closed, its session ends, or the process stops."""
    web: Web = request.app.state.web
    shown, quiet, phone = "", 0, _shown(request)
    while web.simulated is not None and not web.simulated.closed and is_inside(request):
        try:
            told = await state_of(web, phone)
        except NOT_SAVED:
            return
        quiet = quiet + 1 if told == shown else 0
        if quiet == 0:
            yield f"data: {told}\n\n"
        elif quiet % _KEEP_ALIVE == 0:
            yield ":\n\n"
        shown = told
        await asyncio.sleep(_LOOKS_EVERY)
