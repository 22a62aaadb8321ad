"""`X-Request-ID`: the caller's own, or one of ours, in the answer and in every log line that the request leads to."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http.auth import header
from bot.ports import SecretSource
from bot.process.logs import REQUEST_ID

__all__ = ["RequestIds"]

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
