"""A house whose links are signed, for every test of raters' pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.web.house import House
from tests.support.web.survey_pages import open_house_with_pages


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house with pages."""
    async with open_house_with_pages(folder) as opened:
        yield opened
