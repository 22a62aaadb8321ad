"""Fixtures of the web side, in a house whose links are signed and which has an own form of 100 points."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.forms.load import read_form, read_forms
from tests.support.web.fixtures import api, folder
from tests.support.web.house import House
from tests.support.web.survey_pages import open_house_with_pages

__all__ = ["api", "folder", "house"]

FORMS = Path(__file__).parent / "forms"


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house with the shipped forms and those of this folder."""
    own = {form.id: form for form in map(read_form, sorted(FORMS.glob("*.toml")))}
    async with open_house_with_pages(folder, forms=read_forms() | own) as opened:
        yield opened
