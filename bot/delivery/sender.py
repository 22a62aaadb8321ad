"""Sends the outbox: leases a row, sends it, stores the outcome. A row is never sent without its lease."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.chat_migrations import Moves
from bot.delivery.backlog import Backlog
from bot.delivery.outcomes import OutcomeWriter, StoreOutcome, sent_by
from bot.delivery.queue import SendQueue
from bot.handlers.deliveries import REPEATS_AFTER, Expired, Outcome, may_settle_later
from bot.ports import Channel, Clock, Delivery, Gone, Moved, Refused, Retry, Unknown
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from bot.process.trouble import DatabaseTrouble
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.model.records import OutboxMessage
from storage.unit_of_work.leases import LEASE, Claimed
from storage.unit_of_work.send_start import Go
from storage.unit_of_work.writer import Writer

__all__ = ["Sender"]

logger = logging.getLogger(__name__)
_LOOKS_EVERY = 5.0
"""Seconds after which the outbox is read again: rows of other processes, leases that ran out."""
_WAITS_FOR_ANOTHER = 0.5
"""Seconds after which a message is tried again that another process, or what it edits, still held up."""
_WAITS_FOR_THE_TIME = 30.0
"""Seconds after which it is looked again whether one has expired for certain, while the time is in doubt."""
_PATIENCE = 2.5
"""Seconds that messages under way get at the end; then they are in doubt, as after a crash."""
_ASKS = 3  # looks at which a lease that may be ours is searched: a commit in doubt may still come true, late


@dataclass(eq=False, slots=True)
class Sender:
    """Sends what the outbox holds, at most `free` messages at a time, as fast as its rate limits allow."""

    channels: Mapping[str, Channel]
    settle: StoreOutcome
    store: Store
    writer: Writer
    queue: SendQueue
    clock: Clock
    alarms: Alarms
    moves: Moves
    refuses: Callable[[OutboxMessage], Delivery | None] = lambda _message: None
    """Returns why a message is not sent at all, whatever its row says; None for one that is."""
    traced: Callable[[OutboxMessage], AbstractContextManager[object]] = nullcontext  # notes what is done inside
    free: int = 256
    looks_every: float = _LOOKS_EVERY
    sends: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while this process sends."""
    has_role: bool = False
    """Whether it is for this process to send; what one commits that has not the role concerns others."""
    _backlog: Backlog = field(init=False)
    _outcomes: OutcomeWriter = field(init=False)
    _reading: DatabaseTrouble = field(init=False)
    _leasing: DatabaseTrouble = field(init=False)
    _has_looked: bool = False
    _placed: set[str] = field(default_factory=set)
    _reserved: dict[str, OutboxMessage] = field(default_factory=dict)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _doubted: dict[str, int] = field(default_factory=dict)
    """Messages whose lease may have been saved without our knowing, with the looks that are left for each."""
    _settling: set[str] = field(default_factory=set)
    _departing: set[asyncio.Task[None]] = field(default_factory=set)
    _under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make what reads the messages, and what writes down their outcomes."""
        self._backlog = Backlog(self.store, self.clock, self.channels)
        self._outcomes = OutcomeWriter(self.settle, self.alarms)
        self._reading, self._leasing = (DatabaseTrouble("outbox", self.alarms) for _ in range(2))

    def admit(self, messages: Sequence[OutboxMessage], now: datetime) -> Collection[str]:
        """Reserve places for new messages that may go as soon as they are saved: see `DepartureGate.admit`."""
        if not self.sends.is_set():
            return ()
        ours = {one.id: one for one in messages if one.channel in self.channels}
        reserved = self.queue.reserve(ours.values(), self._room, now, self.clock.monotonic())
        self._placed.update(reserved)
        self._reserved |= {key: ours[key] for key in reserved}
        return reserved

    def withdraw(self, messages: Collection[str]) -> None:
        """Release the places, since nothing was saved, or nobody knows."""
        self._doubt(messages)
        for key in messages:
            message = self._reserved.pop(key)
            self.queue.give_back(message)
            self._done(message)
            self._leave(message)

    def poke(self, messages: Iterable[OutboxMessage], claims: Iterable[Claimed] = ()) -> None:
        """Take in messages just committed by this process; those reserved go now, as their `claims` say.

        The others are taken in by a process that has the role; where none has, its next one reads them.
        """
        fresh = [one for one in messages if one.channel in self.channels]
        reserved = {one.id: self._reserved.pop(one.id) for one in fresh if one.id in self._reserved}
        if reserved:
            crash_point("born_leased")
            self._depart(reserved, {claim.id: claim for claim in claims})
        due = [one for one in fresh if one.status is SendingState.PENDING and one.id not in reserved]
        if due and self.has_role:
            self.queue.add(due, self.clock.now(), self.clock.monotonic())
            self._woken.set()

    def receive(self, messages: Iterable[str]) -> None:
        """Take in, by their ids, messages that another process has committed."""
        if self.has_role:
            self._backlog.tell(messages)
            self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then gets a moment to finish."""
        looked = -self.looks_every
        self.queue.keep_only(self._placed)  # what waits is read: others have sent, and have written more
        self.has_role = True
        try:
            while True:
                if self.clock.monotonic() - looked >= self.looks_every:
                    looked = self.clock.monotonic()
                    await self._look()
                    if self._has_looked:  # nothing goes before it is known what may have gone
                        self.sends.set()
                self._woken.clear()
                await self._take_told()
                await self._send_ready()
                await self._rest(looked + self.looks_every)
        finally:
            self.has_role = False
            self.sends.clear()
            await self._drain()
            self.queue.keep_only(self._placed)

    async def stop(self) -> None:
        """End what is left of it, where the whole process ends."""
        left = [*self._departing, *self._under_way]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _look(self) -> None:
        """Read the outbox: after a start, for the rows of other processes, for leases that ran out."""
        try:
            await self._hand_back()
            await self._recover()
            self.queue.add(await self._backlog.read(), self.clock.now(), self.clock.monotonic())
            self._reading.over()
        except (*NOT_SAVED, DecisionFailed) as why:
            self._reading.failed(why)

    async def _take_told(self) -> None:
        """Queue what other processes have told; what cannot be read now is found at the next look."""
        try:
            self.queue.add(await self._backlog.read_told(), self.clock.now(), self.clock.monotonic())
        except NOT_SAVED as why:
            self._reading.failed(why)

    async def _hand_back(self) -> None:
        """Return leases that a commit in doubt may have saved: their messages have not begun to go."""
        if not self._doubted:
            return
        await self.writer.hand_back(lambda: self._doubted.keys() - self._placed - self._settling)
        self._doubted = {key: left - 1 for key, left in self._doubted.items() if left > 1}

    def _doubt(self, messages: Iterable[str]) -> None:
        self._doubted.update(dict.fromkeys(messages, _ASKS))

    async def _recover(self) -> None:
        """Settle what was under way when a sender died; where no other process can be, at the start, all of it."""
        recovered = await self.writer.recover(everything=self.store.is_alone and not self._has_looked)
        crash_point("recovered")
        cut_off = [message for message in recovered.unknown if message.id not in self._settling]
        write_once = self._outcomes.write_once
        # All at once, in one commit: nothing is sent before this is done.
        settled = await asyncio.gather(*(write_once(each, Unknown("cut off"), anew=False) for each in cut_off))
        # What could not be stored is found again at the next look; that of a single process looks at all leases.
        is_done = all(outcome is not None for outcome in settled)
        self._has_looked = self._has_looked or is_done or not self.store.is_alone
        if recovered.again or cut_off:
            logger.warning("%d messages are sent again, %d are in doubt", recovered.again, len(cut_off))

    async def _send_ready(self) -> None:
        """Lease what may go now, all in one commit, and set it under way."""
        picked = self.queue.pick(self._room, self.clock.now(), self.clock.monotonic())
        if not picked:
            return
        self._placed.update(message.id for message in picked)
        try:
            until, doubt = self.clock.now() + LEASE, self.clock.doubt()
            claimed = await self.writer.claim([message.id for message in picked], until, doubt)
        except NOT_SAVED as why:
            self._leasing.failed(why)
            self._doubt(message.id for message in picked)
            for message in picked:
                self._again(message, self.looks_every)
                self._leave(message)
            return
        self._leasing.over()
        crash_point("leased")
        departing = self._depart({message.id: message for message in picked}, {claim.id: claim for claim in claimed})
        if departing is not None:
            await asyncio.wait([departing])

    def _depart(
        self, messages: Mapping[str, OutboxMessage], leases: Mapping[str, Claimed]
    ) -> asyncio.Task[None] | None:
        """Send what is leased; what its customer may stop up to the last moment starts in the task returned."""
        for key in leases:
            self._doubted.pop(key, None)
        stoppable = {key: one for key, one in messages.items() if _is_stoppable(one, leases.get(key))}
        for key, message in messages.items():
            if key not in stoppable:
                self._start(message, leases.get(key))
        if not stoppable:
            return None
        task = asyncio.create_task(self._start_leased(stoppable, leases))
        self._departing.add(task)
        task.add_done_callback(self._departed)
        return task

    async def _start_leased(self, messages: Mapping[str, OutboxMessage], leases: Mapping[str, Claimed]) -> None:
        """Start sending after a last check for opt-outs, while none can be saved."""
        begun: dict[str, asyncio.Event] = {}
        waiting = dict(messages)

        async def go(ids: Collection[str]) -> None:
            for one in (one for one in messages if one in ids and one not in begun):
                begun[one] = asyncio.Event()
                self._start(waiting.pop(one), leases[one], begun[one])
            for event in begun.values():
                await event.wait()

        try:
            for kept in await self._kept_back(messages, begun, go):
                self._start(waiting.pop(kept.id), kept)
        finally:  # cut short, as when the role is lost: they go to be leased anew
            self._doubt(waiting)
            for message in waiting.values():
                self._again(message, self.looks_every)
                self._leave(message)

    async def _kept_back(self, messages: Mapping[str, OutboxMessage], begun: Collection[str], go: Go) -> list[Claimed]:
        """Return the messages that did not go; try until the database answers, for this process holds their leases."""
        while True:
            waiting = {one.id: one.customer or "" for one in messages.values() if one.id not in begun}
            try:
                return await self.writer.start_sending(waiting, go)
            except NOT_SAVED as why:
                self._leasing.failed(why)
                await asyncio.sleep(_WAITS_FOR_ANOTHER)

    def _start(self, message: OutboxMessage, claim: Claimed | None, begun: asyncio.Event | None = None) -> None:
        if claim is None or claim.status is not SendingState.LEASED:
            self.queue.give_back(message)
        if claim is not None and claim.status in (SendingState.LEASED, SendingState.DEAD):
            task = asyncio.create_task(self._deliver(message, claim, begun))
            self._under_way[task] = message.id
            task.add_done_callback(partial(self._landed, message))
            return
        if claim is not None and claim.status is SendingState.PENDING:
            is_late = message.expires_at is not None and message.expires_at <= self.clock.now()
            self._again(message, _WAITS_FOR_THE_TIME if is_late else _WAITS_FOR_ANOTHER)
        else:
            self._done(message)
        self._leave(message)

    def _landed(self, message: OutboxMessage, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self._leave(message)
        _report(task)

    def _departed(self, task: asyncio.Task[None]) -> None:
        self._departing.discard(task)
        self._woken.set()
        _report(task)

    @property
    def _room(self) -> int:
        return self.free - len(self._placed)

    def _leave(self, message: OutboxMessage) -> None:
        """Release a message's place."""
        self._placed.discard(message.id)
        if self.queue.has_waiting or not self.sends.is_set():
            self._woken.set()

    async def _deliver(self, message: OutboxMessage, claim: Claimed, begun: asyncio.Event | None) -> None:
        if begun is not None:
            begun.set()  # nobody runs between here and the channel's own first step
        is_free = False
        try:
            outcome = Expired() if claim.status is SendingState.DEAD else await self._send(message, claim)
            crash_point("sent")
            is_free = may_settle_later(message, outcome)
            self._settling.add(message.id)
            if is_free:
                self._done(message)  # it has arrived: the chat's next message need not wait for that to be written down
                self._leave(message)
            outcome = await self._outcomes.write(message, outcome, anew=_went_anew(message, claim))
            if not is_free:
                is_free = True
                self._settled(message, outcome)
        finally:
            self._settling.discard(message.id)
            if not is_free:  # cut short: the chat goes on, and the row, in doubt, is found when its lease has run out
                self._done(message)

    async def _send(self, message: OutboxMessage, claim: Claimed) -> Outcome:
        refusal = self.refuses(message)
        if refusal is not None:
            logger.warning("message %s is not sent: %s", message.id, refusal)
            return refusal
        outcome = await self._carried(message, claim)
        if isinstance(outcome, Retry) and outcome.pauses_all:
            self.queue.pause(message.channel, self.clock.monotonic() + outcome.after)
        if isinstance(outcome, Refused):
            self.alarms.sound(outcome.alarm or f"{message.channel}.refused", outcome.why)
        return outcome

    async def _carried(self, message: OutboxMessage, claim: Claimed) -> Outcome:
        """Return what the channel made of a message; where that fails as nobody foresaw, it may have arrived."""
        channel = self.channels[message.channel]
        try:
            with self.traced(message):
                return await sent_by(channel, self.moves.outward(message), message.receipt or claim.edits_receipt)
        except Exception as error:
            logger.exception("sending %s failed in us", message.id)
            self.alarms.sound("delivery", f"sending {message.id} failed in us: {type(error).__name__}")
            return Unknown(type(error).__name__)

    def _settled(self, message: OutboxMessage, outcome: Outcome) -> None:
        """Queue what is tried again, as its row now says, or the chat's next message."""
        match outcome:
            case Retry(after):
                self._again(replace(message, attempts=message.attempts + 1), after)
            case Gone():
                self._again(replace(message, edits=None, receipt=""), 0)
            case Moved():
                self._again(message, 0)
            case Unknown() if message.may_repeat:
                self._again(replace(message, attempts=message.attempts + 1), REPEATS_AFTER.total_seconds())
            case _:
                self._done(message)

    def _done(self, message: OutboxMessage) -> None:
        self.queue.done(message, self.clock.now(), self.clock.monotonic())

    def _again(self, message: OutboxMessage, after: float) -> None:
        later = replace(message, not_before=self.clock.now() + timedelta(seconds=after))
        self.queue.again(later, self.clock.now(), self.clock.monotonic())

    async def _rest(self, look_at: float) -> None:
        """Wait for a poke, a free slot, or the next moment at which something may go."""
        now = self.clock.monotonic()
        moments = [look_at, self.queue.next_at(now) if self._room else None]
        wait = min(moment for moment in moments if moment is not None) - now
        if wait > 0:
            # Not wait_for: before Python 3.12 it forgets that we were told to stop, when a poke comes at that moment.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def _drain(self) -> None:
        """Wait until leased messages are sent, and those that this process is just saving with a lease."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while self._reserved or self._departing or self._under_way:
                    self._woken.clear()
                    await self._woken.wait()
        sending = [task for task, message in self._under_way.items() if message not in self._settling]
        for task in (*self._departing, *sending):
            task.cancel()  # what has only to be written down goes on, also after another process has the role


def _is_stoppable(message: OutboxMessage, claim: Claimed | None) -> bool:
    """Return whether its customer may stop it up to the last moment; answers and team cards go as they are."""
    is_leased = claim is not None and claim.status is SendingState.LEASED
    return is_leased and message.obeys_opt_out and message.customer is not None


def _went_anew(message: OutboxMessage, claim: Claimed) -> bool:
    """Return whether an edit had to go as a new message, for what it edits was never known to arrive."""
    return message.edits is not None and not (message.receipt or claim.edits_receipt)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("a delivery failed in us: %s", type(error).__name__, exc_info=error)
