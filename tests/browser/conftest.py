"""A browser for each worker, a house with an address for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.chromium import find_chromium, running_chromium
from tests.browser.serving import served
from tests.support.web.house import House
from tests.support.web.survey_pages import open_house_with_pages


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """Lend the worker's own browser, started when the first test asks."""
    with running_chromium(find_chromium()) as address:
        yield address


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Open a house with pages."""
    async with open_house_with_pages(tmp_path) as opened:
        yield opened


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that holds a key."""
    async with house.client() as client:
        yield client


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    """Serve the house to browsers."""
    async with served(house) as where:
        yield where
