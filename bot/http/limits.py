"""The largest body: each is read to its end, or refused with 413, before it is parsed.

No ASGI framework limits bodies by itself (github.com/Kludex/starlette/issues/2155).
"""

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http.problems import Problem
from storage.schema.literals import DESK_DOORS

__all__ = [
    "LARGEST_BODY",
    "LARGEST_OF_DESKS",
    "LARGEST_OF_RATERS",
    "LARGEST_UPLOAD",
    "BodyLimit",
    "Disconnected",
    "TooLarge",
    "announced_length",
    "takes_files",
    "whole_body",
]

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body (docs/reference/api.md)."""

LARGEST_OF_DESKS = 1024 * 1024
"""Bytes of a help desk's own delivery, in which a whole conversation may stand."""

LARGEST_UPLOAD = 256 * 1024 * 1024
"""Bytes of a table that is imported; its route reads it piece by piece, and counts for itself."""
LARGEST_OF_RATERS = 24 * 1024 * 1024
"""Bytes that a rater's page sends: two of the largest files, and what is typed."""
_UPLOADS = frozenset({"/api/v1/imports", "/api/v1/assessments/files"})
_RATERS = "/f/"


def takes_files(path: str) -> bool:
    """Return whether files are uploaded at a path, whose route reads the body once it knows who sends it."""
    return path in _UPLOADS or path.startswith(_RATERS)


class TooLarge(Exception):  # noqa: N818 (the name says what the body is)
    """The body is larger than we read."""


class Disconnected(Exception):  # noqa: N818 (an event, and nobody's error)
    """The client went before its body was whole; what it wanted is not done."""


async def whole_body(scope: Scope, receive: Receive, largest: int = LARGEST_BODY) -> bytes:
    """Return a body of at most so many bytes. Raises TooLarge, once it is known to be, and Disconnected."""
    if announced_length(scope) > largest:
        raise TooLarge
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            raise TooLarge
    return bytes(body)


class BodyLimit:
    """Middleware that reads each body whole, up to the limit, and answers 413 beyond it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body in one piece."""
        if scope["type"] != "http" or takes_files(scope["path"]):
            await self._app(scope, receive, send)
            return
        largest = LARGEST_OF_DESKS if scope["path"].startswith(DESK_DOORS) else LARGEST_BODY
        try:
            body = await whole_body(scope, receive, largest)
        except Disconnected:
            return
        except TooLarge:
            problem = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may hold {largest} bytes.")
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once; later calls wait for the disconnect."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def announced_length(scope: Scope) -> int:
    """Return the announced length, 0 where it is missing or no number."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(length) if length.isdigit() and len(length) < len(str(2**63)) else 0
