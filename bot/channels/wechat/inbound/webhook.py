"""WeChat's calls to us: verified, decrypted, decided, and answered within its five seconds.

Rules: developers.weixin.qq.com, access guide, message encryption, passive replies.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from bot.channels.descriptor import KeepUnread, ReceiveInbound
from bot.channels.webhooks import MalformedDelivery, WebhookAnswer, WebhookCall
from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.channels.wechat.inbound.parse import WECHAT_CHANNEL, Push, read_push
from bot.channels.wechat.inbound.passive_reply import reply_to
from bot.channels.wechat.inbound.unstored import UnstoredPushes
from bot.channels.wechat.inbound.verification import DecryptedPush, PushVerifier, RejectedPush
from bot.ports import ClearAlarm, Clock, InboundResult, RaiseAlarm
from scoring.values import Value, replace
from storage.model.errors import NOT_SAVED, DecisionFailed, Unavailable, WriteConflict
from storage.unit_of_work.jobs import failure_reason

__all__ = ["WebhookDependencies", "WechatWebhook"]

logger = logging.getLogger(__name__)
A = TypeVar("A")
_BUDGET = timedelta(seconds=4)
"""Of the five seconds after which WeChat calls again."""
_LEAST = 1 / 8
"""Of the budget, to read the reply to a push that was long in being stored."""

_ENVELOPE = "wechat.envelope"
"""The alarm for pushes with the right signature that cannot be decrypted."""
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
    mended: ClearAlarm


class WechatWebhook:
    """The webhook. It accepts only what WeChat has signed and encrypted just now."""

    def __init__(
        self, envelopes: Envelopes, dependencies: WebhookDependencies, clock: Clock, budget: timedelta = _BUDGET
    ) -> None:
        """Answer what is stored within `budget`, also where its reply cannot be read so fast."""
        self._verifier = PushVerifier(envelopes, clock)
        self._envelopes = envelopes
        self._dependencies = dependencies
        self._clock = clock
        self._budget = budget
        self._unstored = UnstoredPushes(dependencies.alarm, dependencies.mended)
        self._under_way: set[asyncio.Future[Any]] = set()
        self._is_closed = False

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
        """Return the answer to one push. Nothing is stored before it is verified, and the same push is stored once.

        Nothing is acknowledged before it is stored, however long that takes: without an answer WeChat calls again. What
        cannot be stored is held, and answered with 503.
        """
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
            self._is_closed = True
            self._dependencies.alarm(_ENVELOPE, f"WeChat's pushes do not open ({malformed}). {_ENVELOPE_FIX}")
            raise RejectedPush(HTTPStatus.BAD_REQUEST, f"This is no push of WeChat's: {malformed}.") from None
        self._opened()
        if decrypted.has_document_type:
            raise RejectedPush(HTTPStatus.BAD_REQUEST, "A document type is no part of a push.")
        return decrypted

    def _opened(self) -> None:
        if self._is_closed:
            self._is_closed = False
            self._dependencies.mended(_ENVELOPE, "WeChat's pushes open again")

    async def _answered(self, decrypted: DecryptedPush) -> WebhookAnswer:
        """Decide on a genuine push and return the answer; what cannot be read is kept, and acknowledged."""
        raw, since = decrypted.xml.encode(), asyncio.get_running_loop().time()
        try:
            push = read_push(decrypted.xml, self._clock.now())
        except MalformedDelivery as malformed:
            await self._stored("", raw, partial(self._keep, raw, str(malformed)))
            return _SUCCESS
        if decrypted.account not in {"", push.account}:
            return _refusal(RejectedPush(HTTPStatus.BAD_REQUEST, "The envelope names another account."))
        is_inline = push.is_answerable and self._dependencies.wants_inline()
        answer_by = self._clock.now() + self._budget if is_inline else None
        is_repeated = await self._stored(push.openid, raw, partial(self._store, push, raw, answer_by))
        may_have_reply = is_inline or is_repeated
        stored = await self._reply(push, None if may_have_reply else since + self._budget.total_seconds())
        reply = reply_to(push, stored, int(decrypted.timestamp))
        if not reply:
            return _SUCCESS
        return WebhookAnswer(
            HTTPStatus.OK, self._envelopes.encrypt(reply, decrypted.timestamp, decrypted.nonce), "application/xml"
        )

    async def _stored(self, sender: str, raw: bytes, store: Callable[[], Awaitable[bool]]) -> bool:
        """Store a push, also where its request ends meanwhile; return whether it was stored before.

        Raises NOT_SAVED for one that is held.
        """
        storing = self._unstored.store(sender, raw, partial(self._store_or_keep, raw, store))
        return await asyncio.shield(self._background(storing))

    async def _store_or_keep(self, raw: bytes, store: Callable[[], Awaitable[bool]]) -> bool:
        """Store a push; where a bug prevents that, keep it as failed. Raises one of NOT_SAVED, or nothing."""
        try:
            return await store()
        except (Unavailable, WriteConflict):
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours, for which WeChat would not call for ever
            return await self._keep(raw, failure_reason(error))

    async def _keep(self, raw: bytes, why: str) -> bool:
        await self._dependencies.keep_unread(WECHAT_CHANNEL, raw, why)
        return False

    async def _store(self, push: Push, raw: bytes, answer_by: datetime | None) -> bool:
        is_repeated = False
        for parsed in push.parsed:
            if parsed.inbound is not None:
                inbound = replace(parsed.inbound, answer_by=answer_by)
                with suppress(DecisionFailed):  # its row is kept and tried again at the next start
                    result = await self._dependencies.receive(replace(parsed, inbound=inbound), WECHAT_CHANNEL, raw)
                    is_repeated = result is InboundResult.REPEATED
        return is_repeated

    async def _reply(self, push: Push, until: float | None) -> str:
        """Return the reply to a push that is stored, empty for none.

        Where the answer goes as the reply it is awaited however long: WeChat calls again and gets it. So it is for a
        push that was stored before: another process, or this one a moment ago, may have promised its answer as the
        reply, and no message follows. Else messages are sent by themselves, and after `until` (seconds of the loop's
        clock) an empty one is given: without any WeChat would tell the customer that the account is out of service.
        """
        if not push.is_answerable:
            return ""
        reading = self._background(self._dependencies.answer_of(push.parsed[0].key))
        within = None
        if until is not None:
            within = max(until - asyncio.get_running_loop().time(), self._budget.total_seconds() * _LEAST)
        await asyncio.wait({reading}, timeout=within)
        return reading.result() if reading.done() else ""

    def _background(self, work: Awaitable[A]) -> asyncio.Future[A]:
        """Begin what goes on although its request ends."""
        future = asyncio.ensure_future(work)
        self._under_way.add(future)
        future.add_done_callback(self._over)
        return future

    def _over(self, future: asyncio.Future[Any]) -> None:
        self._under_way.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            logger.info("a push was not answered in time: %s", type(error).__name__)


def _refusal(refused: RejectedPush) -> WebhookAnswer:
    logger.info("not let in, %d: %s", refused.status, refused)
    return WebhookAnswer(refused.status, str(refused).encode())
