"""Links by which a customer binds a chat to themselves."""

import io
from base64 import urlsafe_b64encode
from datetime import datetime
from hmac import digest
from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Erased, NotFound
from bot.handlers.customers.binding_links import BINDING_LASTS, LinkWanted, create_link, needs
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import ChannelName, Id, TicketRef, read_ticket
from bot.http.api.schemas.ticket_request import RequestBody
from bot.http.api.strict_route import api_router
from bot.http.auth import bearer
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, keep_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.ports import Binding, Channel
from storage.model.records import Token
from storage.unit_of_work.writer import Decision

__all__ = ["CustomerId", "router"]

router = api_router("customers")

_GONE = "gone"
"""Stands where a seed would; too short to be one."""

CustomerId = Annotated[Id, Path(description="The customer's id.")]


class LinkBody(RequestBody):
    """For which channel, and about which ticket."""

    channel: ChannelName
    ticket: TicketRef | None = None


class LinkOut(BaseModel):
    """A single-use link, and its QR code as an SVG picture."""

    url: str
    qr_svg: str
    expires_at: datetime


@router.post(
    "/{customer:path}/links",
    response_model=LinkOut,
    responses=problems(401, 404, 410, 413, 422, 503),
)
async def make_link(customer: CustomerId, body: LinkBody, request: Request, web: TheWeb) -> Response:
    """Create a link by which the customer opens a chat with us; a survey that is waiting is asked there at once.

    Raises Problem for a channel that is not configured.
    """
    channel = web.bindable.get(body.channel)
    if channel is None:
        wrong = FieldProblem("channel", f"{body.channel} is not configured here")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such channel.", [wrong])
    return (await _make(web, request, channel, customer, read_ticket(body.ticket) if body.ticket else None)).response()


async def _make(
    web: Web, request: Request, channel: Channel, customer: str, ticket: tuple[str, str] | None
) -> ApiAnswer:
    """Create the link. Its secret is derived from a random seed and the sender's API key.

    The seed is kept, so that a repeated request gets the same link; without the key it opens nothing. The channel is
    asked before anything is stored, so that a refused request leaves no row. Raises PlatformUnready.
    """
    drawn = web.secrets.token()
    wanted = LinkWanted(customer, channel.name, _secret(request, drawn), web.clock.now() + BINDING_LASTS, ticket)
    binding = await channel.binding(wanted.secret, wanted.expires_at)

    def decide(context: DecisionContext) -> Decision[str]:
        decision = create_link(context, wanted)
        return Decision(decision.changes, _kept(drawn, decision.answer))

    seed, _, rest = (await keep_once(web, request, needs(wanted, web.receiver.policy), decide)).partition(" ")
    if seed == _GONE:
        return refusal_answer(Erased(rest))
    if not seed:
        return refusal_answer(NotFound(rest))
    expires_at = datetime.fromisoformat(rest)
    if seed != drawn:
        binding = await channel.binding(_secret(request, seed), expires_at)
    return _told(binding, expires_at)


def _kept(seed: str, made: Token | NotFound | Erased) -> str:
    match made:
        case Token():
            return f"{seed} {made.expires_at.isoformat()}"
        case Erased(why):
            return f"{_GONE} {why}"
        case NotFound(what):
            return f" {what}"


def _told(binding: Binding, expires_at: datetime) -> ApiAnswer:
    picture = io.BytesIO()
    import segno  # noqa: PLC0415 (not before a code is asked for)

    segno.make(binding.scan, error="m").save(picture, kind="svg", scale=6, xmldecl=False)
    return ok_answer(LinkOut(url=binding.url, qr_svg=picture.getvalue().decode(), expires_at=expires_at))


def _secret(request: Request, seed: str) -> str:
    """Return 22 letters, digits, `-` and `_` (128 bits), as a Telegram deep link takes them."""
    return urlsafe_b64encode(digest(bearer(request.scope).encode(), seed.encode(), "sha256")[:16]).decode().rstrip("=")
