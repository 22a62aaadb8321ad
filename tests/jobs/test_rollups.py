"""Ratings are added up in the background, anew where the time zone has changed."""

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.rollups import RollupJob
from storage.connection.store import Store
from storage.rollups.differences import check_rollups
from storage.rollups.sums import rollup_state
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from tests.storage.rollups.turmoil import SHANGHAI, Turmoil
from tests.storage.samples import NOW
from tests.support.database.migrated import copy_migrated


@pytest.fixture(name="url")
def _url(tmp_path: Path) -> str:
    return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"


@pytest.fixture(name="store")
async def _store(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as opened:
        yield opened


async def state_of(store: Store) -> tuple[str, int, int]:
    """Return the zone of the sums, how many ratings they hold, and how many changes wait."""
    async with store.reading() as session:
        zone, _ = await rollup_state(session)
        sums = await session.fetch(t.rating_rollups.select().where(t.rating_rollups.c.grain == "month"))
        noted = await session.fetch(t.rating_deltas.select())
    return zone, sum(row[-1] for row in sums), len(noted)


async def test_what_was_rated_is_added_up_and_anew_for_another_time_zone(url: str, store: Store) -> None:
    writer, zones = Writer(store, lambda: NOW), [SHANGHAI]
    job = RollupJob(store, writer, lambda: zones[-1])
    try:
        await Turmoil(store, 5).run(60)
        assert (await state_of(store))[0] == ""
        await job.look()
        zone, rated, noted = await state_of(store)
        assert (zone, noted) == ("Asia/Shanghai", 0)
        assert rated > 5
        assert await check_rollups(url) == []
        zones.append(ZoneInfo("Europe/Berlin"))
        await job.look()
        assert await state_of(store) == ("Europe/Berlin", rated, 0)
        assert await check_rollups(url) == []
    finally:
        await writer.stop()
