"""WeChat's calls to us: verified, decrypted, decided, and answered within its five seconds.

Rules: developers.weixin.qq.com, access guide, message encryption, passive replies.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.channels.descriptor import KeepUnread, ReceiveInbound
from bot.channels.webhooks import MalformedDelivery, WebhookAnswer, WebhookCall
from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.channels.wechat.inbound.parse import WECHAT_CHANNEL, Push, read_push
from bot.channels.wechat.inbound.passive_reply import reply_to
from bot.channels.wechat.inbound.verification import DecryptedPush, PushVerifier, RejectedPush
from bot.ports import Clock, RaiseAlarm
from scoring.values import Value, replace
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["WebhookDependencies", "WechatWebhook"]

logger = logging.getLogger(__name__)
_BUDGET = timedelta(seconds=4)
"""Of the five seconds after which WeChat calls again."""


_ENVELOPE = "wechat.envelope"
"""The alarm for pushes with the right signature that cannot be decrypted."""
_LOST = "wechat.lost"
"""The alarm for pushes that were acknowledged within the budget and could not be stored afterwards."""
_ENVELOPE_FIX = "Are wechat.aes_key and wechat.app_id those of the console?"

_SUCCESS = WebhookAnswer(HTTPStatus.OK, b"success")
_AGAIN = WebhookAnswer(HTTPStatus.SERVICE_UNAVAILABLE, b"It could not be stored; send it again.")


class WebhookDependencies(Value):
    """By what a push is decided and answered.

    `receive` decides on what was said, stored as decrypted XML; `keep_unread` keeps what cannot be read; `answer_of`
    returns the reply that the decision with this key stored (`InboxRow.answer`); `wants_inline` tells whether answers
    shall go as the reply.
    """

    receive: ReceiveInbound
    keep_unread: KeepUnread
    answer_of: Callable[[str], Awaitable[str]]
    wants_inline: Callable[[], bool]
    alarm: RaiseAlarm


class WechatWebhook:
    """The webhook. It accepts only what WeChat has signed and encrypted just now."""

    def __init__(
        self, envelopes: Envelopes, dependencies: WebhookDependencies, clock: Clock, budget: timedelta = _BUDGET
    ) -> None:
        """Answer within `budget`: a decision that takes longer continues in the background."""
        self._verifier = PushVerifier(envelopes, clock)
        self._envelopes = envelopes
        self._dependencies = dependencies
        self._clock = clock
        self._budget = budget
        self._deciding: set[asyncio.Future[str]] = set()

    async def __call__(self, call: WebhookCall) -> WebhookAnswer:
        """Return what one call is answered: a GET verifies our address, a POST is a push."""
        if call.method == "POST":
            return await self.take(call.query, await call.body())
        return self.verify(call.query)

    def verify(self, query: Mapping[str, str]) -> WebhookAnswer:
        """Return the answer to the GET by which WeChat verifies our address, when it is entered in its console."""
        try:
            return WebhookAnswer(HTTPStatus.OK, self._verifier.verify_address(query).encode())
        except RejectedPush as refused:
            return _refusal(refused)

    async def take(self, query: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Return the answer to one push. Nothing is stored before it is verified, and the same push is stored once."""
        try:
            decrypted = self._decrypt(query, body)
        except RejectedPush as refused:
            return _refusal(refused)
        try:
            return await self._answered(decrypted)
        except NOT_SAVED:
            return _AGAIN

    def _decrypt(self, query: Mapping[str, str], body: bytes) -> DecryptedPush:
        """Return the push that WeChat has signed; raises RejectedPush."""
        try:
            decrypted = self._verifier.decrypt(query, body)
        except MalformedDelivery as malformed:
            self._dependencies.alarm(_ENVELOPE, f"WeChat's pushes do not open ({malformed}). {_ENVELOPE_FIX}")
            raise RejectedPush(HTTPStatus.BAD_REQUEST, f"This is no push of WeChat's: {malformed}.") from None
        if decrypted.has_document_type:
            raise RejectedPush(HTTPStatus.BAD_REQUEST, "A document type is no part of a push.")
        return decrypted

    async def _answered(self, decrypted: DecryptedPush) -> WebhookAnswer:
        """Decide on a genuine push and return the answer; what cannot be read is kept, and acknowledged."""
        raw = decrypted.xml.encode()
        try:
            push = read_push(decrypted.xml, self._clock.now())
        except MalformedDelivery as malformed:
            await self._dependencies.keep_unread(WECHAT_CHANNEL, raw, str(malformed))
            return _SUCCESS
        if decrypted.account not in {"", push.account}:
            return _refusal(RejectedPush(HTTPStatus.BAD_REQUEST, "The envelope names another account."))
        stored = await self._decided(push, raw)
        reply = reply_to(push, stored, int(decrypted.timestamp))
        if not reply:
            return _SUCCESS
        return WebhookAnswer(
            HTTPStatus.OK, self._envelopes.encrypt(reply, decrypted.timestamp, decrypted.nonce), "application/xml"
        )

    async def _decided(self, push: Push, raw: bytes) -> str:
        """Return the stored reply, empty for none.

        Where the answer goes as the reply, the decision is awaited however long: WeChat calls again and gets it. Else
        messages are sent by themselves, and after the budget an empty answer is given: without one WeChat would tell
        the customer that the account is out of service.
        """
        is_inline = push.is_answerable and self._dependencies.wants_inline()
        answer_by = self._clock.now() + self._budget if is_inline else None
        deciding = asyncio.ensure_future(self._receive(push, raw, answer_by))
        self._deciding.add(deciding)
        deciding.add_done_callback(self._over)
        await asyncio.wait({deciding}, timeout=None if is_inline else self._budget.total_seconds())
        if deciding.done():
            return deciding.result()
        deciding.add_done_callback(self._late)
        return ""

    async def _receive(self, push: Push, raw: bytes, answer_by: datetime | None) -> str:
        for parsed in push.parsed:
            if parsed.inbound is not None:
                inbound = replace(parsed.inbound, answer_by=answer_by)
                with suppress(DecisionFailed):  # its row is kept and tried again at the next start
                    await self._dependencies.receive(replace(parsed, inbound=inbound), WECHAT_CHANNEL, raw)
        return await self._dependencies.answer_of(push.parsed[0].key) if push.is_answerable else ""

    def _over(self, deciding: asyncio.Future[str]) -> None:
        self._deciding.discard(deciding)
        if not deciding.cancelled() and (error := deciding.exception()) is not None:
            logger.warning("a push was not stored: %s", type(error).__name__)

    def _late(self, deciding: asyncio.Future[str]) -> None:
        """Raise the alarm for a push that is lost: it was acknowledged, so that WeChat does not call again."""
        if not deciding.cancelled() and (error := deciding.exception()) is not None:
            text = f"a customer's message was acknowledged and could not be stored: {type(error).__name__}"
            logger.error("%s", text)
            self._dependencies.alarm(_LOST, text)


def _refusal(refused: RejectedPush) -> WebhookAnswer:
    logger.info("not let in, %d: %s", refused.status, refused)
    return WebhookAnswer(refused.status, str(refused).encode())
