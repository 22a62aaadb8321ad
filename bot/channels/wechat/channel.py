"""The service account as one of the product's channels: customers only, and never an edit."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.channels.http_client.errors import CallError
from bot.channels.wechat.api.account import WechatAccount
from bot.channels.wechat.inbound.parse import NAME
from bot.channels.wechat.outbound.health import Health
from bot.channels.wechat.outbound.send import Ladder
from bot.ports import Binding, Clock, Delivery, DeliveryContext, Refused, Retry, Unknown
from bot.signed_links import Links, Purpose
from storage.model.records import OutboxMessage

__all__ = ["WechatChannel"]

logger = logging.getLogger(__name__)
_LOOKS_AGAIN = 5.0
"""Seconds after which a database that could not be read is read again."""


class WechatChannel:
    """Writes to followers. `account` makes the calls, `health` knows how they went; the door asks it, too."""

    name = NAME

    def __init__(
        self,
        account: WechatAccount,
        health: Health,
        context_of: Callable[[OutboxMessage], Awaitable[DeliveryContext]],
        links: Links,
        clock: Clock,
    ) -> None:
        """Send for this account; `context_of` returns what a message's chat allows and what it is about."""
        self.account = account
        self.health = health
        self._context_of = context_of
        self._links = links
        self._clock = clock
        self._ladder = Ladder(account, health, clock)

    def wants_inline(self) -> bool:
        """Return whether answers should ride on the replies to the customers' own messages, as the door asks."""
        return self.health.wants_inline(self._clock.now())

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Send a message by the first way that is open. Never raises; cancelled, it is in doubt."""
        del edits  # nothing can be edited
        try:
            return self.health.rests(self._clock.now()) or await self._sent(message)
        except ValueError as error:
            return Refused(f"{message.id} cannot be said on WeChat: {error}")
        except Exception as error:
            logger.exception("sending %s failed in a way that is not foreseen", message.id)
            return Unknown(type(error).__name__)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Do nothing: WeChat shows no waiting sign, and has nowhere to show a word but the chat.

        Clicks come without a callback, so that what is to be said of one is a message (`bot.handlers.common.replies`).
        """

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return a temporary code: its address for a QR code of our own, and the page that shows one.

        WeChat opens such an address only when it is scanned, so the link leads to the page. LookupError where WeChat
        gives no code now.
        """
        try:
            scan = await self.account.create_qr(token, expires_at)
        except CallError as error:
            raise LookupError(f"WeChat gives no code now ({error}); try again in a minute") from None
        return Binding(self._links.url(Purpose.BINDING, scan, expires_at), scan)

    async def close(self) -> None:
        """Close the connections."""
        await self.account.close()

    async def _sent(self, message: OutboxMessage) -> Delivery:
        try:
            context = await self._context_of(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has left
            return Retry(_LOOKS_AGAIN, f"what the chat allows cannot be looked up: {type(error).__name__}")
        return await self._ladder.send(message, context)
