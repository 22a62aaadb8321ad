"""A house whose surveys are stored, as when the service starts: figures ask which of them ask for importance."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.wiring.startup import known_surveys
from storage.unit_of_work.writer import Writer
from tests.support.web.house import House, open_house, shipped


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house with the shipped surveys in its database."""
    async with open_house(folder) as opened:
        writer = Writer(opened.store, opened.clock.now)
        await known_surveys(opened.web.reader, writer, shipped()[0])
        await writer.stop()
        yield opened
