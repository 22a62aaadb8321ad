"""HTTP to the Bot API: one pool of connections, and every failure as one of `problems`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder
from telegram.error import TelegramError

from bot.channels.telegram.transport_errors import ApiError, GatewayError, NeverLeftError, NoAnswerError
from scoring.values import Value

__all__ = ["Limits", "Wire"]

# What hyper, the engine below, says when no connection came about. The class of the error does not tell: it is a
# ConnectError, too, when a connection broke after the request had left.
_NOT_CONNECTED = "client error (Connect)"


Filled = Callable[[RequestBuilder], RequestBuilder]
"""Puts its parameters into a request."""


class Limits(Value):
    """How many connections at once, and how many seconds to wait for one and then for the answer."""

    connections: int = 128
    connect: float = 10.0
    answer: float = 30.0


class _Hints(msgspec.Struct):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Hints = msgspec.field(default_factory=_Hints)


_DECODER = msgspec.json.Decoder(_Answer)


class Wire:
    """The only one who knows the token. Opens its connections at the first call."""

    def __init__(self, token: str, api_base: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._root = f"{api_base.rstrip('/')}/bot{token}"
        self._client: Client | None = None
        self._is_closed = False

    async def call(self, method: str, params: Mapping[str, str], *, waits: float = 0.0) -> msgspec.Raw:
        """Call a method with form values; return the JSON of its `result`.

        `waits`: seconds that Telegram itself may take before it answers (long polling). Raises one of `problems`;
        the exception that caused it is not chained, since its text may hold the URL.
        """
        outcome = await self._attempt(method, lambda request: request.form(params), waits)
        if isinstance(outcome, TelegramError):
            raise outcome
        return outcome

    async def upload(
        self, method: str, params: Mapping[str, str], field: str, name: str, content: bytes
    ) -> msgspec.Raw:
        """Call a method with a file in one of its fields; raises as `call` does."""
        form = FormBuilder()
        for key, value in params.items():
            form = form.text(key, value)
        part = PartBuilder.from_bytes(content).file_name(name).mime("application/json")
        outcome = await self._attempt(method, lambda request: request.multipart(form.part(field, part)))
        if isinstance(outcome, TelegramError):
            raise outcome
        return outcome

    async def close(self) -> None:
        """Close the connections; later calls never leave."""
        self._is_closed = True
        if self._client is not None:
            await self._client.close()

    async def _attempt(self, method: str, filled: Filled, waits: float = 0.0) -> msgspec.Raw | TelegramError:
        if self._is_closed:
            return NeverLeftError("the channel is closed")
        request = filled(self._opened().post(f"{self._root}/{method}"))
        if waits:
            request = request.timeout(timedelta(seconds=self.limits.connect + self.limits.answer + waits))
        try:
            response = await request.build().send()
            return _read(response.status, (await response.bytes()).to_bytes())
        except PyreqwestError as error:
            has_left = not isinstance(error, PoolTimeoutError) and _NOT_CONNECTED not in _causes(error)
            return (NoAnswerError if has_left else NeverLeftError)(type(error).__name__)

    def _opened(self) -> Client:
        if self._client is None:
            limits = self.limits
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


def _read(status: int, body: bytes) -> msgspec.Raw | TelegramError:
    try:
        answer = _DECODER.decode(body)
    except msgspec.MsgspecError:
        return _unreadable(status)
    if answer.ok:
        return answer.result
    hints = answer.parameters
    return ApiError(
        answer.error_code or status,
        answer.description,
        retry_after=hints.retry_after,
        migrate_to=hints.migrate_to_chat_id,
    )


def _unreadable(status: int) -> TelegramError:
    """Judge an answer that is not Telegram's: a success page, or a gateway that gave up waiting, leaves doubt."""
    if status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT:
        return NoAnswerError(f"HTTP {status}, but not Telegram's words")
    return GatewayError(f"HTTP {status} from something before Telegram")
