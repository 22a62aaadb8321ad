"""Fixtures of the web side on a database of its own: without a process, a port or a real clock."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.database.migrated import copy_migrated
from tests.support.web.house import DATABASE, House, open_house
from tests.support.web.service import Service, open_service

__all__ = ["api", "folder", "house", "service"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an empty database."""
    copy_migrated(tmp_path / DATABASE)
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
