"""Calls to the Bot API: the address with the token in it, and Telegram's answers read (core.telegram.org/bots/api)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.channels.http_client.client import FileForm, HttpCall, HttpClient, HttpLimits, JsonPayload, PostedFile
from bot.channels.http_client.errors import CallError, foreign_answer
from bot.channels.telegram.api.errors import BotApiError
from bot.channels.telegram.api.json_repair import repaired_json
from bot.ports import CallWatch

__all__ = ["BotApi"]

# One for the long poll, the others for messages, edits and answers to presses that are under way.
_LIMITS = HttpLimits(connections=128, connect=10.0, answer=30.0)


class _Parameters(msgspec.Struct):
    """ResponseParameters."""

    retry_after: int = 0
    migrate_to_chat_id: int = 0


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


_DECODER = msgspec.json.Decoder(_Answer)
_ENCODER = msgspec.json.Encoder()


class BotApi:
    """The methods of one bot. Nothing else holds its token."""

    def __init__(
        self,
        token: str,
        api_base: str,
        limits: HttpLimits | None = None,
        watch: CallWatch | None = None,
        proxy: str = "",
    ) -> None:
        self._client = HttpClient(limits or _LIMITS, watch, proxy)
        self._root = f"{api_base.rstrip('/')}/bot{token}"

    @property
    def limits(self) -> HttpLimits:
        """Return the connections and seconds that calls may take."""
        return self._client.limits

    async def call(self, method: str, params: Mapping[str, Any], *, waits: float = 0.0) -> msgspec.Raw:
        """Call a method with parameters, nested ones as plain structures, and return the JSON of its `result`.

        `waits`: seconds that Telegram itself may take before it answers (long polling). Raises CallError, and
        ValueError for a text that JSON cannot hold. A body of JSON takes a seventh of the time of a form.
        """
        body = JsonPayload(_ENCODER.encode(params))
        return await self._carry_out(HttpCall(f"{self._root}/{method}", body, waits=waits))

    async def upload(self, method: str, params: Mapping[str, Any], file: PostedFile) -> msgspec.Raw:
        """Call a method with a file, nested parameters as plain structures; return and raise as `call` does."""
        fields = {name: one if isinstance(one, str) else _ENCODER.encode(one).decode() for name, one in params.items()}
        return await self._carry_out(HttpCall(f"{self._root}/{method}", FileForm(fields, file)))

    async def close(self) -> None:
        """Close the connections; later calls raise NeverLeftError."""
        await self._client.close()

    async def _carry_out(self, call: HttpCall) -> msgspec.Raw:
        outcome = await self._client.exchange(call, _read)
        if isinstance(outcome, CallError):
            raise outcome
        return outcome


def _read(status: int, body: bytes) -> msgspec.Raw | CallError:
    """Read an answer, whatever its status: Telegram's own are JSON objects with `ok` (Bot API, making requests)."""
    try:
        answer = _decoded(body)
    except (msgspec.MsgspecError, ValueError):
        return foreign_answer(status, "Telegram")
    if answer.ok:
        return answer.result
    return BotApiError(
        answer.error_code or status,
        answer.description,
        retry_after=answer.parameters.retry_after,
        migrate_to=answer.parameters.migrate_to_chat_id,
    )


def _decoded(body: bytes) -> _Answer:
    """Return an answer, also where a character of an update in it is wrong, which would come again for ever."""
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _DECODER.decode(repaired_json(body))
