"""`POST /hooks/tickets/{connector}`: a help desk's own delivery. Nothing is read before it is proved.

What is proved is never answered with a refusal that makes a help desk send it for ever, or switch us off: what does not
concern us is 202 with the reason.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorDescriptor
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import BrokenPayload, read_payload
from bot.connectors.refused_deliveries import RefusedDelivery
from bot.http.backoff import WrongSecrets, client_address
from bot.http.context import Web
from bot.http.field_errors import FieldProblem
from bot.http.helpdesks.desk_storage import store_delivery
from bot.http.problems import Problem

__all__ = ["take_desk_delivery"]

_FORM = "application/x-www-form-urlencoded"


async def take_desk_delivery(wrong: WrongSecrets, request: Request) -> Response:
    """Store what a help desk delivers, and answer what became of it. Raises Problem; what is refused is remembered."""
    web: Web = request.app.state.web
    connector = _connector(str(request.path_params["connector"]))
    try:
        return await _taken(web, wrong, connector, request)
    except Problem as problem:
        reasons = (problem.detail, *(one.problem for one in problem.errors))
        sender = client_address(request.scope)
        told = RefusedDelivery(connector.name, web.clock.now(), problem.status, " ".join(reasons), sender)
        web.refused.note(told)
        raise


async def _taken(web: Web, wrong: WrongSecrets, connector: ConnectorDescriptor, request: Request) -> Response:
    headers = {name.decode("latin-1"): value.decode("utf-8", "replace") for name, value in request.headers.raw}
    delivery = DeskDelivery(headers, await request.body(), web.clock.now())
    secrets = web.desks.option(connector.name).secrets
    if not secrets:
        detail = f"This door is closed: no secret is set. `huifang connect {connector.name}` says what to do."
        raise Problem(HTTPStatus.UNAUTHORIZED, detail)
    refusal = connector.refusal(delivery, secrets)
    if refusal:
        problem = Problem(HTTPStatus.UNAUTHORIZED, f"The delivery is not believed: {refusal}.")
        raise wrong.counted(connector.address, request.scope, problem)
    try:
        payload = read_payload(delivery.body)
    except BrokenPayload as broken:
        raise Problem(HTTPStatus.BAD_REQUEST, _unreadable(delivery), [FieldProblem("body", str(broken))]) from None
    return (await store_delivery(web.desks, connector, delivery, payload)).response()


def _connector(name: str) -> ConnectorDescriptor:
    if name not in CONNECTORS:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no connector of this name, only {', '.join(CONNECTORS)}.")
    return CONNECTORS[name]


def _unreadable(delivery: DeskDelivery) -> str:
    if delivery.header("content-type").startswith(_FORM):
        return "The body is a form: choose JSON (application/json) as the content type in the help desk."
    return "The body cannot be read."
