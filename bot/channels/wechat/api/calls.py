"""Calls to the platform with the access token, and the one second try that is safe."""

from typing import Protocol

from bot.channels.http_client.client import JsonObject
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.wechat.api.server import ApiServer, WechatRequest, refuses_token

__all__ = ["Tokens", "WechatCalls"]


class Tokens(Protocol):
    """Where tokens come from: `bot.channels.wechat.api.tokens`."""

    async def token(self) -> str:
        """Return a token; raises CallError, before the request has left."""

    async def renew(self, rejected: str) -> str | None:
        """Return another one, None while there is none; raises CallError."""

    def works(self) -> None:
        """Note that the token was taken."""


class WechatCalls:
    """Executes requests on one server."""

    def __init__(self, server: ApiServer, tokens: Tokens) -> None:
        self._server = server
        self._tokens = tokens

    async def call(self, request: WechatRequest, *, idempotent: bool = False) -> JsonObject:
        """Execute a request and return WeChat's answer; raises CallError.

        It is tried a second time, never a third, with another token where the first was refused, for then nothing was
        done; and where it is `idempotent` and the first try got lost, for then doing it twice is harmless.
        """
        token = await self._tokens.token()
        outcome = await self._server.ask(request, token)
        if refuses_token(outcome):
            other = await self._tokens.renew(token)
            outcome = await self._server.ask(request, other) if other is not None else outcome
        elif idempotent and isinstance(outcome, CallError) and not isinstance(outcome, ApiError):
            outcome = await self._server.ask(request, token)
        if not refuses_token(outcome):
            self._tokens.works()
        if isinstance(outcome, CallError):
            raise outcome
        return outcome

    async def close(self) -> None:
        """Close the connections; later calls raise NeverLeftError."""
        await self._server.close()
