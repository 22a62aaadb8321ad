"""HTTP to the platform's interfaces: one pool of connections, every failure as one of `problems`."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError

from bot.channels.wechat.api.request import Built
from bot.channels.wechat.api.transport_errors import ApiError, GatewayError, NeverLeftError, NoAnswerError, WechatError
from scoring.values import Value

__all__ = ["Connection", "Json", "Limits"]

Json = dict[str, Any]
_JSON = "application/json"
# What hyper, the engine below, says when no connection came about. The class of the error does not tell: it is a
# ConnectError, too, when a connection broke after the request had left.
_NOT_CONNECTED = "client error (Connect)"


class Limits(Value):
    """How many connections at once, and how many seconds to wait for one and then for the answer."""

    connections: int = 32
    connect: float = 5.0
    answer: float = 10.0


class Connection:
    """The way to one API server. Opens its connections at the first call."""

    def __init__(self, api_base: str, limits: Limits | None = None) -> None:
        self._root = api_base.rstrip("/")
        self._limits = limits or Limits()
        self._client: Client | None = None
        self._is_closed = False

    async def ask(self, built: Built, token: str = "") -> Json | WechatError:
        """Send a request, with a token unless it needs none; return the answer, or what went wrong. Never raises.

        What is given is not chained to what caused it, since that may hold the URL.
        """
        if self._is_closed:
            return NeverLeftError("the channel is closed")
        url, client = self._root + built.path, self._opened()
        request = (
            client.post(url).header("content-type", _JSON).body_bytes(built.body) if built.body else client.get(url)
        )
        query = {**built.query, **({"access_token": token} if token else {})}
        try:
            response = await request.query(query).build().send()
            return _read(response.status, (await response.bytes()).to_bytes())
        except PyreqwestError as error:
            has_left = not isinstance(error, PoolTimeoutError) and _NOT_CONNECTED not in _causes(error)
            return (NoAnswerError if has_left else NeverLeftError)(type(error).__name__)

    async def close(self) -> None:
        """Close the connections; later calls never leave."""
        self._is_closed = True
        if self._client is not None:
            await self._client.close()

    def _opened(self) -> Client:
        if self._client is None:
            limits = self._limits
            self._client = (
                ClientBuilder()
                .max_connections(limits.connections)
                .connect_timeout(timedelta(seconds=limits.connect))
                .pool_timeout(timedelta(seconds=limits.connect))
                .timeout(timedelta(seconds=limits.connect + limits.answer))
                .follow_redirects(enable=False)
                .build()
            )
        return self._client


def _causes(error: PyreqwestError) -> list[str]:
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return [cause["message"] for cause in causes or ()]


def _read(status: int, body: bytes) -> Json | WechatError:
    """Judge an answer: WeChat's own is always 200 and an object, with an `errcode` other than 0 where it says no."""
    if status == HTTPStatus.OK:
        try:
            answer = msgspec.json.decode(body, type=Json)
            code = int(answer.get("errcode", 0))
        except (msgspec.MsgspecError, ValueError, TypeError):
            return NoAnswerError("HTTP 200, but not WeChat's words")
        return ApiError(code, str(answer.get("errmsg", ""))) if code else answer
    if status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT:
        return NoAnswerError(f"HTTP {status}, but not WeChat's words")
    return GatewayError(f"HTTP {status} from something before WeChat")
