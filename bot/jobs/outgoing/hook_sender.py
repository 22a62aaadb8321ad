"""Sends outgoing webhooks: at least once, of one subject in order, and until one, or its endpoint, failed for a day.

One process of all does it. What is being sent is leased, so that another one takes it over where this one dies.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from bot.handlers.outgoing.delivery_outcome import (
    AttemptKind,
    AttemptResult,
    HookAnswer,
    after_attempt,
    failed_alone,
    retry_delay,
)
from bot.handlers.outgoing.endpoint_commands import disable_endpoint, endpoint_needs
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.outgoing.signed_request import signed_request
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.model.outgoing.hook_records import (
    EndpointStatus,
    HookDelivery,
    HookDeliveryStatus,
    HookEndpoint,
    HookEvent,
)
from storage.outgoing.delivery_claims import ClaimedDelivery, claim_deliveries, settle_delivery
from storage.unit_of_work.writer import Committed

__all__ = ["DELIVERY_ALARM", "ENDPOINT_ALARM", "HookSender"]

logger = logging.getLogger(__name__)

ENDPOINT_ALARM = "hook_endpoint"
"""The alarm for endpoints that were disabled because of what they answered."""
DELIVERY_ALARM = "hook_delivery"
"""The alarm for deliveries that an endpoint did not take for a day, while it took others."""
_AT_ONCE = 4
"""Deliveries to one endpoint at a time: one that hangs holds up nobody else's."""
_LOOKS_AGAIN = 5.0
"""Seconds after which it looks by itself: another process may have saved something."""
_LOOKS_ALONE = 60.0
_STRIKES = 3
"""Failures in a row after which an endpoint gets a pause, which grows, instead of every delivery that is due."""
_LONGEST_PAUSE = timedelta(minutes=5)


class HookSender:
    """Looks for what is due, and sends it; `count` is told what each attempt met."""

    def __init__(
        self, desk: EndpointDesk, alarms: Alarms, count: Callable[[AttemptKind], None] = lambda _: None
    ) -> None:
        self._writer, self._receiver, self._clock = desk.writer, desk.receiver, desk.clock
        self._alarms, self._count, self._poster = alarms, count, desk.poster
        self._reads = desk.reads
        self._rests = _LOOKS_ALONE if desk.store.is_alone else _LOOKS_AGAIN
        self._called = desk.called
        self._sending: defaultdict[str, set[asyncio.Task[None]]] = defaultdict(set)
        self._strikes: Counter[str] = Counter()
        self._paused: dict[str, datetime] = {}

    def take(self, committed: Committed) -> None:
        """Wake where something happened; see `CommitFeed.subscribe`."""
        records = chain.from_iterable(changes.records for changes in committed.decided)
        if any(isinstance(record, HookEvent | HookEndpoint) for record in records):
            self.look_again()

    def look_again(self) -> None:
        """Wake: something is due."""
        self._called.set()

    async def run(self) -> None:
        """Send until cancelled. Raises what the database raises."""
        try:
            while True:
                self._called.clear()
                await self._nap(await self._look())
        finally:
            await self._stop()

    async def _look(self) -> datetime | None:
        """Begin to send what is due; return when something else is. Nothing is sent while all is played."""
        if self._receiver.policy.is_played:
            return None
        moments: list[datetime] = []
        endpoints, failed = await self._reads.standing()
        self._tell_of([one for one in endpoints if one.why])
        self._tell_of_failed(failed, {one.id: one.name for one in endpoints})
        for endpoint in endpoints:
            if endpoint.state is EndpointStatus.ACTIVE:
                moments += await self._look_at(endpoint)
        return min(moments, default=None)

    async def _look_at(self, endpoint: HookEndpoint) -> list[datetime]:
        now, due_at = self._clock.now(), await self._reads.next_due(endpoint.id)
        free = _AT_ONCE - len(self._sending[endpoint.id])
        if due_at is None or not free:
            return []
        begins = max(due_at, self._paused.get(endpoint.id, due_at))
        if begins > now:
            return [begins]
        claimed = await self._writer.perform(
            lambda session, moment: claim_deliveries(session, moment, endpoint.id, free)
        )
        crash_point("hook_claimed")
        for one in claimed:
            task = asyncio.ensure_future(self._send(endpoint, one))
            self._sending[endpoint.id].add(task)
            task.add_done_callback(partial(self._ended, endpoint.id))
        return []

    def _ended(self, endpoint: str, task: asyncio.Task[None]) -> None:
        self._sending[endpoint].discard(task)
        self.look_again()

    async def _nap(self, until: datetime | None) -> None:
        rest = self._rests
        if until is not None:
            rest = min(max((until - self._clock.now()).total_seconds(), 0.0), rest)
        try:
            async with asyncio.timeout(rest):
                await self._called.wait()
        except TimeoutError:
            return

    async def _send(self, endpoint: HookEndpoint, claimed: ClaimedDelivery) -> None:
        """Send one delivery and write down what became of it; what cannot be written is sent again after its lease."""
        delivery, began = claimed.delivery, self._clock.monotonic()
        key = self._receiver.policy.links.key
        request = signed_request(endpoint, delivery.event, claimed.body, key, self._clock.now())
        answer = await self._poster.post(request.url, request.headers, request.body)
        crash_point("hook_sent")
        took = round(1000 * (self._clock.monotonic() - began))
        now = self._clock.now()
        met = HookAnswer(answer.status, answer.answer, answer.retry_after, answer.problem, took)
        result = after_attempt(delivery, met, now)
        try:
            if result.may_be_alone and await self._reads.took_later_ones(result.delivery):
                result = failed_alone(result)
            await self._writer.perform(lambda session, _now: settle_delivery(session, result.delivery))
            await self._follow(endpoint, result, now)
        except (*NOT_SAVED, DecisionFailed) as why:
            logger.warning("what became of the webhook %s is not saved, so it is sent again: %s", delivery.event, why)

    async def _follow(self, endpoint: HookEndpoint, result: AttemptResult, now: datetime) -> None:
        """Count an attempt, and do to its endpoint what follows from it."""
        self._count(result.kind)
        if result.kind is AttemptKind.DELIVERED:
            self._strikes.pop(endpoint.id, None)
            self._paused.pop(endpoint.id, None)
            return
        self._strikes[endpoint.id] += 1
        strikes = self._strikes[endpoint.id] - _STRIKES
        pause = min(retry_delay(endpoint.id, strikes), _LONGEST_PAUSE) if strikes > 0 else timedelta()
        self._paused[endpoint.id] = now + max(pause, result.waits)
        is_over = result.delivery.state is HookDeliveryStatus.FAILED
        level = logging.ERROR if is_over else logging.INFO
        logger.log(level, "webhook %s to %s: %s", result.delivery.event, endpoint.name, result.delivery.why)
        if result.ends:
            await self._disable(endpoint, result.ends)

    async def _disable(self, endpoint: HookEndpoint, why: str) -> None:
        off = await self._receiver.do(
            endpoint_needs(endpoint.id), lambda context: disable_endpoint(context, endpoint.id, why)
        )
        if off:
            self.look_again()  # which raises the alarm

    def _tell_of(self, ended: Sequence[HookEndpoint]) -> None:
        """Raise the alarm for endpoints that were disabled because of what they answered, for as long as they are."""
        if not ended:
            self._alarms.over(ENDPOINT_ALARM)
            return
        told = "; ".join(f"{one.name!r} ({one.id}): {one.why}" for one in ended)
        text = f"webhook endpoints are sent nothing any more: {told}. Mend it, then `huifang webhooks enable ENDPOINT`"
        self._alarms.sound(ENDPOINT_ALARM, text, ", ".join(one.name for one in ended))

    def _tell_of_failed(self, failed: Sequence[HookDelivery], names: Mapping[str, str]) -> None:
        """Raise the alarm for deliveries that were given up, until each is replayed or dropped."""
        if not failed:
            self._alarms.over(DELIVERY_ALARM)
            return
        whose = list(dict.fromkeys(names.get(one.endpoint, one.endpoint) for one in failed))
        first = failed[0]
        told = f"{first.type} {first.number} to {names.get(first.endpoint, first.endpoint)!r}: {first.why}"
        text = (
            f"{len(failed)} webhooks are given up, while others arrive: {told}. Replay or drop it: `huifang webhooks`"
        )
        self._alarms.sound(DELIVERY_ALARM, text, ", ".join(whose))

    async def _stop(self) -> None:
        sending = list(chain.from_iterable(self._sending.values()))
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
