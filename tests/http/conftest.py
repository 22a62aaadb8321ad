"""A house of its own for each test."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from storage.connection.migrate import upgrade
from tests.http.house import DATABASE, House, open_house


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a migrated, empty database: migrating one for each test would take most of the time."""
    path = tmp_path_factory.mktemp("migrated") / DATABASE
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path, empty_database: bytes) -> Path:
    """Return a folder with an empty database."""
    (tmp_path / DATABASE).write_bytes(empty_database)
    return tmp_path


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house with a key, a hook secret and the sandbox."""
    async with open_house(folder) as opened:
        yield opened


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that holds a key."""
    async with house.client() as client:
        yield client
