"""The documents as whoever comes by reads them: one web side for all tests, since to describe it takes a second."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.support.web.house import House, open_house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reading_room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Open a house in which nobody writes."""
    async with open_house(tmp_path_factory.mktemp("reading_room")) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def anybody(reading_room: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client without a key."""
    async with reading_room.client(key=None) as client:
        yield client
