"""Whether the database takes writes is found out by writing, once a minute."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.connection.store import Store
from storage.model.note_keys import WRITE_PROBE
from storage.model.records import Note
from storage.reads.probe import can_write
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Committed, Writer
from tests.support.database.migrated import copy_migrated
from tests.support.web.clockwork import Clockwork


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as opened:
        yield opened


async def probes(store: Store) -> list[Note]:
    async with store.reading() as session:
        return [note for note in await session.records(Note, all_of(Note)) if note.key == WRITE_PROBE]


async def test_it_writes_once_a_minute_however_often_it_is_asked(store: Store) -> None:
    clock, committed = Clockwork(), list[Committed]()
    writer = Writer(store, clock.now, on_commit=committed.append)
    assert [await can_write(writer) for _ in range(3)] == [True] * 3
    assert sum(bool(changes.records) for one in committed for changes in one.decided) == 1
    clock.passes(timedelta(minutes=1))
    assert await can_write(writer)
    (note,) = await probes(store)
    assert (note.at, note.version) == (clock.now(), 2)
    await writer.stop()


async def test_a_database_that_takes_nothing_is_told(store: Store) -> None:
    writer = Writer(store, Clockwork().now)
    await writer.stop()
    assert not await can_write(writer)
    assert await probes(store) == []
