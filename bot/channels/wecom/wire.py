"""HTTP to the robot. Its address holds the key, so no error and no log line ever shows it."""

from datetime import timedelta
from http import HTTPStatus

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError

from scoring.values import Value

__all__ = ["Answered", "InDoubt", "NotSent", "Wire"]

_NOT_CONNECTED = "client error (Connect)"
"""What hyper, the engine below, says when no connection came about; the class of the error does not tell."""
_CONNECT = timedelta(seconds=5)
_PATIENCE = 15.0
"""Seconds for connecting and the answer; several of them fit into a lease."""
_LONGEST = 200


class Answered(Value):
    """WeCom answered: its code, 0 where all went well, and its words."""

    code: int
    text: str


class NotSent(Value):
    """It did not reach WeCom."""

    why: str


class InDoubt(Value):
    """It left, and no answer of WeCom's came: the group may have it."""

    why: str


class _Answer(msgspec.Struct):
    errcode: int
    errmsg: str = ""


_DECODER = msgspec.json.Decoder(_Answer)


class Wire:
    """The only one who knows the robot's address. Opens its connection at the first request."""

    def __init__(self, url: str, patience: float = _PATIENCE) -> None:
        self._url = url
        self._patience = timedelta(seconds=patience)
        self._client: Client | None = None
        self._is_closed = False

    async def post(self, body: object) -> Answered | NotSent | InDoubt:
        """Send one message, as JSON."""
        if self._is_closed:
            return NotSent("the channel is closed")
        raw = msgspec.json.encode(body)
        try:
            request = self._opened().post(self._url).header("content-type", "application/json").body_bytes(raw)
            response = await request.build().send()
            return _read(response.status, (await response.bytes()).to_bytes())
        except PyreqwestError as error:
            has_left = not isinstance(error, PoolTimeoutError) and _NOT_CONNECTED not in _causes(error)
            return (InDoubt if has_left else NotSent)(type(error).__name__)

    async def close(self) -> None:
        """Close the connections; nothing leaves any more."""
        self._is_closed = True
        if self._client is not None:
            await self._client.close()

    def _opened(self) -> Client:
        if self._client is None:
            builder = ClientBuilder().connect_timeout(_CONNECT).timeout(self._patience)
            self._client = builder.follow_redirects(enable=False).build()
        return self._client


def _causes(error: PyreqwestError) -> list[str]:
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return [cause["message"] for cause in causes or ()]


def _read(status: int, body: bytes) -> Answered | NotSent | InDoubt:
    """Read an answer; a page in WeCom's place says that nothing arrived, unless a gateway gave up waiting."""
    try:
        answer = _DECODER.decode(body)
    except msgspec.MsgspecError:
        is_unclear = status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT
        return (InDoubt if is_unclear else NotSent)(f"HTTP {status}, but not WeCom's words")
    return Answered(answer.errcode, answer.errmsg[:_LONGEST])
