"""The HTTP client of all channels: a pool of connections, and for every failure whether the request had left."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar, assert_never

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.proxy import ProxyBuilder
from pyreqwest.request import RequestBuilder

from bot.channels.http_client.errors import CallError, NeverLeftError, NoAnswerError
from bot.ports import CallWatch
from scoring.values import Value, field

__all__ = ["FileForm", "HttpAnswer", "HttpCall", "HttpClient", "HttpLimits", "JsonObject", "JsonPayload", "PostedFile"]

T = TypeVar("T")
JsonObject = dict[str, Any]
"""A JSON object as it is decoded."""

_JSON = "application/json"
_VERIFIED = "https:"

# The text of hyper-util's error when no connection came about (hyper-util, src/client/legacy/client.rs, Display of
# Error). pyreqwest's exception class does not tell: ConnectError is raised, too, when a connection broke after the
# request had left.
_NOT_CONNECTED = "client error (Connect)"


class HttpLimits(Value):
    """How many connections at once, and how many seconds to wait for one and then for the answer."""

    connections: int
    connect: float
    answer: float


class JsonPayload(Value):
    """A body of JSON, already written."""

    text: bytes


class PostedFile(Value):
    """A file in the field `field` of a form."""

    field: str
    name: str
    media_type: str
    content: bytes


class FileForm(Value):
    """A body of form fields and a file."""

    fields: Mapping[str, str]
    file: PostedFile


class HttpCall(Value):
    """A request: POST with a body, GET without, unless a `method` is named.

    `waits`: seconds that the platform itself may take (long polling).
    """

    url: str
    body: JsonPayload | FileForm | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    waits: float = 0.0
    method: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpAnswer(Value):
    """What a server has answered: the status, the body, and when to come again, empty where it does not say."""

    status: int
    body: bytes
    retry_after: str = ""


class HttpClient:
    """A pool of connections to one platform, opened at the first call."""

    def __init__(self, limits: HttpLimits, watch: CallWatch | None = None, proxy: str = "") -> None:
        """Take the limits, what is told of the calls (dates only from verified connections), and a proxy.

        Without a proxy the environment's `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` hold.
        """
        self.limits = limits
        self._proxy = proxy
        self._watch = watch
        self._pool: Client | None = None
        self._is_closed = False

    async def exchange(self, call: HttpCall, read: Callable[[int, bytes], T | CallError]) -> T | CallError:
        """Send a request; return what `read` makes of the answer's status and body, or why there is no answer.

        The failure is returned, not raised, so that no traceback holds the address. Raises ValueError, before anything
        has left, for an address or a text that no request can hold.
        """
        return await self.fetch(call, lambda answer: read(answer.status, answer.body))

    async def fetch(self, call: HttpCall, read: Callable[[HttpAnswer], T | CallError]) -> T | CallError:
        """Send a request as `exchange` does, and return what `read` makes of the whole answer."""
        outcome = await self._exchanged(call, read)
        if self._watch is not None and isinstance(outcome, CallError):
            self._watch.failed(outcome.label)
        return outcome

    async def _exchanged(self, call: HttpCall, read: Callable[[HttpAnswer], T | CallError]) -> T | CallError:
        if self._is_closed:
            return NeverLeftError("the channel is closed")
        request = _with_body(self._opened(), call).headers(call.headers)
        if call.query:
            request = request.query(call.query)
        if call.waits:
            request = request.timeout(timedelta(seconds=self.limits.connect + self.limits.answer + call.waits))
        try:
            response = await _cancellable(request.build().send())
            if self._watch is not None and call.url.startswith(_VERIFIED):
                self._watch.take_date(response.get_header("date") or "")
            body = (await _cancellable(response.bytes())).to_bytes()
            return read(HttpAnswer(response.status, body, response.get_header("retry-after") or ""))
        except PyreqwestError as error:
            return _failure(error)

    async def close(self) -> None:
        """Close the connections; later calls end in NeverLeftError."""
        self._is_closed = True
        if self._pool is not None:
            await self._pool.close()

    def _opened(self) -> Client:
        if self._pool is None:
            limits = self.limits
            self._pool = (
                _builder(self._proxy)
                .max_connections(limits.connections)
                .connect_timeout(timedelta(seconds=limits.connect))
                .pool_timeout(timedelta(seconds=limits.connect))
                .timeout(timedelta(seconds=limits.connect + limits.answer))
                # The address holds the secret, and a redirect would take it to another host.
                .follow_redirects(enable=False)
                .build()
            )
        return self._pool


def _builder(proxy: str) -> ClientBuilder:
    # With socks5h, unlike socks5, the proxy looks the names up: where Telegram is blocked, so is its name
    # (docs.rs/reqwest, Proxy, "SOCKS").
    address = proxy.replace("socks5://", "socks5h://", 1)
    return ClientBuilder().proxy(ProxyBuilder.all(address)) if proxy else ClientBuilder()


async def _cancellable(call: Awaitable[T]) -> T:
    """Return the result of a call of pyreqwest; raise a cancellation that came as it ended, which pyreqwest drops.

    Its awaitable answers `throw` with a result where it has one, and the task would go on as if it were not cancelled.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task is not None else 0
    try:
        return await call
    finally:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError


def _with_body(pool: Client, call: HttpCall) -> RequestBuilder:
    match call.body:
        case None:
            return pool.request(call.method or "GET", call.url)
        case JsonPayload(text):
            request = pool.request(call.method or "POST", call.url)
            return request.header("content-type", _JSON).body_bytes(text)
        case FileForm() as body:
            return pool.request(call.method or "POST", call.url).multipart(_multipart(body))
        case never:
            assert_never(never)


def _multipart(body: FileForm) -> FormBuilder:
    form = FormBuilder()
    for name, value in body.fields.items():
        form = form.text(name, value)
    part = PartBuilder.from_bytes(body.file.content).file_name(body.file.name).mime(body.file.media_type)
    return form.part(body.file.field, part)


def _failure(error: PyreqwestError) -> NeverLeftError | NoAnswerError:
    """Return whether the request had left; in doubt it had, since repeating it could deliver a message twice."""
    has_left = not isinstance(error, PoolTimeoutError) and _NOT_CONNECTED not in _causes(error)
    return (NoAnswerError if has_left else NeverLeftError)(type(error).__name__)


def _causes(error: PyreqwestError) -> list[str]:
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return [cause["message"] for cause in causes or ()]
