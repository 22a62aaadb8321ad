"""The channel of a Telegram bot."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import msgspec
from telegram import Bot
from telegram.constants import CallbackQueryLimit

from bot.channels.button_data import UnfitButton
from bot.channels.descriptor import MadeFile, ReadFile
from bot.channels.http_client.client import HttpLimits, PostedFile
from bot.channels.http_client.errors import CallError
from bot.channels.telegram.api.bot_api import BotApi
from bot.channels.telegram.api.errors import TEAM_CHAT, TOKEN, BotApiError, telegram_delivery
from bot.channels.telegram.api.persist import RetryDelay, until_done
from bot.channels.telegram.api.typed_bot import typed_bot
from bot.channels.telegram.inbound.updates import TELEGRAM_CHANNEL
from bot.channels.telegram.present import (
    DOCUMENT,
    EDIT,
    EDIT_CAPTION,
    TOPIC,
    ApiCall,
    caption,
    captioned,
    cut_utf16,
    file_alone,
    file_methods,
    fits_caption,
    request_for,
    shortened_caption,
)
from bot.channels.telegram.rate_limits import is_group
from bot.ports import (
    Binding,
    Blocked,
    CallWatch,
    Delivery,
    Gone,
    PlatformUnready,
    RaiseAlarm,
    Refused,
    Retry,
    Sent,
    Unknown,
)
from dialogs.messages import FileRef, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.jobs import failure_reason

__all__ = ["TelegramChannel", "open_bot"]

_LONGEST_TOAST = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
_DOCUMENT_FIELD = "document"
_TRIES_AGAIN = 5.0
"""Seconds after which a file is read or made again that could not be."""
_NAME_AFTER = 5
"""Seconds after which a caller may ask again for a link that needs the bot's name."""
_NO_GROUP = "Add the bot to the team's group, with the right to write, or write another into telegram.team_chat."
_TRIES_FOR_GROUP = 7 * 24 * 60
"""How often an alert is tried again for it, once a minute: for a week."""
logger = logging.getLogger(__name__)


class TelegramChannel:
    """A bot that writes to chats. `bot` is the typed client, `api` the calls below it.

    `username` is the bot's own, without @, and empty until `start` has fetched it; its `id` stands in the token.
    """

    name = TELEGRAM_CHANNEL

    def __init__(self, bot: Bot, api: BotApi, read_file: ReadFile, *, number: int) -> None:
        self.bot = bot
        self.api = api
        self.username = ""
        self.id = number
        self._starting = asyncio.Lock()
        self._read_file = read_file
        self._has_file: set[str] = set()
        """Messages of which the file has arrived and the words have not."""

    async def start(self, alarm: RaiseAlarm, delay: RetryDelay | None = None) -> None:
        """Fetch the bot's name, repeatedly until it is there, with an alarm when Telegram refuses the token.

        Several roles of a process call this; the first one asks, the others wait for its answer.
        """
        async with self._starting:
            if not self.username:
                me = await until_done(self.bot.get_me, TOKEN, alarm, delay)
                self.username = me.username or ""

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Send a message, or edit the one with the receipt `edits`. Never raises; cancelled, it is in doubt."""
        try:
            return await self._deliver(message, edits)
        except CallError as error:
            outcome = telegram_delivery(error, edits, message.attempts)
            if isinstance(outcome, Blocked) and _waits_for_group(message, edits):
                return Refused(f"{outcome.why}. {_NO_GROUP}", TEAM_CHAT)
            return outcome
        except ValueError as error:
            why = str(error) if isinstance(error, UnfitButton) else failure_reason(error)
            return Refused(f"{message.id} cannot be said on Telegram: {why}")
        except Exception as error:
            logger.exception("sending %s failed in a way that is not foreseen", message.id)
            return Unknown(type(error).__name__)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Stop the waiting sign on a pressed button, with a short text or none. A failure is only logged."""
        try:
            await self.api.call("answerCallbackQuery", _answer_to(callback, text, alert=alert))
        except CallError as error:
            logger.info("a press was not acknowledged: %s", error)

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return the deep link that presses Start with this token. Raises PlatformUnready before `start` is through."""
        del expires_at  # a deep link never ends; the token does
        if not self.username:
            why = "Telegram has not told the bot's name yet. Try again; if it stays so, check telegram.token."
            raise PlatformUnready(why, _NAME_AFTER)
        url = f"https://t.me/{self.username}?start={token}"
        return Binding(url, url)

    async def close(self) -> None:
        """Close the connections."""
        await self.api.close()

    async def _deliver(self, message: OutboxMessage, edits: str) -> Delivery:
        """Execute the call of a message; raises CallError."""
        prompt = message.prompt
        if prompt.file is not None and message.id not in self._has_file:
            return await self._with_file(message, prompt.file, edits)
        call = request_for(message, edits)
        if call.method == DOCUMENT:
            return await self._upload(call, message, _DOCUMENT_FIELD)
        return Sent(await self._in_topic(call, partial(self._perform, edits)))

    async def _with_file(self, message: OutboxMessage, file: FileRef, edits: str) -> Delivery:
        """Send a file with its words below it; before them where they are long, instead of it where it is refused."""
        if edits:
            return Gone("a file goes with a new message")
        words = request_for(message, "")
        shape = captioned if fits_caption(words) else file_alone
        for way in file_methods(file):
            try:
                outcome = await self._upload(shape(words, way.method), message, way.field)
            except BotApiError as error:
                if not error.is_about_file:
                    raise
                logger.warning("%s of %s is refused: %s", way.method, message.id, error)
                continue
            if shape is captioned or not isinstance(outcome, Sent):
                return outcome
            return await self._words_after(message, words)
        linked = request_for(replace(message, prompt=message.prompt.without_file), "")
        return Sent(await self._in_topic(linked, partial(self._perform, "")))

    async def _words_after(self, message: OutboxMessage, words: ApiCall) -> Delivery:
        """Send the words of a file that has arrived; it is remembered, so that it does not come twice."""
        self._has_file.add(message.id)
        sent = Sent(await self._in_topic(words, partial(self._perform, "")))
        self._has_file.discard(message.id)
        return sent

    async def _upload(self, call: ApiCall, message: OutboxMessage, field: str) -> Delivery:
        """Send a file, which is read or made now."""
        try:
            made = await self._read_file(message.prompt)
        except LookupError as error:
            return Refused(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has left
            return Retry(_TRIES_AGAIN, f"the file cannot be read now: {type(error).__name__}")
        params = {**call.params, **({"caption": caption(made.words)} if made.words else {})}
        file = PostedFile(field, made.name, made.media_type, made.content)

        async def execute(call: ApiCall) -> str:
            return _receipt(await self.api.upload(call.method, call.params, file))

        return Sent(await self._in_topic(ApiCall(call.method, params), execute))

    async def _in_topic(self, call: ApiCall, execute: Callable[[ApiCall], Awaitable[str]]) -> str:
        """Execute a call and return the receipt, without its topic where that is closed or gone."""
        try:
            return await execute(call)
        except BotApiError as error:
            if TOPIC not in call.params or not error.is_about_topic:
                raise
            logger.warning("the topic %s of %s takes no message: %s", call.params[TOPIC], call.params["chat_id"], error)
        return await execute(ApiCall(call.method, {name: one for name, one in call.params.items() if name != TOPIC}))

    async def _perform(self, edits: str, call: ApiCall) -> str:
        """Execute a call and return the receipt, without the typed client, which would double the cost of a message."""
        try:
            result = await self.api.call(call.method, call.params)
        except BotApiError as error:
            if call.method != EDIT or not error.is_about_words:
                raise
            result = await self.api.call(EDIT_CAPTION, shortened_caption(call).params)
        return edits if call.method == EDIT else _receipt(result)


def _waits_for_group(message: OutboxMessage, edits: str) -> bool:
    """Return whether a message waits until a group lets the bot in: a new one, for all to groups are the team's."""
    return is_group(message.chat) and not edits and message.attempts < _TRIES_FOR_GROUP


class _Receipt(msgspec.Struct):
    message_id: int


def _receipt(result: msgspec.Raw) -> str:
    return str(msgspec.json.decode(result, type=_Receipt).message_id)


async def _no_file(_prompt: Prompt) -> MadeFile:
    raise LookupError("nobody reads files here")


def _answer_to(callback: str, text: str, *, alert: bool) -> dict[str, str | bool]:
    """Return the parameters of answerCallbackQuery, without the typed client: every tap has one, for no result."""
    told = cut_utf16(text, _LONGEST_TOAST)
    words = {"text": told} if told else {}
    return {"callback_query_id": callback} | words | ({"show_alert": True} if alert else {})


def open_bot(  # noqa: PLR0913 (what the calls of a bot may need, mostly left out)
    token: str,
    api_base: str,
    limits: HttpLimits | None = None,
    read_file: ReadFile = _no_file,
    watch: CallWatch | None = None,
    *,
    proxy: str = "",
) -> TelegramChannel:
    """Return the channel of one bot; nothing is sent before the first call."""
    api = BotApi(token, api_base, limits, watch, proxy)
    number = token.partition(":")[0]  # the bot's id (core.telegram.org/bots/api, authorizing your bot)
    return TelegramChannel(typed_bot(api), api, read_file, number=int(number) if number.isdecimal() else 0)
