"""python-telegram-bot on our wire: its typed methods at a small part of the cost of its own HTTP client."""

from http import HTTPStatus

import msgspec
from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.wire import Wire

__all__ = ["WireRequest", "bot_on"]


class WireRequest(BaseRequest):
    """The request class of python-telegram-bot, on the shared connection pool of a Wire."""

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return self._wire.limits.answer

    async def initialize(self) -> None:
        """Do nothing: the wire opens itself at the first call."""

    async def shutdown(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def do_request(  # noqa: PLR0913, PLR0917 (the library's own signature)
        self,
        url: str,
        method: str,  # noqa: ARG002 (always POST)
        request_data: RequestData | None = None,
        read_timeout: object = None,  # noqa: ARG002 (the wire's limits hold)
        write_timeout: object = None,  # noqa: ARG002 (the wire's limits hold)
        connect_timeout: object = None,  # noqa: ARG002 (the wire's limits hold)
        pool_timeout: object = None,  # noqa: ARG002 (the wire's limits hold)
    ) -> tuple[int, bytes]:
        """Carry out one call; raises one of `problems`, which the library passes on as they are."""
        name = url.rpartition("/")[2]
        result = await self._wire.call(name, request_data.json_parameters if request_data else {})
        return HTTPStatus.OK, b'{"result":' + _short(name, bytes(result)) + b"}"


class _Chat(msgspec.Struct):
    id: int
    type: str


class _Message(msgspec.Struct):
    message_id: int
    date: int
    chat: _Chat


_MESSAGE = msgspec.json.Decoder(_Message)


def _short(method: str, result: bytes) -> bytes:
    """Leave out what nobody reads: the library would build an object for every field of the Message, at 0.3 ms."""
    if method == "sendMessage":
        return msgspec.json.encode(_MESSAGE.decode(result))
    return result


def bot_on(wire: Wire) -> Bot:
    """Make the library's typed client. It is not given the token, so it can leak none; the wire puts it in."""
    request = WireRequest(wire)
    return Bot("kept-by-the-wire", base_url=lambda _: "bot", request=request, get_updates_request=request)
