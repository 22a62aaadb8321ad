"""A database that answers nothing, or whose answer is lost: a caller hears of it, and of nothing that is not so.

How long that takes at most follows from one limit; no test measures it, since a busy machine takes longer.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count

import pytest

from storage.connection.store import Store
from storage.dialects.postgres_links import DEADLINE
from storage.model.errors import CommitInDoubt, StatementRefused, Unavailable, WriteConflict
from storage.reads.outbox import pending
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, message, person, save
from tests.support.database.wire import Fault, Wire, wire_to

ANSWERS_WITHIN = 5.0
NEVER = 120.0
"""Seconds after which a test gives up."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A store and a writer behind a wire."""

    wire: Wire
    store: Store
    writer: Writer

    async def saved(self) -> list[str]:
        return [waiting.message.id for waiting in await pending(self.store, {"telegram"}, NOW, 99)]


@asynccontextmanager
async def behind_a_wire(url: str) -> AsyncIterator[Behind]:
    async with wire_to(url) as wire, Store.open(wire.url(url)) as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, *person(), *asked())
        yield Behind(wire, store, writer)
        await writer.stop()


@pytest.mark.parametrize(
    ("fault", "error", "is_saved"),
    [
        (Fault.CUT, CommitInDoubt, False),
        (Fault.ANSWER_LOST, CommitInDoubt, True),
        (Fault.CONFLICT, WriteConflict, False),
        (Fault.REFUSED, StatementRefused, False),
    ],
)
async def test_a_commit_that_fails_is_never_told_as_saved(
    migrated_postgres: str, fault: Fault, error: type[Exception], *, is_saved: bool
) -> None:
    async with behind_a_wire(migrated_postgres) as behind:
        behind.wire.fires = lambda sent: fault if b"COMMIT" in sent else None
        with pytest.raises(error):
            await save(behind.writer, message())
        behind.wire.mend()
        await asyncio.sleep(0.05)
        assert await behind.saved() == (["out_1"] if is_saved else [])
        await save(behind.writer, message())
        assert await behind.saved() == ["out_1"]


async def test_a_connection_lost_before_the_commit_saves_nothing_and_leaves_no_doubt(migrated_postgres: str) -> None:
    async with behind_a_wire(migrated_postgres) as behind:
        behind.wire.fires = lambda sent: Fault.CUT if b"out_1" in sent else None
        with pytest.raises(Unavailable) as lost:
            await save(behind.writer, message())
        assert not isinstance(lost.value, CommitInDoubt)
        assert [fault for fault, _ in behind.wire.fired] == [Fault.CUT] * 2
        behind.wire.mend()
        assert await behind.saved() == []


def test_the_limit_leaves_a_caller_a_second_to_hear_of_it() -> None:
    assert ANSWERS_WITHIN - 1 >= DEADLINE


@pytest.mark.proof  # each limit is waited for in full
async def test_while_nothing_answers_every_caller_hears_of_it(migrated_postgres: str) -> None:
    async with behind_a_wire(migrated_postgres) as behind:
        await asyncio.gather(*(behind.saved() for _ in range(8)))  # every connection is open
        behind.wire.freeze()
        calls: list[asyncio.Task[None]] = []
        for number in range(20):
            calls.append(asyncio.create_task(_fails(save, behind.writer, message(f"out_{number}"))))
            calls += [asyncio.create_task(_fails(behind.saved)) for _ in range(3)]
            await asyncio.sleep(0.4)
        async with asyncio.timeout(NEVER):
            await asyncio.gather(*calls)
        behind.wire.mend()
        async with asyncio.timeout(NEVER):
            await _saves(behind, "out_again")


@pytest.mark.proof  # as above
async def test_what_hangs_at_any_point_of_a_transaction_ends_before_the_network_ends_it(migrated_postgres: str) -> None:
    async with behind_a_wire(migrated_postgres) as behind:
        for place in range(4):  # of BEGIN, the message, what it says, and COMMIT
            exchanges = count()
            behind.wire.fires = lambda _, at=place, exchanges=exchanges: Fault.HANG if next(exchanges) == at else None
            await _fails(save, behind.writer, message(f"out_{place}"))
            behind.wire.mend()
            await _saves(behind, f"out_{place}_after")
        first, *_, last = (sent for _, sent in behind.wire.fired)
        assert (b"BEGIN" in first, b"COMMIT" in last, len(behind.wire.fired)) == (True, True, 4)


@pytest.mark.proof  # as above
async def test_a_frozen_database_is_closed_all_the_same(migrated_postgres: str) -> None:
    async with wire_to(migrated_postgres) as wire, asyncio.timeout(NEVER):
        async with Store.open(wire.url(migrated_postgres)) as store, store.singleton("poll") as seat:
            assert seat.held
            assert await pending(store, {"telegram"}, NOW, 9) == []
            wire.freeze()
        assert not wire.thawed.is_set()


@pytest.mark.proof  # as above
async def test_a_role_counts_as_lost_where_its_connection_falls_silent(migrated_postgres: str) -> None:
    async with (
        wire_to(migrated_postgres) as wire,
        Store.open(wire.url(migrated_postgres)) as store,
        store.singleton("poll") as seat,
    ):
        assert seat.held
        wire.freeze()
        async with asyncio.timeout(NEVER):
            await seat.lost.wait()


async def _fails(call: Callable[..., Awaitable[object]], *arguments: object) -> None:
    """Hold that a call fails as unavailable."""
    with pytest.raises(Unavailable):
        await call(*arguments)


async def _saves(behind: Behind, key: str) -> None:
    """Try until something is saved, since nobody tries for a moment after a failure."""
    async with asyncio.timeout(NEVER):
        while True:
            with suppress(Unavailable):
                await save(behind.writer, message(key))
                return
            await asyncio.sleep(0.1)
