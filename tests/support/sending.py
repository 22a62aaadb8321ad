"""One process that decides and sends: a writer, a receiver, and a sender that begins when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat_migrations import Moves
from bot.delivery.gate import Gate
from bot.delivery.queue import SendQueue
from bot.delivery.sender import Sender
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.ports import Binding, Channel, Delivery, Pace, Sent
from bot.process.after_commit import AfterCommit, CommitFeed
from bot.process.alarms import ActiveAlarm, Alarms
from bot.process.system import SystemClock
from bot.receiver import Receiver
from config.locale.phrases import load_phrases
from dialogs.messages import Prompt
from storage.connection.store import Store
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Committed, Decision, Writer
from tests.support.time.patience import PATIENCE

__all__ = ["POLICY", "Process", "Wire", "letter"]

POLICY = Policy({}, {}, load_phrases(), channels=("sandbox",))


@dataclass(eq=False)
class Wire:
    """A channel that remembers what it was given; a message goes when `open` is set, and `answer` tells how."""

    answer: Callable[[OutboxMessage], Delivery] = lambda message: Sent(f"receipt-{message.id}")
    name: str = "sandbox"
    begun: list[str] = field(default_factory=list)
    edited: dict[str, str] = field(default_factory=dict)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    _has_begun: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.open.set()

    async def until_begun(self, *keys: str) -> None:
        """Wait until these messages have begun to go."""
        async with asyncio.timeout(PATIENCE), self._has_begun:
            await self._has_begun.wait_for(lambda: {*keys} <= {*self.begun})

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        async with self._has_begun:
            self.begun.append(message.id)
            self._has_begun.notify_all()
        self.edited[message.id] = edits
        await self.open.wait()
        return self.answer(message)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        del callback, text, alert

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        raise LookupError(token, expires_at)

    async def close(self) -> None:
        return


class Process:
    """What a process has that decides and, while it is `sending`, sends."""

    def __init__(  # noqa: PLR0913 (each is left out by most)
        self,
        store: Store,
        channel: Channel,
        *,
        batch_limit: int = 200,
        pacers: Mapping[str, Pace] | None = None,
        is_dying: bool = False,
        looks_every: float = 5.0,
    ) -> None:
        """Make one; what `is_dying` saves, and never comes to hear that it has."""
        clock, moves, commits, gate = SystemClock(), Moves(), CommitFeed(), Gate()
        self.store, self.clock = store, clock
        self.writer = Writer(store, clock.now, batch_limit, commits.publish, gate)
        self.receiver = Receiver(self.writer, clock, POLICY, moves)
        self.told = list[ActiveAlarm]()
        queue, self.alarms = SendQueue(pacers or {}), Alarms(clock, self._tell)
        settle = self.receiver.settle
        self.sender = Sender(
            {channel.name: channel}, settle, store, self.writer, queue, clock, self.alarms, moves,
            looks_every=looks_every,
        )  # fmt: skip
        self.committed: list[Committed] = []
        self.is_deciding = asyncio.Event()
        gate.connect(self.sender)
        commits.subscribe(self.committed.append)
        if not is_dying:
            commits.subscribe(AfterCommit({channel.name: channel}, moves, self.sender.poke, lambda _at: None))

    async def _tell(self, alarm: ActiveAlarm) -> None:
        self.told.append(alarm)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Play the part of the sender while the block runs, from when it has taken over."""
        task = asyncio.create_task(self.sender.run())
        try:
            await self.sender.sends.wait()
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def decides_on(self, *records: Record) -> None:
        """Save rows in one decision."""

        def decide(_context: DecisionContext) -> Decision[None]:
            self.is_deciding.set()
            return Decision(Changes(records), None)

        await self.receiver.do(Needs(), decide)

    async def rows_when(self, is_so: Callable[[dict[str, OutboxMessage]], bool]) -> dict[str, OutboxMessage]:
        """Return every message as soon as they are as they should be."""
        async with asyncio.timeout(PATIENCE):
            while True:
                rows = await self.rows()
                if is_so(rows):
                    return rows
                await asyncio.sleep(0.005)

    async def rows(self) -> dict[str, OutboxMessage]:
        """Return every message as it is saved."""
        async with self.store.reading() as session:
            found = await session.records(OutboxMessage, all_of(OutboxMessage))
        return {message.id: message for message in found}


def letter(process: Process, key: str, person: int = 1, purpose: Purpose = Purpose.REPLY) -> OutboxMessage:
    """Write a message to a person's chat, due now."""
    now = process.clock.now()
    return OutboxMessage(
        key, "sandbox", f"chat-{person}", purpose, Prompt("您好"), now, now,
        customer=f"c-{person}", obeys_opt_out=purpose is not Purpose.REPLY,
    )  # fmt: skip
