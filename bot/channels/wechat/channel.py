"""The channel of a WeChat service account: customers only, and no edits."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.channels.button_data import UnfitButton
from bot.channels.descriptor import ReadFile
from bot.channels.http_client.errors import CallError
from bot.channels.wechat.api.account import WechatAccount
from bot.channels.wechat.inbound.parse import WECHAT_CHANNEL
from bot.channels.wechat.outbound.health import AccountHealth
from bot.channels.wechat.outbound.send import MessageSender
from bot.ports import Binding, Clock, Delivery, DeliveryContext, PlatformUnready, Refused, Retry, Unknown
from bot.signed_links import LinkPurpose, Links
from storage.model.records import OutboxMessage
from storage.unit_of_work.jobs import failure_reason

__all__ = ["WechatChannel"]

logger = logging.getLogger(__name__)
_LOOKS_AGAIN = 5.0
"""Seconds after which a database that could not be read is read again."""
_CODE_AFTER = 60
"""Seconds after which a caller may ask again for a code that WeChat did not give."""


class WechatChannel:
    """Sends to followers. `account` makes the calls, `health` records how they went."""

    name = WECHAT_CHANNEL

    def __init__(  # noqa: PLR0913 (each is needed, and none belongs to another)
        self,
        account: WechatAccount,
        health: AccountHealth,
        context_of: Callable[[OutboxMessage], Awaitable[DeliveryContext]],
        links: Links,
        clock: Clock,
        *,
        read_file: ReadFile,
    ) -> None:
        """Send for this account; `context_of` returns what a message's chat allows and what it is about."""
        self.account = account
        self.health = health
        self._context_of = context_of
        self._links = links
        self._clock = clock
        self._sender = MessageSender(account, health, clock, read_file)

    def wants_inline(self) -> bool:
        """Return whether answers should go as replies to the customers' own messages; the webhook asks."""
        return self.health.wants_inline(self._clock.now())

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Send a message by the first method that is allowed. Never raises; cancelled, the message is in doubt."""
        del edits  # nothing can be edited
        try:
            return self.health.paused(self._clock.now()) or await self._sent(message)
        except ValueError as error:
            why = str(error) if isinstance(error, UnfitButton) else failure_reason(error)
            return Refused(f"{message.id} cannot be said on WeChat: {why}")
        except Exception as error:
            logger.exception("sending %s failed in a way that is not foreseen", message.id)
            return Unknown(type(error).__name__)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Ignore it: WeChat shows no waiting sign, and has no place for a text but the chat.

        Clicks come without a callback, so that the answer to one is a message (`bot.handlers.common.replies`).
        """

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return a temporary code: its address for a QR code of our own, and the page that shows one.

        WeChat opens such an address only when it is scanned, so the link leads to the page. Raises PlatformUnready
        where WeChat gives no code now.
        """
        try:
            scan = await self.account.create_qr(token, expires_at)
        except CallError as error:
            raise PlatformUnready(f"WeChat gives no code now ({error}); try again in a minute.", _CODE_AFTER) from None
        return Binding(self._links.url(LinkPurpose.BINDING, scan, expires_at), scan)

    async def close(self) -> None:
        """Close the connections."""
        await self.account.close()

    async def _sent(self, message: OutboxMessage) -> Delivery:
        try:
            context = await self._context_of(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has left
            return Retry(_LOOKS_AGAIN, f"what the chat allows cannot be looked up: {type(error).__name__}")
        return await self._sender.send(message, context)
