"""Fixtures of the web side on a database of its own: without a process, a port or a real clock."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from storage.connection.migrate import upgrade
from tests.support.web.house import DATABASE, House, open_house
from tests.support.web.service import Service, open_service

__all__ = ["api", "empty_database", "folder", "house", "service"]


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


@pytest.fixture
async def service(folder: Path) -> AsyncIterator[Service]:
    """Open the product on an empty database."""
    async with open_service(folder) as opened:
        yield opened
