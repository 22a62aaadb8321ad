"""One request to the platform's API server, and its answer read (developers.weixin.qq.com, global return codes)."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from bot.channels.http_client.client import (
    FileForm,
    HttpCall,
    HttpClient,
    HttpLimits,
    JsonObject,
    JsonPayload,
    PostedFile,
)
from bot.channels.http_client.errors import ApiError, CallError, foreign_answer
from bot.ports import CallWatch
from scoring.values import Value, field

__all__ = ["ApiServer", "WechatRequest", "refuses_token"]

# Ten seconds for an answer, though most take a tenth: what is given up earlier is in doubt and may not be repeated.
_LIMITS = HttpLimits(connections=32, connect=5.0, answer=10.0)
_TOKEN_REFUSED = frozenset({40001, 40014, 41001, 42001})


class WechatRequest(Value):
    """A request not yet sent: path, query without the token, and a body of JSON or a file; without one it is a GET."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: PostedFile | None = None


class ApiServer:
    """The API server at one address."""

    def __init__(self, api_base: str, limits: HttpLimits | None = None, watch: CallWatch | None = None) -> None:
        self._client = HttpClient(limits or _LIMITS, watch)
        self._root = api_base.rstrip("/")

    async def ask(self, request: WechatRequest, token: str = "") -> JsonObject | CallError:
        """Send a request, with a token unless it needs none; return the answer, or what went wrong. Never raises."""
        query = {**request.query, **({"access_token": token} if token else {})}
        json = JsonPayload(request.body) if request.body else None
        body = FileForm({}, request.file) if request.file is not None else json
        return await self._client.exchange(HttpCall(self._root + request.path, body, query), _read)

    async def close(self) -> None:
        """Close the connections; later calls end in NeverLeftError."""
        await self._client.close()


def refuses_token(outcome: object) -> bool:
    """Return whether a call came to nothing because of its access token."""
    return isinstance(outcome, ApiError) and outcome.code in _TOKEN_REFUSED


def _read(status: int, body: bytes) -> JsonObject | CallError:
    """Read an answer: WeChat's own have status 200 and are JSON objects, with an `errcode` other than 0 for a refusal.

    A refusal means that nothing was done.
    """
    if status != HTTPStatus.OK:
        return foreign_answer(status, "WeChat")
    try:
        answer = msgspec.json.decode(body, type=JsonObject)
        code = int(answer.get("errcode", 0))
    except (msgspec.MsgspecError, ValueError, TypeError):
        return foreign_answer(status, "WeChat")
    return ApiError(code, str(answer.get("errmsg", ""))) if code else answer
