"""What one process has saved, the others hear at once; where they do not, nothing but time is lost."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.process.alarms import DATABASE, Alarms
from bot.process.hints import Hints
from bot.process.singletons import keep_trying
from bot.process.system import SystemClock
from storage.connection.store import Store
from tests.support.database.migrated import copy_migrated
from tests.support.database.wire import Wire, wire_to
from tests.support.time.patience import PATIENCE

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@dataclass(eq=False)
class Neighbour:
    """A process that tells and hears."""

    store: Store
    messages: list[str] = field(default_factory=list)
    due: list[datetime] = field(default_factory=list)
    alarms: Alarms = field(default_factory=lambda: Alarms(SystemClock()))

    def __post_init__(self) -> None:
        self.hints = Hints(self.store, self._hear, self.due.append)

    def _hear(self, messages: Sequence[str]) -> None:
        self.messages += messages

    @contextmanager
    def connected(self) -> Iterator["Neighbour"]:
        """Be connected while the block runs, again and again if need be."""
        task = asyncio.ensure_future(keep_trying("hints", self.hints.run, self.alarms))
        try:
            yield self
        finally:
            task.cancel()


@asynccontextmanager
async def neighbours(url: str, wired: str) -> AsyncIterator[tuple[Neighbour, Neighbour]]:
    """Connect two processes, the second one by another address of the same database."""
    async with Store.open(url) as here, Store.open(wired) as there:
        with Neighbour(here).connected() as first, Neighbour(there).connected() as second:
            while not (first.messages and second.messages):
                first.hints.publish_messages(["hello"])
                second.hints.publish_messages(["hello"])
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            first.messages.clear()
            second.messages.clear()
            yield first, second


@pytest.fixture
async def wire(migrated_postgres: str) -> AsyncIterator[Wire]:
    async with wire_to(migrated_postgres) as made:
        yield made


async def heard(neighbour: Neighbour, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(neighbour.messages) + len(neighbour.due) < count:  # noqa: ASYNC110 (a list has no event)
            await asyncio.sleep(0.01)


async def test_each_hears_of_the_others_and_not_of_itself(migrated_postgres: str, wire: Wire) -> None:
    async with neighbours(migrated_postgres, wire.url(migrated_postgres)) as (first, second):
        ids = [f"out_{number:020}" for number in range(450)]  # more than one payload holds
        first.hints.publish_messages(ids)
        first.hints.publish_due(NOW + timedelta(minutes=1))
        first.hints.publish_due(NOW)
        second.hints.publish_due(NOW + timedelta(hours=1))
        await heard(second, len(ids) + 1)
        await heard(first, 1)
        assert (second.messages, second.due) == (ids, [NOW])
        assert (first.messages, first.due) == ([], [NOW + timedelta(hours=1)])


async def test_after_an_outage_it_is_told_what_could_not_be(migrated_postgres: str, wire: Wire) -> None:
    async with neighbours(migrated_postgres, wire.url(migrated_postgres)) as (first, second):
        wire.cut()
        second.hints.publish_messages(["out_during"])
        second.hints.publish_due(NOW)
        await asyncio.sleep(0.3)
        assert second.alarms.since(DATABASE) is not None
        wire.mend()
        await heard(first, 2)
        assert (first.messages, first.due) == (["out_during"], [NOW])


@pytest.mark.proof  # it takes seconds
async def test_what_cannot_be_told_takes_no_memory(migrated_postgres: str, wire: Wire) -> None:
    async with neighbours(migrated_postgres, wire.url(migrated_postgres)) as (first, second):
        wire.cut()
        for number in range(20_000):
            second.hints.publish_messages([f"out_{number}"])
        wire.mend()
        await heard(first, 1000)
        await asyncio.sleep(0.1)
        assert first.messages == [f"out_{number}" for number in range(19_000, 20_000)]


async def test_on_sqlite_there_is_nobody_to_tell(tmp_path: Path) -> None:
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        with Neighbour(store).connected() as alone:
            alone.hints.publish_messages(["out_1"])
            alone.hints.publish_due(NOW)
            await asyncio.sleep(0.05)
            assert (alone.messages, alone.due, alone.alarms.standing()) == ([], [], [])
