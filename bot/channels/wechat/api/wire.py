"""Calls to the platform with the access token, and the one second try that we allow ourselves."""

from typing import Protocol

from bot.channels.wechat.api.connection import Connection, Json
from bot.channels.wechat.api.request import Built
from bot.channels.wechat.api.tokens import is_refused
from bot.channels.wechat.api.transport_errors import GatewayError, NeverLeftError, NoAnswerError, WechatError

__all__ = ["Tokens", "WechatWire"]


class Tokens(Protocol):
    """Where tokens come from: `bot.channels.wechat.api.tokens`."""

    async def token(self) -> str:
        """Return a token; raises WechatError."""

    async def renew(self, rejected: str) -> str | None:
        """Return another one, None while there is none; raises WechatError."""

    def works(self) -> None:
        """Hear that the token was taken."""


class WechatWire:
    """Carries requests out."""

    def __init__(self, connection: Connection, tokens: Tokens) -> None:
        """Use a connection, and tokens for it."""
        self._connection = connection
        self._tokens = tokens

    async def call(self, built: Built, *, idempotent: bool = False) -> Json:
        """Carry out a request and return WeChat's answer; raises one of `problems`.

        It is tried a second time with another token where the first was refused, or where it is `idempotent` and the
        first try got lost; never a third time.
        """
        token = await self._tokens.token()
        outcome = await self._connection.ask(built, token)
        if is_refused(outcome):
            other = await self._tokens.renew(token)
            outcome = await self._connection.ask(built, other) if other is not None else outcome
        elif idempotent and isinstance(outcome, NeverLeftError | NoAnswerError | GatewayError):
            outcome = await self._connection.ask(built, token)
        if not is_refused(outcome):
            self._tokens.works()
        if isinstance(outcome, WechatError):
            raise outcome
        return outcome

    async def close(self) -> None:
        """Close the connections; later calls never leave."""
        await self._connection.close()
