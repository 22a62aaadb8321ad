"""Whatever exchange with PostgreSQL fails while messages are sent, each of them goes once, and the sender goes on.

The exchanges are counted on the wire, so one that is added is made to fail, too.
"""

import asyncio
import itertools
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from bot.delivery.queue import Unpaced
from bot.ports import Delivery, Retry, Sent
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.model.records import Customer, OutboxMessage, Purpose
from tests.support.database.migrated import copy_migrated, create_migrated
from tests.support.database.postgres import PostgresServer
from tests.support.database.wire import Fault, Wire, wire_to
from tests.support.sending import Process, letter
from tests.support.sending import Wire as Chats
from tests.support.town.town import eventually

ANSWERED = (Fault.CONFLICT, Fault.CUT, Fault.ANSWER_LOST, Fault.REFUSED)
ONE_OF_THEM = (Fault.CUT, *(pytest.param(one, marks=pytest.mark.proof) for one in ANSWERED if one is not Fault.CUT))
"""One of them in `make test`, the others take as long again and are for `make proof`."""
GOES_ON_WITHIN = 20.0
"""Eleven seconds until the server lets go of the rows of a connection that hangs, and twice two for those who wait."""
LANES = 4
LOCKED = 7.0
LOOKS_FOR_C_1 = b"\x00\x01\x00\x00\x00\x03c-1\x00\x01\x00\x01E"
"""The only argument of a statement that is executed (https://www.postgresql.org/docs/current/protocol-message-formats.html)."""
AWAY = 1.0
"""Seconds for which every exchange fails."""


@dataclass
class Sending:
    """A process that sends to chats, at the end of a wire."""

    wire: Wire
    process: Process
    chats: Chats
    rounds: Iterator[int] = field(default_factory=itertools.count)

    async def one_round(self) -> None:
        """Let a reply and two questions go, the first at its second try; each goes as often as that, and no more."""
        number = next(self.rounds)
        before, names = Counter(self.chats.begun), [f"reply {number}", f"ask {number}", f"then {number}"]
        await self._decided(letter(self.process, names[0], 1))
        await self._decided(letter(self.process, names[1], 2, Purpose.SURVEY))
        await self._decided(letter(self.process, names[2], 2, Purpose.SURVEY))
        await self.sent(names)
        went = Counter(self.chats.begun) - before
        assert went == {names[0]: 1, names[1]: 2, names[2]: 1}

    async def _decided(self, message: OutboxMessage) -> None:
        """Bring what leads to a message, again and again until it is taken, as a platform does."""
        async with asyncio.timeout(GOES_ON_WITHIN):
            while True:
                try:
                    await self.process.decides_on(message)
                except NOT_SAVED:
                    await asyncio.sleep(0.05)
                else:
                    return

    async def is_told(self) -> None:
        """Wait until the team is told of a failure."""
        async with asyncio.timeout(GOES_ON_WITHIN):
            while not self.process.told:  # noqa: ASYNC110 (a list has no event)
                await asyncio.sleep(0.01)

    async def sent(self, names: list[str]) -> None:
        """Wait until these messages are settled as sent."""
        rows: dict[str, OutboxMessage] = {}
        try:
            async with asyncio.timeout(GOES_ON_WITHIN):
                while not rows or any(rows[name].status is not SendingState.SENT for name in names):
                    try:
                        rows = await self.process.rows()
                    except NOT_SAVED:
                        await asyncio.sleep(0.05)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError({name: (rows[name].status, rows[name].why) for name in names}) from None


def _at_first_refused(chats: Chats, message: OutboxMessage) -> Delivery:
    """Answer a question's first try that nothing has left: it has to go again."""
    if message.id.startswith("ask") and chats.begun.count(message.id) == 1:
        return Retry(0.01, "no connection")
    return Sent(f"receipt-{message.id}")


@asynccontextmanager
async def sending(url: str, looks_every: float = 0.1) -> AsyncIterator[Sending]:
    async with wire_to(url) as wire, Store.open(wire.url(url)) as store:
        chats = Chats()
        chats.answer = lambda message: _at_first_refused(chats, message)
        process = Process(store, chats, pacers={"sandbox": Unpaced()}, looks_every=looks_every)
        await process.decides_on(*(Customer(f"c-{number}") for number in (1, 2, 3)))
        async with process.sending():
            yield Sending(wire, process, chats)
        await process.sender.stop()
        await process.writer.stop()


def _fails_at(place: int, fault: Fault) -> Iterator[Fault | None]:
    """Yield how the next exchange fails: the one at `place` does."""
    yield from (fault if number == place else None for number in itertools.count())


async def _every_place(here: Sending, fault: Fault, words: bytes, first: int = 0, step: int = 1) -> int:
    """Let each exchange of a round that holds these words fail once; return how many there were."""
    for place in itertools.count(first, step):
        faults = _fails_at(place, fault)
        here.wire.fired.clear()
        here.wire.fires = lambda sent, faults=faults: next(faults) if words in sent else None
        await here.one_round()
        here.wire.mend()
        if not here.wire.fired:
            return place
    raise AssertionError("a round ends")


@pytest.mark.parametrize("fault", ONE_OF_THEM[:-1])
async def test_a_commit_that_fails_neither_loses_nor_doubles_a_message(migrated_postgres: str, fault: Fault) -> None:
    async with sending(migrated_postgres) as here:
        assert await _every_place(here, fault, b"COMMIT") >= 6
        assert here.process.told or fault is Fault.CONFLICT


@pytest.mark.proof  # two hundred rounds
@pytest.mark.parametrize("fault", ANSWERED)
async def test_an_exchange_that_fails_neither_loses_nor_doubles_a_message(migrated_postgres: str, fault: Fault) -> None:
    async with sending(migrated_postgres) as here:
        assert await _every_place(here, fault, b"") >= 30
        # What is refused in a batch is tried alone, and mostly goes through then: as little a failure as a conflict.
        assert here.process.told or fault in {Fault.CONFLICT, Fault.REFUSED}


async def _mend_when_told(here: Sending, fault: Fault) -> None:
    """Let exchanges succeed again after a while, and not before the team was told of it: a conflict is not told."""

    async def told() -> bool | None:
        return bool(here.process.told) or fault is Fault.CONFLICT or None

    await asyncio.sleep(AWAY)
    await eventually(told, within=GOES_ON_WITHIN / 2)
    here.wire.mend()


@pytest.mark.parametrize("fault", ONE_OF_THEM)
async def test_what_fails_for_a_while_is_made_up_for(migrated_postgres: str, fault: Fault) -> None:
    async with sending(migrated_postgres) as here:
        here.wire.fires = lambda _sent: fault
        mending = asyncio.create_task(_mend_when_told(here, fault))
        await here.one_round()
        await mending
        await here.one_round()


@pytest.mark.parametrize("fault", ONE_OF_THEM)
async def test_what_fails_for_a_while_when_a_message_is_due_is_made_up_for(
    migrated_postgres: str, fault: Fault
) -> None:
    async with sending(migrated_postgres) as here:
        soon = here.process.clock.now() + timedelta(seconds=0.3)
        await here.process.decides_on(replace(letter(here.process, "due soon", 1, Purpose.SURVEY), not_before=soon))
        here.wire.fires = lambda _sent: fault
        asyncio.get_running_loop().call_later(AWAY, here.wire.mend)
        await here.sent(["due soon"])
        assert here.chats.begun == ["due soon"]
        assert here.process.told


@pytest.mark.parametrize("fault", ANSWERED)
async def test_a_last_check_for_opt_outs_that_fails_is_made_again_before_the_next_look(
    migrated_postgres: str, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    async with sending(migrated_postgres, looks_every=600) as here:
        looks = itertools.count()  # the first one is that of the decision, which leases it
        here.wire.fires = lambda sent: fault if LOOKS_FOR_C_1 in sent and next(looks) else None
        await here.process.decides_on(letter(here.process, "leased", 1, Purpose.SURVEY))
        await here.is_told()
        here.wire.mend()
        await here.sent(["leased"])
        assert here.chats.begun == ["leased"]
        assert here.wire.fired
    assert "failed in us" not in caplog.text


async def test_what_another_process_has_told_and_cannot_be_read_ends_nothing(migrated_postgres: str) -> None:
    async with sending(migrated_postgres) as here:
        here.wire.fires = lambda sent: Fault.CUT if b"told" in sent else None
        async with asyncio.timeout(GOES_ON_WITHIN):
            while not here.process.told:  # a look, of which there are ten a second, forgets what it finds by itself
                here.process.sender.receive(["told"])
                await asyncio.sleep(0.01)
        here.wire.mend()
        await here.one_round()


@pytest.mark.parametrize("fault", ONE_OF_THEM)
async def test_a_recovery_that_fails_for_a_while_is_made_up_for(migrated_postgres: str, fault: Fault) -> None:
    async with wire_to(migrated_postgres) as wire, Store.open(wire.url(migrated_postgres)) as store:
        chats = Chats()
        process = Process(store, chats, pacers={"sandbox": Unpaced()}, looks_every=0.1)
        long_ago = process.clock.now() - timedelta(minutes=5)
        left = replace(letter(process, "cut off", 1, Purpose.SURVEY), status=SendingState.LEASED, leased_until=long_ago)
        await process.decides_on(Customer("c-1"), left)
        wire.fires = lambda sent: fault if b"COMMIT" in sent else None
        asyncio.get_running_loop().call_later(AWAY, wire.mend)
        async with process.sending():
            await process.rows_when(lambda rows: rows["cut off"].status is SendingState.UNKNOWN)
            await process.decides_on(letter(process, "afterwards", 1, Purpose.SURVEY))
            await process.rows_when(lambda rows: rows["afterwards"].status is SendingState.SENT)
        assert chats.begun == ["afterwards"]
        assert process.told
        await process.sender.stop()
        await process.writer.stop()


@pytest.mark.proof  # a lock is waited for, twice
async def test_a_row_that_is_locked_elsewhere_holds_up_its_settling_only(migrated_postgres: str) -> None:
    async with sending(migrated_postgres) as here:
        here.chats.open.clear()
        await here.process.decides_on(letter(here.process, "held up", 3, Purpose.SURVEY))
        await here.chats.until_begun("held up")
        elsewhere = await asyncpg.connect(migrated_postgres)
        await elsewhere.execute("BEGIN; SELECT 1 FROM outbox WHERE id = 'held up' FOR UPDATE")
        here.chats.open.set()
        try:
            await here.one_round()
        finally:
            await elsewhere.close()
        await here.sent(["held up"])
        assert here.chats.begun.count("held up") == 1
        assert here.process.told


@pytest.mark.proof  # each hang lasts as long as it may, so that several processes hang beside each other
async def test_an_exchange_that_hangs_neither_loses_nor_doubles_a_message(postgres_server: PostgresServer) -> None:
    async def hang(lane: int) -> int:
        async with sending(create_migrated(postgres_server, f"_hangs_{lane}")) as here:
            return await _every_place(here, Fault.HANG, b"", first=lane * 5, step=LANES * 5)

    assert min(await asyncio.gather(*(hang(lane) for lane in range(LANES)))) >= 30


@pytest.mark.proof  # SQLite waits five seconds for a lock
async def test_a_file_that_another_program_locks_holds_up_what_is_written_and_loses_nothing(tmp_path: Path) -> None:
    file = copy_migrated(tmp_path / "huifang.db")
    async with Store.open(f"sqlite:///{file}") as store:
        chats = Chats()
        process = Process(store, chats, pacers={"sandbox": Unpaced()}, looks_every=0.1)
        await process.decides_on(Customer("c-1"))
        async with process.sending():
            chats.open.clear()
            await process.decides_on(letter(process, "under way", 1, Purpose.SURVEY))
            await chats.until_begun("under way")
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                chats.open.set()
                await asyncio.sleep(LOCKED)
            await process.decides_on(letter(process, "afterwards", 1, Purpose.SURVEY))
            await process.rows_when(lambda rows: {row.status for row in rows.values()} == {SendingState.SENT})
        assert chats.begun == ["under way", "afterwards"]
        assert process.told
        await process.sender.stop()
        await process.writer.stop()
