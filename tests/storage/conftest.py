"""A database of either kind, migrated and empty, with a writer on it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from storage.migrate import upgrade
from storage.store import Store
from storage.tables import METADATA
from storage.writer import Committed, Writer
from tests.storage.samples import NOW
from tests.support.postgres import PostgresServer

NAME = "storage_suite"
EMPTY = f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY"


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate once; every test gets a copy."""
    path = tmp_path_factory.mktemp("storage") / "huifang.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def _migrated_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Migrate a database of our own once; every test finds it empty."""
    url = postgres_server.url.rpartition("/")[0] + f"/{NAME}"
    asyncio.run(_execute(postgres_server.url, f"CREATE DATABASE {NAME}"))
    asyncio.run(upgrade(url))
    yield url
    asyncio.run(_execute(postgres_server.url, f"DROP DATABASE {NAME} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        copy = tmp_path / "huifang.db"
        shutil.copy(request.getfixturevalue("_migrated_file"), copy)
        return f"sqlite:///{copy}"
    found: str = request.getfixturevalue("_migrated_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    if not url.startswith("sqlite"):
        await _execute(url, EMPTY)
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
