"""`POST /hooks/tickets`: tickets of a help desk, signed. Nothing is stored before the signature is verified."""

from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid
from bot.handlers.surveys.ticket_event import TicketEvent
from bot.handlers.surveys.tickets import needs
from bot.http.answer_cache import answer_cache
from bot.http.api.schemas.ticket_request import HookBody
from bot.http.api.ticket_decisions import put_ticket, read_report, ticket_or_refusal
from bot.http.backoff import WrongSecrets
from bot.http.context import Web
from bot.http.idempotent_decide import ApiAnswer
from bot.http.problems import Problem
from bot.http.request_json import json_body, model_body
from bot.http.webhooks.signing import BadSignature, verify
from bot.receiver import Once, Replayed
from scoring.values import replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["store_ticket_once", "take_ticket_event"]

_NAME = "tickets"
_DATA = "data."
"""What the fields of a ticket are called in a delivery."""
_TYPES = {"ticket.created", "ticket.updated", "ticket.closed", "ticket.reopened"}
"""Of these `data.status` counts; other types are accepted and change nothing, so that a sender may send them all."""

_SAME_FOR = timedelta(seconds=300)
_IGNORED = ApiAnswer(HTTPStatus.ACCEPTED, '{"ignored":"a type that does not concern us"}')


async def take_ticket_event(wrong: WrongSecrets, request: Request) -> Response:
    """Store a signed ticket: the same effect and answer as PUT, once per event. Raises Problem."""
    web: Web = request.app.state.web
    raw = await request.body()
    event = _verified(web, wrong, request, raw)
    ticket = _read(web, raw)
    return (await store_ticket_once(web, _NAME, event, raw, ticket)).response()


def _verified(web: Web, wrong: WrongSecrets, request: Request, raw: bytes) -> str:
    """Return the event's id; raises Problem where no secret is set or the signature is wrong."""
    if not web.hooks_secrets:
        detail = "This door is closed: no secret is set. Set hooks.secret (HUIFANG_HOOKS__SECRET)."
        raise Problem(HTTPStatus.UNAUTHORIZED, detail)
    try:
        return verify(web.hooks_secrets, request.headers.raw, raw, web.clock.now())
    except BadSignature as bad:
        problem = Problem(HTTPStatus.UNAUTHORIZED, f"The delivery is not believed: {bad}.")
        raise wrong.counted(_door(_NAME), request.scope, problem) from None


def _read(web: Web, raw: bytes) -> TicketEvent | None:
    """Return the ticket that a body holds, None for a type that does not concern us; raises Problem."""
    value = json_body(raw, HTTPStatus.BAD_REQUEST)
    if isinstance(value, dict) and isinstance(value.get("type"), str) and value["type"] not in _TYPES:
        return None
    body = model_body(HookBody, value)
    return read_report(web, (body.data.source, body.data.ticket), body.data, _DATA)


def _door(name: str) -> str:
    return f"/hooks/{name}"


async def store_ticket_once(web: Web, name: str, event: str, raw: bytes, ticket: TicketEvent | None) -> ApiAnswer:
    """Store the ticket that came to `/hooks/<name>`; the body `raw` as another event within 300 s changes nothing.

    `event` is the delivery's id, which counts once for each name; a `ticket` of None is answered and changes nothing.
    """
    door = _door(name)
    twin = answer_cache(f"same:{name}:{sha256(raw).hexdigest()}", _SAME_FOR, web.clock.now(), door)

    def decide(context: DecisionContext) -> Decision[str]:
        return twin.answered(context, lambda context: _decide(context, ticket))

    once: Once[str] = Once(f"hook:{name}:{event}", door, str)
    about = needs(ticket, web.receiver.policy) if ticket else Needs()
    got = await web.receiver.do_once(once, twin.needs | about, decide)
    return ApiAnswer.kept_before(got.answer if isinstance(got, Replayed) else got)


def _decide(context: DecisionContext, ticket: TicketEvent | None) -> Decision[str]:
    if ticket is None:
        return Decision(Changes(), _IGNORED.kept())
    decision = put_ticket(context, ticket)
    told = decision.answer
    if isinstance(told, Invalid):
        told = replace(told, field=f"{_DATA}{told.field}")
    return Decision(decision.changes, ticket_or_refusal(told).kept())
