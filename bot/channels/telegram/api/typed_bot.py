"""python-telegram-bot's typed methods over our own client, at a small part of the cost of its HTTP client."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import TypeVar

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.channels.http_client.errors import CallError
from bot.channels.telegram.api.bot_api import BotApi

__all__ = ["BotApiRequest", "typed_bot", "typed_call"]

T = TypeVar("T")


class _CarriedError(TelegramError):
    """A CallError on its way through the library, which passes on no exceptions but its own (`BaseRequest.post`)."""

    def __init__(self, error: CallError) -> None:
        super().__init__(str(error))
        self.error = error


class BotApiRequest(BaseRequest):
    """The request class of python-telegram-bot, on the connections of a BotApi."""

    __slots__ = ("_api",)

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @property
    def read_timeout(self) -> float:
        """Return the seconds that an answer may take."""
        return self._api.limits.answer

    async def initialize(self) -> None:
        """Return at once: the client opens itself at the first call."""

    async def shutdown(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def do_request(  # noqa: PLR0913, PLR0917 (the library's own signature)
        self,
        url: str,
        method: str,  # noqa: ARG002 (always POST)
        request_data: RequestData | None = None,
        read_timeout: object = None,  # noqa: ARG002 (our client's limits hold)
        write_timeout: object = None,  # noqa: ARG002 (our client's limits hold)
        connect_timeout: object = None,  # noqa: ARG002 (our client's limits hold)
        pool_timeout: object = None,  # noqa: ARG002 (our client's limits hold)
    ) -> tuple[int, bytes]:
        """Execute one call and return its status and body. Raises what failed, carried for `typed_call`."""
        name = url.rpartition("/")[2]
        try:
            result = await self._api.call(name, request_data.json_parameters if request_data else {})
        except CallError as error:
            failed = _CarriedError(error)
        else:
            return HTTPStatus.OK, b'{"result":' + bytes(result) + b"}"
        raise failed


async def typed_call(call: Awaitable[T]) -> T:
    """Await a method of the typed client; raises CallError where it failed."""
    try:
        return await call
    except _CarriedError as carried:
        error = carried.error
    raise error


def typed_bot(api: BotApi) -> Bot:
    """Return the library's typed client. It is not given the token, so it can leak none; `api` puts it in."""
    request = BotApiRequest(api)
    return Bot("kept-by-bot-api", base_url=lambda _: "bot", request=request, get_updates_request=request)
