"""WeChat's way in: is it WeChat who calls, what was said, and the answer inside the five seconds.

Rules: developers.weixin.qq.com, access guide, message encryption, passive replies.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.channels.descriptor import Hear
from bot.channels.webhooks import WebhookAnswer, WebhookCall
from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.channels.wechat.inbound.malformed import Malformed
from bot.channels.wechat.inbound.parse import NAME, Push, read_push
from bot.channels.wechat.inbound.passive_reply import reply_to
from bot.channels.wechat.inbound.verification import Refused, Sealed, Seals
from bot.ports import Clock
from scoring.values import Value, replace
from storage.model.errors import DecisionFailed, Unavailable, WriteConflict

__all__ = ["WebhookDependencies", "WechatWebhook"]

logger = logging.getLogger(__name__)
_BUDGET = timedelta(seconds=4)
"""Of the five seconds that WeChat waits before it asks again."""


_SUCCESS = WebhookAnswer(HTTPStatus.OK, b"success")
_AGAIN = WebhookAnswer(HTTPStatus.SERVICE_UNAVAILABLE, b"It could not be stored; send it again.")


class WebhookDependencies(Value):
    """With what a push is decided and answered.

    `hear` decides on what was said, kept as decrypted XML; `answer_of` returns what the decision with this key wants
    replied (`InboxRow.answer`); `wants_inline` tells whether answers shall ride on the reply.
    """

    hear: Hear
    answer_of: Callable[[str], Awaitable[str]]
    wants_inline: Callable[[], bool]


class WechatWebhook:
    """Takes what WeChat has signed and encrypted just now, and nothing else."""

    def __init__(
        self, envelopes: Envelopes, dependencies: WebhookDependencies, clock: Clock, budget: timedelta = _BUDGET
    ) -> None:
        """Answer within `budget`: a decision that takes longer goes on without being waited for."""
        self._seals = Seals(envelopes, clock)
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
        """Answer the GET by which WeChat makes sure of us, when the address is entered in its console."""
        try:
            return WebhookAnswer(HTTPStatus.OK, self._seals.echo(query).encode())
        except Refused as refused:
            return _refusal(refused)

    async def take(self, query: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Take one push and answer it; nothing is stored before its seal holds, and the same push is stored once."""
        try:
            sealed = self._seals.open(query, body)
            push = self._read(sealed)
        except Refused as refused:
            return _refusal(refused)
        except Malformed as malformed:
            return _refusal(Refused(HTTPStatus.BAD_REQUEST, f"This is no push of WeChat's: {malformed}."))
        try:
            stored = await self._decided(push, sealed.xml.encode())
        except (Unavailable, WriteConflict):
            return _AGAIN
        reply = reply_to(push, stored, int(sealed.timestamp))
        if not reply:
            return _SUCCESS
        return WebhookAnswer(
            HTTPStatus.OK, self._envelopes.seal(reply, sealed.timestamp, sealed.nonce), "application/xml"
        )

    def _read(self, sealed: Sealed) -> Push:
        push = read_push(sealed.xml, self._clock.now())
        if sealed.account not in {"", push.account}:
            raise Malformed("the envelope names another account")
        return push

    async def _decided(self, push: Push, raw: bytes) -> str:
        """Return what is to be answered.

        An answer that rides on the reply is waited for, however long: WeChat then asks again and gets it. Otherwise
        messages go out by themselves, so that after the budget an empty answer spares the customer an apology.
        """
        is_inline = push.is_answerable and self._dependencies.wants_inline()
        answer_by = self._clock.now() + self._budget if is_inline else None
        deciding = asyncio.ensure_future(self._heard(push, raw, answer_by))
        self._deciding.add(deciding)
        deciding.add_done_callback(self._over)
        await asyncio.wait({deciding}, timeout=None if is_inline else self._budget.total_seconds())
        return deciding.result() if deciding.done() else ""

    async def _heard(self, push: Push, raw: bytes, answer_by: datetime | None) -> str:
        for parsed in push.parsed:
            if parsed.inbound is not None:
                inbound = replace(parsed.inbound, answer_by=answer_by)
                with suppress(DecisionFailed):  # its row is kept and tried again at the next start
                    await self._dependencies.hear(replace(parsed, inbound=inbound), NAME, raw)
        return await self._dependencies.answer_of(push.parsed[0].key) if push.is_answerable else ""

    def _over(self, deciding: asyncio.Future[str]) -> None:
        self._deciding.discard(deciding)
        if not deciding.cancelled() and (error := deciding.exception()) is not None:
            logger.warning("a push was not stored: %s", type(error).__name__)


def _refusal(refused: Refused) -> WebhookAnswer:
    logger.info("not let in, %d: %s", refused.status, refused)
    return WebhookAnswer(refused.status, str(refused).encode())
