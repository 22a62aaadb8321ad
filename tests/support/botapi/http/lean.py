"""The fast path: a raw HTTP/1.1 server that answers Bot API calls without a world behind them.

It checks the token, the method, chat_id and text, remembers nothing, and tells one listener about every message and
edit. It serves several times as many calls a second as the whole fake, for benches where the stub must not be felt.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from tests.support.botapi.http.rawhttp import listen_raw

__all__ = ["LeanTelegram", "Sent"]

REPLIES = frozenset({b"sendMessage", b"editMessageText"})
OTHERS = {
    b"getMe": b'{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"bot","username":"huifang_test_bot"}}',
    b"getWebhookInfo": b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}',
}
DONE = b'{"ok":true,"result":true}'
NOT_FOUND = b'{"ok":false,"error_code":404,"description":"Not Found: method not found"}'
UNAUTHORIZED = b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
BAD = b'{"ok":false,"error_code":400,"description":"Bad Request: chat_id or text is empty"}'
METHODS = REPLIES | {
    b"getMe",
    b"getWebhookInfo",
    b"setWebhook",
    b"deleteWebhook",
    b"answerCallbackQuery",
    b"setMyCommands",
    b"deleteMyCommands",
    b"editMessageReplyMarkup",
    b"deleteMessage",
    b"setMessageReaction",
}


MESSAGE = (
    b'{"ok":true,"result":{"message_id":%d,"date":1790000000,"text":"-","chat":{"id":%d,"type":"private","first_name":"c"},'
    b'"from":{"id":7000000001,"is_bot":true,"first_name":"bot","username":"huifang_test_bot"}}}'
)


class Sent(msgspec.Struct):
    """One message or edit: its chat, its id, and its reply_markup as JSON text (empty: none)."""

    chat_id: int
    message_id: int
    markup: bytes
    is_edit: bool


class _Body(msgspec.Struct):
    chat_id: int | str = 0
    message_id: int | str = 0
    text: str = ""
    reply_markup: msgspec.Raw = msgspec.Raw(b"")


class LeanTelegram:
    """Counts calls by method and hands every message and edit to the listener."""

    def __init__(self, token: str, listener: Callable[[Sent], None] | None = None) -> None:
        self.calls = 0
        self.listener = listener
        self._prefix = f"/bot{token}/".encode()
        self._next_id = 0
        self._read_json = msgspec.json.Decoder(_Body).decode
        self._server: asyncio.Server | None = None

    async def listen(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Begin to serve on loopback; gives the base address."""
        self._server, base = await listen_raw(self.answer, port, host)
        return base

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def answer(self, path: bytes, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Answer one call: HTTP status and body."""
        self.calls += 1
        if not path.startswith(self._prefix):
            return 401, UNAUTHORIZED
        method = path[len(self._prefix) :]
        if method in REPLIES:
            return self._reply(method, head, body)
        return (200, OTHERS.get(method, DONE)) if method in METHODS else (404, NOT_FOUND)

    def _reply(self, method: bytes, head: bytes, body: bytes) -> tuple[int, bytes]:
        is_edit = method == b"editMessageText"
        try:
            fields = self._json(body) if b"application/json" in head else _form(body)
            chat_id, message_id, text, markup = fields
        except (KeyError, ValueError, msgspec.DecodeError):
            return 400, BAD
        if not chat_id or not text or (is_edit and not message_id):
            return 400, BAD
        if not is_edit:
            self._next_id += 1
            message_id = self._next_id
        if self.listener is not None:
            self.listener(Sent(chat_id, message_id, markup, is_edit))
        return 200, MESSAGE % (message_id, chat_id)

    def _json(self, body: bytes) -> tuple[int, int, Any, bytes]:
        read = self._read_json(body)
        markup = bytes(read.reply_markup)
        if markup.startswith(b'"'):  # JSON text inside JSON, which the Bot API takes as well
            markup = msgspec.json.decode(markup, type=str).encode()
        return int(read.chat_id), int(read.message_id), read.text, markup


def _form(body: bytes) -> tuple[int, int, bytes, bytes]:
    found = {}
    for piece in body.split(b"&"):
        name, _, value = piece.partition(b"=")
        found[name] = value
    markup = unquote_to_bytes(found.get(b"reply_markup", b"").replace(b"+", b" "))
    return int(found[b"chat_id"]), int(found.get(b"message_id", 0)), found[b"text"], markup
