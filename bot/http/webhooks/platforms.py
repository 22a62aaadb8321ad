"""The webhooks of chat platforms, in plain ASGI, since a framework would take longer than the update itself.

A request under uvicorn costs 32 µs in ASGI, 126 µs in FastAPI.
"""

from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from bot.channels.webhooks import Webhook, WebhookAddress
from bot.http.auth import header
from bot.http.backoff import WrongSecrets
from bot.http.limits import LARGEST_BODY, Disconnected, TooLarge, whole_body
from bot.http.problems import Problem

__all__ = ["ChannelHook"]

_OK = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
_EMPTY = {"type": "http.response.body", "body": b""}
_FRESH = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class ChannelHook:
    """Answers the calls to one channel's address; without a `webhook` it tells how the channel is switched on."""

    def __init__(self, address: WebhookAddress, webhook: Webhook | None, wrong: WrongSecrets) -> None:
        self._address = address
        self._webhook = webhook
        self._wrong = wrong

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        problem = self._refusal(scope) or await self._answered(scope, receive, send)
        if problem is not None:
            await problem.response()(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        if self._webhook is None:
            return Problem(HTTPStatus.NOT_FOUND, self._address.off)
        if scope["method"].lower() not in self._address.operations:
            allow = ", ".join(method.upper() for method in self._address.operations)
            return Problem(
                HTTPStatus.METHOD_NOT_ALLOWED, f"{scope['method']} is not possible here.", headers={"allow": allow}
            )
        return None

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> Problem | None:
        """Send the webhook's answer, or return the problem that it is."""
        assert self._webhook is not None  # noqa: S101 (`_refusal` has looked)
        try:
            answer = await self._webhook(_Call(scope, receive))
        except Disconnected:
            return None
        except TooLarge:
            return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may hold {LARGEST_BODY} bytes.")
        if answer.status >= HTTPStatus.BAD_REQUEST:
            problem, is_wrong = Problem(answer.status, answer.body.decode()), answer.status == HTTPStatus.UNAUTHORIZED
            return self._wrong.counted(self._address.path, scope, problem) if is_wrong else problem
        if not answer.body:
            await send(_OK)
            await send(_EMPTY)
            return None
        kind = f"{answer.media_type}; charset=utf-8" if answer.media_type == "text/plain" else answer.media_type
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(answer.body)).encode()), *_FRESH]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
        return None


class _Call:
    """A request as `bot.channels.webhooks.WebhookCall`; nothing is read before it is asked for."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive

    @property
    def method(self) -> str:
        method: str = self._scope["method"]
        return method

    @cached_property
    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(self._scope["query_string"].decode("latin-1"), keep_blank_values=True))

    def header(self, name: str) -> str:
        return header(self._scope["headers"], name.encode())

    async def body(self) -> bytes:
        return await whole_body(self._scope, self._receive)
