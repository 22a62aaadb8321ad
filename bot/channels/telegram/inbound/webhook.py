"""Telegram's calls to us: setting the webhook, removing it, and answering it."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hmac import compare_digest
from http import HTTPStatus

from telegram import Bot

from bot.channels.telegram.api.persist import RetryDelay, until_done
from bot.channels.telegram.inbound.updates import ALLOWED_UPDATES
from bot.channels.webhooks import MalformedDelivery, WebhookAnswer, WebhookCall
from bot.ports import RaiseAlarm
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["WEBHOOK", "TelegramWebhook", "remove_webhook", "set_webhook"]

WEBHOOK = "telegram.webhook"
"""The alarm for a webhook that cannot be set or removed."""
_CONNECTIONS = 100  # the most that Telegram opens: updates that arrive together are committed together
_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 (a header's name)

_STORED = WebhookAnswer(HTTPStatus.OK)
_UNAUTHORIZED = WebhookAnswer(HTTPStatus.UNAUTHORIZED, b"The secret token is missing or wrong.")
_NO_UPDATE = WebhookAnswer(HTTPStatus.BAD_REQUEST, b"The body is no Telegram update.")
_AGAIN = WebhookAnswer(HTTPStatus.SERVICE_UNAVAILABLE, b"The update could not be stored; send it again.")

logger = logging.getLogger(__name__)


class TelegramWebhook:
    """The webhook. It answers 200 once an update is stored; Telegram repeats what is answered otherwise."""

    def __init__(self, secret: str, receive: Callable[[bytes], Awaitable[object]]) -> None:
        """Accept calls with this secret, with an empty one none; `receive` raises ValueError for what is no update.

        Telegram sends the secret in `X-Telegram-Bot-Api-Secret-Token` (Bot API, setWebhook).
        """
        self._secret = secret.encode()
        self._receive = receive

    async def __call__(self, call: WebhookCall) -> WebhookAnswer:
        """Return the answer to one call."""
        if not self._secret or not compare_digest(call.header(_SECRET).encode(errors="surrogatepass"), self._secret):
            return _UNAUTHORIZED
        raw = await call.body()
        with suppress(DecisionFailed):  # its row is kept and tried again at the next start
            try:
                await self._receive(raw)
            except (ValueError, *NOT_SAVED) as error:
                is_ours = isinstance(error, (MalformedDelivery, *NOT_SAVED))  # whose texts quote nothing
                logger.warning("an update was not taken: %s", error if is_ours else type(error).__name__)
                return _NO_UPDATE if isinstance(error, ValueError) else _AGAIN
        return _STORED


async def set_webhook(bot: Bot, address: str, secret: str, alarm: RaiseAlarm, delay: RetryDelay | None = None) -> None:
    """Ask Telegram to call an address, repeatedly until it agrees; alarm `telegram.webhook`."""

    async def ask() -> bool:
        return await bot.set_webhook(
            address,
            max_connections=_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=secret,
        )

    await until_done(ask, WEBHOOK, alarm, delay)


async def remove_webhook(bot: Bot, alarm: RaiseAlarm, delay: RetryDelay | None = None) -> None:
    """Ask Telegram to stop calling, so that updates can be polled; what waits there is kept."""
    await until_done(bot.delete_webhook, WEBHOOK, alarm, delay)
