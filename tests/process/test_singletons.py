"""A role that only one process may have: it works while it has it, and stops when it is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from bot.process.alarms import DATABASE, Alarms
from bot.process.database_watch import DatabaseWatch
from bot.process.singletons import keep_trying, run_singleton
from bot.process.system import SystemClock
from storage.connection.store import Store
from storage.model.errors import StatementRefused, Unavailable, WriteConflict
from storage.unit_of_work.writer import Writer
from tests.support.database.migrated import copy_migrated
from tests.support.database.wire import wire_to
from tests.support.time.patience import PATIENCE

AN_OUTAGE = 300.0
RECOVERS_WITHIN = 10.0
"""Seconds, and those within which everything goes on after it."""

END_HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Work:
    """Work that notes when it begins and ends."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            self.ended.set()


@asynccontextmanager
async def running(store: Store, work: Work) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(run_singleton(store, "poll", work, Alarms(SystemClock())))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Store]:
    """Open a SQLite file, which one process has for itself."""
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        yield store


async def test_on_sqlite_it_works_at_once_and_ends_with_the_process(alone: Store) -> None:
    work = Work()
    async with running(alone, work):
        async with asyncio.timeout(PATIENCE):
            await work.begun.wait()
    assert work.ended.is_set()


async def test_work_that_fails_ends_the_role_with_its_error(alone: Store) -> None:
    async def fails() -> None:
        raise LookupError("no such bot")

    with pytest.raises(LookupError, match="no such bot"):
        async with asyncio.timeout(PATIENCE):
            await run_singleton(alone, "poll", fails, Alarms(SystemClock()))


async def test_on_postgresql_one_process_has_it_until_it_is_cut_off(
    migrated_postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = Work(), Work()
    async with Store.open(migrated_postgres) as here, Store.open(migrated_postgres) as there, running(here, first):
        async with asyncio.timeout(PATIENCE):
            await first.begun.wait()
        async with there.singleton("poll") as seat:
            assert not seat.held
        server = await asyncpg.connect(migrated_postgres)
        with caplog.at_level(logging.WARNING):
            await server.execute(END_HOLDERS)
            async with asyncio.timeout(PATIENCE):
                await first.ended.wait()
        await server.close()
        async with running(there, second):
            async with asyncio.timeout(PATIENCE):
                await second.begun.wait()
    assert "lost the role poll to another process, or the database" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("gone"),
        pytest.param(WriteConflict("first"), marks=pytest.mark.proof),
        pytest.param(StatementRefused("wrong"), marks=pytest.mark.proof),
    ],
)
async def test_work_that_the_database_cuts_short_is_an_alarm_and_begins_anew(alone: Store, error: Exception) -> None:
    begun: list[int] = []
    alarms = Alarms(SystemClock())

    async def fails_twice() -> None:
        begun.append(1)
        if len(begun) < 3:
            raise error
        await asyncio.sleep(60)

    task = asyncio.create_task(run_singleton(alone, "poll", fails_twice, alarms))
    async with asyncio.timeout(PATIENCE):
        while len(begun) < 3:  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task])
    assert [alarm.text for alarm in alarms.standing()] == [str(error)]


async def test_a_role_waits_for_a_database_that_is_away_and_begins_when_it_is_back(migrated_postgres: str) -> None:
    work, alarms = Work(), Alarms(SystemClock())
    async with wire_to(migrated_postgres) as wire, Store.open(wire.url(migrated_postgres)) as store:
        wire.cut()
        task = asyncio.create_task(run_singleton(store, "poll", work, alarms))
        await asyncio.sleep(0.3)
        assert alarms.since(DATABASE) is not None
        assert not task.done()
        wire.mend()
        async with asyncio.timeout(PATIENCE):
            await work.begun.wait()
        task.cancel()
        await asyncio.wait([task])


async def test_a_part_that_fails_while_the_database_is_well_raises_an_alarm_of_its_own(alone: Store) -> None:
    clock, begun = SystemClock(), asyncio.Event()
    alarms, failing = Alarms(clock), iter(range(2))
    watch = DatabaseWatch(Writer(alone, clock.now), alarms, clock)

    async def refused() -> None:
        if next(failing, None) is None:
            begun.set()
            await asyncio.sleep(60)
        assert await watch.look()  # which finds that the database can be written
        raise Unavailable("sorry, too many clients already")

    task = asyncio.create_task(keep_trying("send", refused, alarms))
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
    assert [alarm.name for alarm in alarms.standing()] == ["role.send"]
    task.cancel()
    await asyncio.wait([task])


async def test_the_watch_tells_of_an_outage_where_nothing_else_happens(migrated_postgres: str) -> None:
    clock, told = SystemClock(), list[str]()
    alarms = Alarms(clock)
    async with wire_to(migrated_postgres) as wire, Store.open(wire.url(migrated_postgres)) as store:
        watch = DatabaseWatch(Writer(store, clock.now), alarms, clock)
        assert await watch.look()
        wire.cut()
        assert not await watch.look()
        told += [alarm.name for alarm in alarms.standing()]
        wire.mend()
        assert await watch.look()
    assert told == [DATABASE]
    assert alarms.standing() == []


async def test_what_is_done_once_is_done_when_the_database_is_back() -> None:
    tried: list[int] = []
    alarms = Alarms(SystemClock())

    async def set_up() -> None:
        tried.append(1)
        if len(tried) < 3:
            raise Unavailable("gone")

    async with asyncio.timeout(PATIENCE):
        await keep_trying("set_up", set_up, alarms)
    assert len(tried) == 3
    assert alarms.since(DATABASE) is not None


async def test_however_long_the_database_is_away_it_is_tried_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    waits, sleep = list[float](), asyncio.sleep

    async def at_once(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    async def work() -> None:
        if sum(waits) < AN_OUTAGE:
            raise Unavailable("gone")

    monkeypatch.setattr(asyncio, "sleep", at_once)
    await keep_trying("send", work, Alarms(SystemClock()))
    assert max(waits) < RECOVERS_WITHIN / 2, "what then has to be done takes its time, too"
