"""A database of either kind, migrated and empty, with a writer on it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.schema.tables import METADATA
from storage.unit_of_work.writer import Committed, Writer
from tests.storage.samples import NOW
from tests.support.database.migrated import copy_migrated
from tests.support.database.postgres import PostgresServer
from tests.support.shared import once

TEMPLATE = "migrated"
# TRUNCATE makes every table's and index's file anew, which takes fifty times as long as deleting some rows.
COUNTED = [column for table in METADATA.sorted_tables for column in table.columns if column.identity]
RESTART = [f"SELECT setval(pg_get_serial_sequence('{column.table}', '{column.name}'), 1, false)" for column in COUNTED]
EMPTY = "; ".join([*(str(table.delete()) for table in reversed(METADATA.sorted_tables)), *RESTART])


@pytest.fixture(scope="session")
def _migrated_url(postgres_server: PostgresServer) -> str:
    """Return the URL of a migrated database of this worker: a copy of the one that the run has migrated once."""

    def migrate(_home: Path) -> str:
        postgres_server.run(f"CREATE DATABASE {TEMPLATE}")
        asyncio.run(upgrade(postgres_server.url_of(TEMPLATE)))
        return TEMPLATE

    own = f"storage_{postgres_server.worker}"
    postgres_server.run(f"CREATE DATABASE {own} TEMPLATE {once('template', migrate)}")
    return postgres_server.url_of(own)


@pytest.fixture
async def migrated_postgres(_migrated_url: str) -> str:
    """Return the URL of a migrated PostgreSQL database in which there are no rows."""
    await _execute(_migrated_url, EMPTY)
    return _migrated_url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as opened:
        yield opened


@pytest.fixture
def committed() -> list[Committed]:
    return []


@pytest.fixture
async def writer(store: Store, committed: list[Committed]) -> AsyncIterator[Writer]:
    made = Writer(store, lambda: NOW, on_commit=committed.append)
    yield made
    await made.stop()


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
