"""Two hundred people press Stop while their messages are being sent: none begins to go after its opt-out was saved.

Whether an opt-out was saved is asked of the database itself, over a connection apart, in the very moment in which a
message begins to go; nothing runs between that look and the sending.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random  # noqa: TID251 (seeded, so that a race can be run again)
from threading import Thread
from typing import Any, TypeVar

import asyncpg
import pytest

from bot.channels.registry import capabilities_of
from bot.chat_migrations import Moves
from bot.delivery.gate import Gate
from bot.delivery.queue import SendQueue
from bot.delivery.sender import Sender
from bot.handlers.common.policy import Policy
from bot.ports import Binding, Capabilities, Delivery, Parsed, Sent
from bot.process.after_commit import AfterCommit, CommitFeed
from bot.process.alarms import Alarms
from bot.process.system import SystemClock
from bot.receiver import Receiver
from config.locale.phrases import load_phrases
from dialogs.messages import Address, Inbound, Person, Prompt, Tap, Verb
from dialogs.opt_out_button import SURELY
from dialogs.outbox.model import SendingState
from storage.connection.store import Store
from storage.model.records import Contact, Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision, Writer
from tests.support.time.patience import PATIENCE

A = TypeVar("A")
PEOPLE = 200
PURPOSES = (Purpose.SURVEY, Purpose.REMINDER, Purpose.CLOSURE, Purpose.CAMPAIGN)
POLICY = Policy({}, {}, load_phrases(), channels=("sandbox",), capabilities=capabilities_of())

Looked = Callable[[str], bool]
"""Says whether a customer's opt-out is saved, now; blocks until it knows."""


@dataclass(eq=False)
class Wire:
    """A channel that remembers what began to go, and whether its customer had opted out by then."""

    has_opted_out: Looked
    dice: Random
    name: str = "sandbox"
    capabilities: Capabilities = field(default_factory=Capabilities)
    begun: list[str] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        del edits
        if message.obeys_opt_out and message.customer:
            self.begun.append(message.id)
            if self.has_opted_out(message.customer):
                self.too_late.append(message.id)
        await asyncio.sleep(self.dice.random() / 200)
        return Sent(message.id)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        del callback, text, alert

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        raise LookupError(token, expires_at)

    async def close(self) -> None:
        return


class House:
    """One process: a writer, a receiver, and a sender that has not begun yet."""

    def __init__(self, store: Store, wire: Wire, dice: Random) -> None:
        clock, moves = SystemClock(), Moves()
        commits, gate = CommitFeed(), Gate()
        self.store, self.clock = store, clock
        self.writer = Writer(store, clock.now, dice.choice((3, 20, 200)), commits.publish, gate)
        self.receiver = Receiver(self.writer, clock, POLICY, moves)
        queue, alarms = SendQueue({}), Alarms(clock)
        settle = self.receiver.settle
        self.sender = Sender({"sandbox": wire}, settle, store, self.writer, queue, clock, alarms, moves)
        self.sender.free = dice.choice((5, 40, 256))
        self.born: set[str] = set()
        gate.connect(self.sender)
        commits.subscribe(lambda committed: self.born.update(claim.id for claim in committed.claims))
        commits.subscribe(AfterCommit({"sandbox": wire}, moves, self.sender.poke, lambda _at: None))

    async def presses_stop(self, person: int) -> None:
        place = Address("sandbox", f"chat-{person}")
        tap = Inbound(f"stop:{person}", place, Person(f"p{person}"), self.clock.now(), Tap(Verb.STOP, "", SURELY))
        await self.receiver.receive(Parsed(tap.key, tap), "sandbox", b"{}")

    async def decides_on(self, *messages: OutboxMessage) -> None:
        await self.receiver.do(Needs(), lambda _context: Decision(Changes(messages), None))

    async def settled(self) -> list[OutboxMessage]:
        """Wait until nothing is under way; return every message that heeds an opt-out."""
        while True:
            async with self.store.reading() as session:
                found = await session.records(OutboxMessage, all_of(OutboxMessage))
            mine = [message for message in found if message.obeys_opt_out]
            if not {message.status for message in mine} & {SendingState.PENDING, SendingState.LEASED}:
                return mine
            await asyncio.sleep(0.02)


class Elsewhere:
    """A thread with a loop of its own, for what goes on whatever ours is doing."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever)
        self.thread.start()

    def run(self, doing: Coroutine[Any, Any, A]) -> Future[A]:
        return asyncio.run_coroutine_threadsafe(doing, self.loop)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@contextmanager
def looking(url: str) -> Iterator[Looked]:
    """Return a look at what is saved that can block our loop, for it does not need it."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            query = "SELECT opted_out_at FROM customers WHERE id = ?"
            yield lambda who: file.execute(query, (who,)).fetchone()[0] is not None
        return
    with closing(Elsewhere()) as elsewhere:
        server = elsewhere.run(asyncpg.connect(url)).result()
        query = "SELECT opted_out_at FROM customers WHERE id = $1"
        yield lambda who: elsewhere.run(server.fetchval(query, who)).result() is not None
        elsewhere.run(server.close()).result()


@contextmanager
def stopping(url: str, house: House, dice: Random) -> Iterator[Callable[[int], Awaitable[None]]]:
    """Return a way to press Stop: on PostgreSQL it is heard by another process than the one that sends."""
    if url.startswith("sqlite"):
        yield house.presses_stop
        return
    with closing(Elsewhere()) as elsewhere:
        stack = AsyncExitStack()
        store = elsewhere.run(stack.enter_async_context(Store.open(url))).result()
        other = House(store, Wire(lambda _who: False, dice), dice)
        yield lambda person: asyncio.wrap_future(elsewhere.run(other.presses_stop(person)))
        elsewhere.run(other.writer.stop()).result()
        elsewhere.run(stack.aclose()).result()


def letter(house: House, person: int, purpose: Purpose) -> OutboxMessage:
    now = house.clock.now()
    return OutboxMessage(
        f"out_{purpose}_{person}",
        "sandbox",
        f"chat-{person}",
        purpose,
        Prompt("您好"),
        now,
        now,
        customer=f"c-{person}",
        campaign="cam_1" if purpose is Purpose.CAMPAIGN else "",
    )


async def race(house: House, presses_stop: Callable[[int], Awaitable[None]], dice: Random) -> list[OutboxMessage]:
    """Let messages be decided, claimed and sent while everybody presses Stop; return what became of them."""
    people = [(Customer(f"c-{n}"), Contact(f"c-{n}", "sandbox", f"chat-{n}")) for n in range(PEOPLE)]
    rows = tuple(row for pair in people for row in pair)
    await house.receiver.do(Needs(), lambda _context: Decision(Changes(rows), None))

    async def lives(person: int) -> None:
        mine = [letter(house, person, purpose) for purpose in dice.sample(PURPOSES, 2)]
        await asyncio.sleep(dice.random() / 3)
        await house.decides_on(*mine)
        await asyncio.sleep(dice.choice((0, dice.random() / 30, dice.random() / 4)))
        await presses_stop(person)

    sending = asyncio.create_task(house.sender.run())
    try:
        async with asyncio.timeout(PATIENCE):  # only then may a message be leased as it is written
            await house.sender.sends.wait()
        await asyncio.gather(*map(lives, range(PEOPLE)))
        async with asyncio.timeout(PATIENCE):
            return await house.settled()
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (1, 2))])
async def test_no_message_begins_to_go_after_its_opt_out_was_saved(url: str, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 (no secret)
    with looking(url) as has_opted_out:
        wire = Wire(has_opted_out, dice)
        async with Store.open(url) as store:
            house = House(store, wire, dice)
            with stopping(url, house, dice) as presses_stop:
                ended = await race(house, presses_stop, dice)
            await house.writer.stop()
    assert wire.too_late == []
    assert house.born, "none was leased in the commit that wrote it"
    assert len(ended) == 2 * PEOPLE
    assert {message.status for message in ended} == {SendingState.SENT, SendingState.CANCELLED}
    assert sorted(wire.begun) == sorted(message.id for message in ended if message.status is SendingState.SENT)
