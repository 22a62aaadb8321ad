"""`X-Request-ID`: the caller's own, or one of ours, in the answer and in every log line that the request leads to.

Where traces are on, each request is a span as well.
"""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http.auth import header
from bot.ports import SecretSource
from bot.process.logs import REQUEST_ID
from bot.telemetry.otel_spans import Traces

__all__ = ["RequestIds", "TracedRequests", "traced"]

_NAME = "x-request-id"
_FITS = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What a caller may send; anything else could forge a log line, and gets an id of ours."""


class RequestIds:
    """Middleware that names each request; `secrets` draws the ids of those that come without one."""

    def __init__(self, app: ASGIApp, secrets: SecretSource) -> None:
        self._app, self._secrets = app, secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its answer carries the id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = self._name_of(scope)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[_NAME] = name
            await send(message)

        before = REQUEST_ID.set(name)
        try:
            await self._app(scope, receive, named)
        finally:
            REQUEST_ID.reset(before)

    def _name_of(self, scope: Scope) -> str:
        """Return the caller's id where it can stand in a log, else one of ours."""
        given = header(scope["headers"], _NAME.encode())
        return given if _FITS.fullmatch(given) else self._secrets.token()


def traced(app: ASGIApp, traces: Traces) -> ASGIApp:
    """Return an application of which each request is noted, the same one where traces are off."""
    return TracedRequests(app, traces) if traces.is_on else app


class TracedRequests:
    """The outermost application. A span is named by the template of its route, never by a path, which names people."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app, self._traces = app, traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # where nothing is answered

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._traces.request(scope["method"], headers) as end:
            try:
                await self._app(scope, receive, told)
            finally:
                end(_route(scope), status)


def _route(scope: Scope) -> str:
    """Return the template of the route that was found, else the first step of the path."""
    template = getattr(scope.get("route"), "path", None)
    return str(template) if template else "/" + scope["path"].split("/")[1][:20]
