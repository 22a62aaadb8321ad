"""What `/openapi.json` says beyond what FastAPI finds itself: problems, webhooks and probes."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from bot.channels.descriptor import ChannelDescriptor
from bot.channels.webhooks import Operation
from bot.connectors.connector_registry import CONNECTORS
from bot.http.api.schemas.ticket_request import HookBody
from bot.http.api.schemas.ticket_response import TicketAnswer

__all__ = ["SECURITY_SCHEME", "ProblemOut", "described", "problems"]

SECURITY_SCHEME = "HTTPBearer"
"""The name of the scheme by which keys are sent."""

_MEANS = {
    400: "The body cannot be read",
    401: "No key, a wrong key, or a wrong or stale signature",
    403: "The key lacks the scope that this needs",
    404: "There is no such thing",
    410: "The customer asked to be forgotten",
    409: "It cannot be done as things stand",
    413: "The body is larger than 64 KiB",
    422: "Fields are wrong",
    429: "Too many wrong keys or signatures came from this address; `Retry-After` says how long it has to wait",
    501: "A part of the machine is missing that this needs; the detail says which",
    503: "The database, or a platform that is needed, cannot be reached now; nothing was saved",
}
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "One of the keys of `api.keys`. Each route names the scope that it needs, of several one; a key "
    "that has no prefix there, or `admin:`, may call all.",
}
_SCHEMA = {"$ref": "#/components/schemas/Problem"}


class WrongOut(BaseModel):
    """One field that is wrong."""

    field: str = Field(examples=["customer.contacts.0.channel"])
    problem: str = Field(examples=["is required"])


class ProblemOut(BaseModel):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[WrongOut]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the descriptions of a route's errors, by status."""
    return {status: _problem(status) for status in statuses}


def described(document: dict[str, Any], channels: Sequence[ChannelDescriptor]) -> dict[str, Any]:
    """Add the schema of problems, the webhooks and the probes to a description, and return it."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model, name in ((ProblemOut, "Problem"), (HookBody, "HookBody"), (TicketAnswer, "TicketAnswer")):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update({inner: found for inner, found in schema.pop("$defs", {}).items() if inner not in schemas})
        schemas.setdefault(name, schema)
    document["components"]["securitySchemes"] = {SECURITY_SCHEME: _KEY}
    document["paths"].update({**_TICKETS, **_DESKS, **_webhooks(channels), **_HEALTH})
    return document


def _problem(status: int) -> dict[str, Any]:
    return {"description": _MEANS[status], "content": {"application/problem+json": {"schema": _SCHEMA}}}


def _answer(description: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _parameter(place: str, name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "description": description, "schema": {"type": "string"}}


def _told(*statuses: int) -> dict[str, Any]:
    """Return the descriptions of a door's problems; one that refuses what is wrong does so with 429 in the end."""
    more = (HTTPStatus.TOO_MANY_REQUESTS.value,) if HTTPStatus.UNAUTHORIZED in statuses else ()
    return {str(status): _problem(status) for status in (*statuses, *more)}


def _webhooks(channels: Sequence[ChannelDescriptor]) -> dict[str, Any]:
    """Return the descriptions of the addresses that platforms call."""
    addresses = (channel.address for channel in channels if channel.address is not None)
    return {
        address.path: {method: _operation(operation) for method, operation in address.operations.items()}
        for address in addresses
    }


def _operation(operation: Operation) -> dict[str, Any]:
    schema = {"type": "object" if operation.takes == "application/json" else "string"}
    body = {"requestBody": {"required": True, "content": {operation.takes: {"schema": schema}}}}
    content: dict[str, Any] = {"content": {kind: {} for kind in operation.gives}} if operation.gives else {}
    return {
        "tags": ["Doors"],
        "summary": operation.summary,
        "security": [],
        "parameters": [_parameter(each.place, each.name, each.description) for each in operation.parameters],
        **(body if operation.takes else {}),
        "responses": {"200": {"description": operation.answer, **content}, **_told(*operation.problems)},
    }


_TICKETS: dict[str, Any] = {
    "/hooks/tickets": {
        "post": {
            "tags": ["Doors"],
            "summary": "A ticket from a help desk, signed as Standard Webhooks says",
            "security": [],
            "parameters": [
                _parameter(
                    "header",
                    "webhook-id",
                    "The event's id: the same id again gets the same answer and changes nothing.",
                ),
                _parameter("header", "webhook-timestamp", "Seconds since 1970; 300 s off is stale."),
                _parameter(
                    "header",
                    "webhook-signature",
                    "`v1,` and the base64 of the HMAC-SHA256; several with blanks between.",
                ),
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/HookBody"}}},
            },
            "responses": {
                "200": _answer("Stored", "TicketAnswer"),
                "201": _answer("Created", "TicketAnswer"),
                "202": {"description": "Of a type that does not concern us; kept, nothing changed"},
                **_told(400, 401, 413, 422, 503),
            },
        }
    },
}

_DESKS: dict[str, Any] = {
    "/hooks/tickets/{connector}": {
        "post": {
            "tags": ["Doors"],
            "summary": "A help desk's own delivery, proved as that help desk does it (docs/connect/)",
            "security": [],
            "parameters": [
                {
                    **_parameter("path", "connector", "Which help desk."),
                    "schema": {"type": "string", "enum": list(CONNECTORS)},
                }
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {
                "200": _answer("Stored; or a test, with a sentence", "TicketAnswer"),
                "201": _answer("Created", "TicketAnswer"),
                "202": {"description": "Kept, and nothing changed: `ignored` says why"},
                **_told(400, 401, 404, 413, 503),
            },
        }
    },
}
_HEALTH: dict[str, Any] = {
    "/healthz": {
        "get": {
            "tags": ["Health"],
            "summary": "The process is alive",
            "security": [],
            "responses": {"200": {"description": "Alive"}},
        }
    },
    "/readyz": {
        "get": {
            "tags": ["Health"],
            "summary": "Able to serve; how many alarms there are for the operator, and with a key one line for each",
            "security": [],
            "responses": {"200": {"description": "Able"}, "503": {"description": "The database cannot be written"}},
        }
    },
}
