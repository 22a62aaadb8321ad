"""The channel of a Telegram bot."""

import asyncio
import logging
from datetime import datetime

import msgspec
from telegram import Bot
from telegram.constants import CallbackQueryLimit

from bot.channels.button_data import UnfitButton
from bot.channels.descriptor import MadeFile, MakeFile
from bot.channels.http_client.client import HttpLimits
from bot.channels.http_client.errors import CallError
from bot.channels.telegram.api.bot_api import BotApi
from bot.channels.telegram.api.errors import TEAM_CHAT, TOKEN, BotApiError, telegram_delivery
from bot.channels.telegram.api.persist import RetryDelay, until_done
from bot.channels.telegram.api.typed_bot import typed_bot
from bot.channels.telegram.inbound.updates import TELEGRAM_CHANNEL
from bot.channels.telegram.present import DOCUMENT, EDIT, TOPIC, ApiCall, caption, cut_utf16, request_for
from bot.channels.telegram.rate_limits import is_group
from bot.ports import Binding, Blocked, CallWatch, Delivery, PlatformUnready, RaiseAlarm, Refused, Retry, Sent, Unknown
from storage.model.records import OutboxMessage
from storage.unit_of_work.jobs import failure_reason

__all__ = ["TelegramChannel", "open_bot"]

_LONGEST_TOAST = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
_TRIES_AGAIN = 5.0
"""Seconds after which a file is made again that could not be made."""
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

    def __init__(self, bot: Bot, api: BotApi, make_file: MakeFile, *, number: int) -> None:
        self.bot = bot
        self.api = api
        self.username = ""
        self.id = number
        self._starting = asyncio.Lock()
        self._make_file = make_file

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
            return await self._deliver(request_for(message, edits), message, edits)
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

    async def _deliver(self, call: ApiCall, message: OutboxMessage, edits: str) -> Delivery:
        """Execute the call of a message, without its topic where that is closed or gone; raises CallError."""
        try:
            if call.method == DOCUMENT:
                return await self._upload(call, message.prompt.attachment)
            return Sent(await self._perform(call, edits))
        except BotApiError as error:
            if TOPIC not in call.params or not error.is_about_topic:
                raise
            logger.warning("the topic %s of %s takes no message: %s", call.params[TOPIC], message.chat, error)
        main = {name: value for name, value in call.params.items() if name != TOPIC}
        return await self._deliver(ApiCall(call.method, main), message, edits)

    async def _upload(self, call: ApiCall, attachment: str) -> Delivery:
        """Send a file that is made now and kept nowhere."""
        try:
            made = await self._make_file(attachment)
        except LookupError as error:
            return Refused(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has left
            return Retry(_TRIES_AGAIN, f"the file cannot be made now: {type(error).__name__}")
        params = {**call.params, **({"caption": caption(made.words)} if made.words else {})}
        sent = await self.api.upload(call.method, params, "document", made.name, made.content)
        return Sent(str(msgspec.json.decode(sent, type=_Receipt).message_id))

    async def _perform(self, call: ApiCall, edits: str) -> str:
        """Execute a call and return the receipt, without the typed client, which would double the cost of a message."""
        result = await self.api.call(call.method, call.params)
        return edits if call.method == EDIT else str(msgspec.json.decode(result, type=_Receipt).message_id)


def _waits_for_group(message: OutboxMessage, edits: str) -> bool:
    """Return whether a message waits until a group lets the bot in: a new one, for all to groups are the team's."""
    return is_group(message.chat) and not edits and message.attempts < _TRIES_FOR_GROUP


class _Receipt(msgspec.Struct):
    message_id: int


async def _no_file(request: str) -> MadeFile:
    raise LookupError(f"nobody makes the file of {request} here")


def _answer_to(callback: str, text: str, *, alert: bool) -> dict[str, str | bool]:
    """Return the parameters of answerCallbackQuery, without the typed client: every tap has one, for no result."""
    told = cut_utf16(text, _LONGEST_TOAST)
    words = {"text": told} if told else {}
    return {"callback_query_id": callback} | words | ({"show_alert": True} if alert else {})


def open_bot(  # noqa: PLR0913 (what the calls of a bot may need, mostly left out)
    token: str,
    api_base: str,
    limits: HttpLimits | None = None,
    make_file: MakeFile = _no_file,
    watch: CallWatch | None = None,
    *,
    proxy: str = "",
) -> TelegramChannel:
    """Return the channel of one bot; nothing is sent before the first call."""
    api = BotApi(token, api_base, limits, watch, proxy)
    number = token.partition(":")[0]  # the bot's id (core.telegram.org/bots/api, authorizing your bot)
    return TelegramChannel(typed_bot(api), api, make_file, number=int(number) if number.isdecimal() else 0)
