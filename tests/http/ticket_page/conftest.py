"""A house with a help desk whose tickets are written to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.handlers.common.policy import DeskTerms
from scoring.values import replace
from tests.support.web.house import House
from tests.support.web.survey_pages import open_house_with_pages

TERMS = DeskTerms(notes=True, tag="csat-low", reopen=True)


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house where everything is written into tickets of zammad."""
    async with open_house_with_pages(folder) as opened:
        opened.web.receiver.adopt(replace(opened.web.receiver.policy, desks={"zammad": TERMS}))
        yield opened
