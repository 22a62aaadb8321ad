"""The one way out: lease a row, send it, write down what became of it. A row is never sent without its lease."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat_migrations import Moves
from bot.delivery.queue import Mailroom
from bot.handlers.deliveries import REPEATS_AFTER, Expired, Outcome, may_repeat
from bot.ports import Channel, Clock, Delivery, Gone, Moved, Refused, Retry, Unknown
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import Unavailable, WriteConflict
from storage.model.records import OutboxMessage, Status
from storage.reads.outbox import pending
from storage.unit_of_work.leases import Claimed
from storage.unit_of_work.send_start import Go
from storage.unit_of_work.writer import Writer

__all__ = ["Sender"]

logger = logging.getLogger(__name__)
_LEASE = timedelta(seconds=90)
"""Longer than the longest sending; a lease that ran out means that its process died."""
_LOOKS_EVERY = 5.0
"""Seconds after which the outbox is read again: rows of other processes, leases that ran out."""
_AT_ONCE = 2000
"""Rows mirrored at a time; the rest waits in the outbox."""
_WAITS_FOR_ANOTHER = 0.5
"""Seconds after which a message is tried again that another process, or what it edits, still held up."""
_PATIENCE = 3.0
"""Seconds that messages under way get at the end; then they are in doubt, as after a crash."""


Settle = Callable[[OutboxMessage, Outcome, bool], Awaitable[Outcome]]
"""Writes down what became of a message and gives it as written; the flag: what it should have edited was not there."""


@dataclass(eq=False, slots=True)
class Sender:
    """Sends what the outbox holds, at most `free` at a time, as fast as the pacers of the mailroom allow."""

    channels: Mapping[str, Channel]
    settle: Settle
    store: Store
    writer: Writer
    mailroom: Mailroom
    clock: Clock
    alarms: Alarms
    moves: Moves
    free: int = 256
    _has_looked: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def poke(self, messages: Iterable[OutboxMessage]) -> None:
        """Take in messages just committed by this process."""
        due = (m for m in messages if m.status is Status.PENDING and m.channel in self.channels)
        self.mailroom.add(due, self.clock.now(), self.clock.monotonic())
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then gets a moment to finish."""
        looked = -_LOOKS_EVERY
        try:
            while True:
                if self.clock.monotonic() - looked >= _LOOKS_EVERY:
                    looked = self.clock.monotonic()
                    await self._look()
                self._woken.clear()
                await self._send_ready()
                await self._rest(looked + _LOOKS_EVERY)
        finally:
            await self._drain()

    async def _look(self) -> None:
        """Read the outbox: after a start, for the rows of other processes, for leases that ran out."""
        try:
            await self._recover()
            now = self.clock.now()
            found = await pending(self.store, now, _AT_ONCE)
        except Unavailable as why:
            self.alarms.sound("database", str(why))
            return
        due = (waiting.message for waiting in found if waiting.message.channel in self.channels)
        # What was held for longer than it is good for is claimed, too: that ends it.
        self.mailroom.add((_due(each, now) for each in due), now, self.clock.monotonic())

    async def _recover(self) -> None:
        """Settle what was under way when a sender died; where no other process can be, at the start, all of it."""
        recovered = await self.writer.recover(everything=self.store.is_alone and not self._has_looked)
        crash_point("recovered")
        self._has_looked = True
        # All at once, in one commit: nothing is sent before this is done.
        await asyncio.gather(*(self.settle(each, Unknown("cut off"), False) for each in recovered.unknown))  # noqa: FBT003 (the flag of `Settle`)
        if recovered.again or recovered.unknown:
            logger.warning("%d messages are sent again, %d are in doubt", recovered.again, len(recovered.unknown))

    async def _send_ready(self) -> None:
        """Lease what may go now, all in one commit, and set it under way."""
        picked = self.mailroom.pick(self.free, self.clock.now(), self.clock.monotonic())
        if not picked:
            return
        try:
            claimed = await self.writer.claim([message.id for message in picked], self.clock.now() + _LEASE)
        except Unavailable as why:
            self.alarms.sound("database", str(why))
            for message in picked:
                self._again(message, 5.0)
            return
        crash_point("leased")
        leases = {claim.id: claim for claim in claimed}
        stoppable = {message.id: message for message in picked if _is_stoppable(message, leases.get(message.id))}
        for message in picked:
            if message.id not in stoppable:
                self._start(message, leases.get(message.id))
        if stoppable:
            await self._set_off(stoppable, leases)

    async def _set_off(self, messages: Mapping[str, OutboxMessage], leases: Mapping[str, Claimed]) -> None:
        """Start what an opt-out may have overtaken since it was leased, where none can be saved meanwhile."""
        begun: dict[str, asyncio.Event] = {}

        async def go(ids: Collection[str]) -> None:
            for one in (one for one in messages if one in ids and one not in begun):
                begun[one] = asyncio.Event()
                self._start(messages[one], leases[one], begun[one])
            for event in begun.values():
                await event.wait()

        for kept in await self._kept_back(messages, begun, go):
            self._start(messages[kept.id], kept)

    async def _kept_back(self, messages: Mapping[str, OutboxMessage], begun: Collection[str], go: Go) -> list[Claimed]:
        """Return the messages that did not go; try until the database answers, for this process holds their leases."""
        while True:
            waiting = {one.id: one.customer or "" for one in messages.values() if one.id not in begun}
            try:
                return await self.writer.start_sending(waiting, go)
            except (Unavailable, WriteConflict) as why:
                self.alarms.sound("database", str(why))
                await asyncio.sleep(_WAITS_FOR_ANOTHER)

    def _start(self, message: OutboxMessage, claim: Claimed | None, begun: asyncio.Event | None = None) -> None:
        if claim is not None and claim.status in (Status.LEASED, Status.DEAD):
            self.free -= 1
            task = asyncio.create_task(self._deliver(message, claim, begun))
            self._under_way.add(task)
            task.add_done_callback(self._landed)
        elif claim is not None and claim.status is Status.PENDING:
            self._again(message, _WAITS_FOR_ANOTHER)
        else:
            self._done(message)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.free += 1
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a delivery failed in us: %s", type(error).__name__, exc_info=error)

    async def _deliver(self, message: OutboxMessage, claim: Claimed, begun: asyncio.Event | None) -> None:
        if begun is not None:
            begun.set()  # nobody runs between here and the channel's own first step
        outcome = Expired() if claim.status is Status.DEAD else await self._send(message, claim)
        crash_point("sent")
        try:
            outcome = await self.settle(message, outcome, _went_anew(message, claim))
        except Unavailable as why:
            self.alarms.sound("database", str(why))
        self._settled(message, outcome)

    async def _send(self, message: OutboxMessage, claim: Claimed) -> Delivery:
        channel = self.channels[message.channel]
        outcome = await channel.send(self.moves.outward(message), message.receipt or claim.edits_receipt)
        if isinstance(outcome, Retry) and outcome.pauses_all:
            self.mailroom.pause(message.channel, self.clock.monotonic() + outcome.after)
        if isinstance(outcome, Refused):
            self.alarms.sound(outcome.alarm or f"{message.channel}.refused", outcome.why)
        return outcome

    def _settled(self, message: OutboxMessage, outcome: Outcome) -> None:
        """Line up what shall be tried again, as its row now says, or the chat's next message."""
        match outcome:
            case Retry(after):
                self._again(replace(message, attempts=message.attempts + 1), after)
            case Gone():
                self._again(replace(message, edits=None, receipt=""), 0)
            case Moved():
                self._again(message, 0)
            case Unknown() if may_repeat(message):
                self._again(replace(message, attempts=message.attempts + 1), REPEATS_AFTER.total_seconds())
            case _:
                self._done(message)

    def _done(self, message: OutboxMessage) -> None:
        self.mailroom.done(message, self.clock.now(), self.clock.monotonic())

    def _again(self, message: OutboxMessage, after: float) -> None:
        later = replace(message, not_before=self.clock.now() + timedelta(seconds=after))
        self.mailroom.again(later, self.clock.now(), self.clock.monotonic())

    async def _rest(self, look_at: float) -> None:
        """Wait for a poke, a free slot, or the next moment at which something may go."""
        now = self.clock.monotonic()
        moments = [look_at, self.mailroom.next_at(now) if self.free else None]
        wait = min(moment for moment in moments if moment is not None) - now
        if wait > 0:
            # Not wait_for: before Python 3.12 it forgets that we were told to stop, when a poke comes at that moment.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def _drain(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_PATIENCE)
        for task in self._under_way:
            task.cancel()


def _due(message: OutboxMessage, now: datetime) -> OutboxMessage:
    return message if message.not_before <= now else replace(message, not_before=now)


def _is_stoppable(message: OutboxMessage, claim: Claimed | None) -> bool:
    """Return whether its customer may stop it up to the last moment; answers and team cards go as they are."""
    is_leased = claim is not None and claim.status is Status.LEASED
    return is_leased and message.obeys_opt_out and message.customer is not None


def _went_anew(message: OutboxMessage, claim: Claimed) -> bool:
    """Return whether an edit had to go as a new message, for what it edits was never known to arrive."""
    return message.edits is not None and not (message.receipt or claim.edits_receipt)
