"""Fixtures of the web side, and the description of the API, which many tests read and none changes."""

from typing import Any

import pytest
import pytest_asyncio

from tests.support.web.fixtures import api, folder, house, service
from tests.support.web.house import open_house

__all__ = ["api", "folder", "house", "service"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Ask for it once, without a key: describing everything takes half a second."""
    folder = tmp_path_factory.mktemp("described")
    async with open_house(folder) as house, house.client(key=None) as nobody:
        answer = await nobody.get("/openapi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told
