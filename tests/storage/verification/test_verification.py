"""`huifang doctor --verify` finds nothing in a sound database, and each planted damage in a damaged one."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.registry import capabilities_of
from bot.jobs.retention import housekeeping_periods, retention_periods
from config.settings.settings import RetentionSettings
from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.housekeeping.runner import keep_house
from storage.model.errors import SchemaMismatch
from storage.privacy.retention import apply_retention
from storage.unit_of_work.writer import Writer
from storage.verification.verify import verify_database
from tests.storage.migrations.sample import execute, fetch, load_sample, rows_of
from tests.storage.samples import NOW
from tests.storage.verification.damages import DAMAGES, written_out
from tests.support.database.postgres import PostgresServer
from tests.support.shared import once

Copy = Callable[[], str]
_FREE = "SET session_replication_role = replica;"
"""Foreign keys hold nobody up then (https://www.postgresql.org/docs/current/runtime-config-client.html)."""


def _sample(home: Path) -> str:
    url = f"sqlite:///{home}/sample.db"
    asyncio.run(_fill(url))
    return f"{home}/sample.db"


async def _fill(url: str) -> None:
    await load_sample(url)
    await upgrade(url)


@pytest.fixture(params=["sqlite", "postgres"])
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a copy of the sample, migrated to today's tables."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(once('verified', _sample), tmp_path / 'copy.db')}"
    server: PostgresServer = request.getfixturevalue("postgres_server")

    def fill(_home: Path) -> str:
        server.run("CREATE DATABASE verified")
        asyncio.run(_fill(server.url_of("verified")))
        return "verified"

    name = f"copy_{server.worker}"
    template = once("verified_postgres", fill)
    server.run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.url_of(name)


def test_a_sound_database_keeps_every_promise_and_is_left_as_it_was(copy: str) -> None:
    before = asyncio.run(rows_of(copy))
    found = asyncio.run(verify_database(copy, NOW))
    assert [str(one) for one in found.violations] == []
    assert found.rows["outbox"] == len(before["outbox"]) > 600
    assert asyncio.run(rows_of(copy)) == before


def test_what_is_deleted_as_it_should_be_is_missed_by_no_check(copy: str) -> None:
    asyncio.run(_keep_house(copy))
    found = asyncio.run(verify_database(copy, NOW))
    assert [str(one) for one in found.violations] == []
    assert found.rows["outbox"] < 300


async def _keep_house(url: str) -> None:
    """Do what is done every day, on one that is far enough off for everything to go that may."""
    later = NOW + timedelta(days=400)
    async with Store.open(url) as store:
        writer = Writer(store, lambda: later)
        settings = RetentionSettings()
        await apply_retention(store, writer, retention_periods(settings), later)
        await keep_house(store, writer, housekeeping_periods(settings, capabilities_of()), later)
        await writer.stop()


@pytest.mark.some(8)
@pytest.mark.parametrize("copy", ["sqlite", pytest.param("postgres", marks=pytest.mark.proof)], indirect=True)
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_found_by_its_row_and_nothing_else_is(name: str, copy: str) -> None:
    damage = DAMAGES[name]
    expected, found = asyncio.run(_damaged(copy, name))
    assert found == [(damage.promise, damage.table, expected)]


async def _damaged(url: str, name: str) -> tuple[str, list[tuple[str, str, str]]]:
    damage = DAMAGES[name]
    ((row,),) = await fetch(url, written_out(damage.row, ""))
    assert row, "the sample has no such row"
    ((expected,),) = await fetch(url, written_out(damage.names, row)) if damage.names else [(row,)]
    await execute(url, ("" if url.startswith("sqlite") else _FREE) + written_out(damage.sql, row))
    found = (await verify_database(url, NOW)).violations
    return expected, [(one.promise, one.table, one.row) for one in found]


def test_a_file_that_is_damaged_is_told_as_such(tmp_path: Path) -> None:
    file = Path(shutil.copy(once("verified", _sample), tmp_path / "copy.db"))
    pages = bytearray(file.read_bytes())
    pages[len(pages) // 2 : len(pages) // 2 + 4096] = bytes(4096)
    file.write_bytes(pages)
    found = asyncio.run(verify_database(f"sqlite:///{file}", NOW)).violations
    assert found
    assert {one.promise for one in found} == {"The file is undamaged"}


def test_a_database_of_an_older_version_is_refused_and_not_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    asyncio.run(load_sample(url))
    before = asyncio.run(rows_of(url))
    with pytest.raises(SchemaMismatch):
        asyncio.run(verify_database(url, NOW))
    assert asyncio.run(rows_of(url)) == before


def test_where_no_file_is_yet_none_is_made(tmp_path: Path) -> None:
    assert asyncio.run(verify_database(f"sqlite:///{tmp_path}/none.db", NOW)).violations == ()
    assert list(tmp_path.iterdir()) == []
