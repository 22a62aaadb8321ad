"""Calls to the Bot API: the address with the token in it, the methods we use, and Telegram's answers read.

core.telegram.org/bots/api, 10.1. Only the fields that are used are decoded. Tests hold parameters, limits and
results to python-telegram-bot, whose authors follow every version; importing it here would take 20 MB.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from bot.channels.http_client.client import FileForm, Form, HttpCall, HttpClient, HttpLimits
from bot.channels.http_client.errors import CallError, NoAnswerError, foreign_answer
from bot.channels.telegram.api.errors import BotApiError

__all__ = ["BotApi", "BotUser"]

T = TypeVar("T")
Params = Mapping[str, Any]
"""Parameters of a method; nested ones are plain JSON structures."""

# One for the long poll, the others for messages, edits and answers to presses that are under way.
_LIMITS = HttpLimits(connections=128, connect=10.0, answer=30.0)


class BotUser(msgspec.Struct, frozen=True):
    """The bot itself; `username` is without @."""

    id: int
    username: str = ""


class _Message(msgspec.Struct, frozen=True):
    message_id: int


class _ChatMember(msgspec.Struct, frozen=True):
    status: str


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


class BotApi:
    """The methods of one bot, all of which raise CallError. Nothing else holds its token."""

    def __init__(self, token: str, api_base: str, limits: HttpLimits | None = None) -> None:
        self._client = HttpClient(limits or _LIMITS)
        self._root = f"{api_base.rstrip('/')}/bot{token}"

    @property
    def limits(self) -> HttpLimits:
        """Return the connections and seconds that calls may take."""
        return self._client.limits

    async def call(self, method: str, params: Mapping[str, str], *, waits: float = 0.0) -> msgspec.Raw:
        """Call a method with form values and return the JSON of its `result`; raises CallError.

        `waits`: seconds that Telegram itself may take before it answers (long polling).
        """
        return await self._carry_out(HttpCall(f"{self._root}/{method}", Form(params), waits=waits))

    async def upload(
        self, method: str, params: Mapping[str, str], field: str, name: str, content: bytes
    ) -> msgspec.Raw:
        """Call a method with a JSON file in one of its fields; return and raise as `call` does."""
        return await self._carry_out(HttpCall(f"{self._root}/{method}", FileForm(params, field, name, content)))

    async def get_me(self) -> BotUser:
        """Return the bot to which the token belongs."""
        return _decoded(BotUser, await self.call("getMe", {}))

    async def get_chat_member(self, chat: str, user: int) -> str:
        """Return what a user is in a chat: creator, administrator, member, restricted, left or kicked."""
        member = await self.call("getChatMember", _form({"chat_id": chat, "user_id": user}))
        return _decoded(_ChatMember, member).status

    async def send_message(self, params: Params) -> int:
        """Send a message and return its id."""
        return _decoded(_Message, await self.call("sendMessage", _form(params))).message_id

    async def send_document(self, params: Params, name: str, content: bytes) -> int:
        """Send a JSON file and return the id of its message."""
        sent = await self.upload("sendDocument", _form(params), "document", name, content)
        return _decoded(_Message, sent).message_id

    async def edit_message_text(self, params: Params) -> None:
        """Edit a message."""
        await self.call("editMessageText", _form(params))

    async def answer_callback_query(self, params: Params) -> None:
        """Stop the waiting sign on a pressed button."""
        await self.call("answerCallbackQuery", _form(params))

    async def set_my_commands(self, params: Params) -> None:
        """Set a menu of commands."""
        await self.call("setMyCommands", _form(params))

    async def set_webhook(self, params: Params) -> None:
        """Set the webhook that Telegram calls."""
        await self.call("setWebhook", _form(params))

    async def delete_webhook(self) -> None:
        """Remove the webhook; updates that wait at Telegram are kept."""
        await self.call("deleteWebhook", {})

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
        answer = _DECODER.decode(body)
    except msgspec.MsgspecError:
        return foreign_answer(status, "Telegram")
    if answer.ok:
        return answer.result
    return BotApiError(
        answer.error_code or status,
        answer.description,
        retry_after=answer.parameters.retry_after,
        migrate_to=answer.parameters.migrate_to_chat_id,
    )


def _form(params: Params) -> dict[str, str]:
    """Write nested values as JSON text (Bot API, making requests)."""
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode() for name, value in params.items()
    }


def _decoded(kind: type[T], result: msgspec.Raw) -> T:
    try:
        return msgspec.json.decode(result, type=kind)
    except msgspec.MsgspecError as error:
        raise NoAnswerError(f"a result that is no {kind.__name__.removeprefix('_')}: {error}") from None
