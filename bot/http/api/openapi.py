"""What `/openapi.json` says beyond what FastAPI finds itself: problems, webhooks and probes."""

from typing import Any

from pydantic import BaseModel, Field

from bot.http.api.schemas.ticket_request import HookBody
from bot.http.api.schemas.ticket_response import TicketAnswer

__all__ = ["ProblemOut", "described", "problems"]

_MEANS = {
    400: "The body cannot be read",
    401: "No key, a wrong key, or a wrong or stale signature",
    404: "There is no such thing",
    410: "The customer asked to be forgotten",
    409: "It cannot be done as things stand",
    413: "The body is larger than 64 KiB",
    422: "Fields are wrong",
    503: "The database cannot be reached or written now; nothing was saved",
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


def described(document: dict[str, Any]) -> dict[str, Any]:
    """Add the schema of problems, the webhooks and the probes to a description, and return it."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model, name in ((ProblemOut, "Problem"), (HookBody, "HookBody"), (TicketAnswer, "TicketAnswer")):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update({inner: found for inner, found in schema.pop("$defs", {}).items() if inner not in schemas})
        schemas.setdefault(name, schema)
    document["paths"].update(_OTHER_PATHS)
    return document


def _problem(status: int) -> dict[str, Any]:
    return {"description": _MEANS[status], "content": {"application/problem+json": {"schema": _SCHEMA}}}


def _answer(description: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": {"type": "string"}}


def _told(*statuses: int) -> dict[str, Any]:
    return {str(status): _problem(status) for status in statuses}


def _query(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": True, "description": description, "schema": {"type": "string"}}


_SIGNED = [_query("timestamp", "Seconds since 1970; 300 s off is stale."), _query("nonce", "Digits, drawn anew.")]

_OTHER_PATHS: dict[str, Any] = {
    "/hooks/tickets": {
        "post": {
            "tags": ["Doors"],
            "summary": "A ticket from a help desk, signed as Standard Webhooks says",
            "security": [],
            "parameters": [
                _header("webhook-id", "The event's id: the same id again gets the same answer and changes nothing."),
                _header("webhook-timestamp", "Seconds since 1970; 300 s off is stale."),
                _header("webhook-signature", "`v1,` and the base64 of the HMAC-SHA256; several with blanks between."),
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
    "/hooks/telegram": {
        "post": {
            "tags": ["Doors"],
            "summary": "An update from Telegram",
            "security": [],
            "parameters": [_header("X-Telegram-Bot-Api-Secret-Token", "`telegram.webhook_secret`")],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"200": {"description": "Stored"}, **_told(400, 401, 413, 503)},
        }
    },
    "/hooks/wechat": {
        "get": {
            "tags": ["Doors"],
            "summary": "WeChat makes sure of us, when the address is entered in its console",
            "security": [],
            "parameters": [
                *_SIGNED,
                _query("signature", "SHA-1 over token, timestamp and nonce."),
                _query("echostr", "What is answered."),
            ],
            "responses": {
                "200": {"description": "`echostr`, as it came", "content": {"text/plain": {}}},
                **_told(401, 404),
            },
        },
        "post": {
            "tags": ["Doors"],
            "summary": "A push from WeChat, in secure mode",
            "security": [],
            "parameters": [
                *_SIGNED,
                _query("encrypt_type", "`aes`"),
                _query("msg_signature", "SHA-1 over token, timestamp, nonce and the sealed text."),
            ],
            "requestBody": {"required": True, "content": {"text/xml": {"schema": {"type": "string"}}}},
            "responses": {
                "200": {
                    "description": "Stored: `success`, or a sealed reply. The same push again gets the same answer.",
                    "content": {"text/plain": {}, "application/xml": {}},
                },
                **_told(400, 401, 404, 413, 503),
            },
        },
    },
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
            "summary": "Able to serve; alarms for the operator, one line each",
            "security": [],
            "responses": {"200": {"description": "Able"}, "503": {"description": "The database cannot be written"}},
        }
    },
}
