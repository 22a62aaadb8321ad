"""A browser for the run, a house with an address for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.browser.chromium import find_chromium, running_chromium
from tests.browser.serving import served
from tests.support.web.house import House
from tests.support.web.survey_pages import open_house_with_pages


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the run's browser, started when the first test asks."""
    return running_chromium(find_chromium())


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
