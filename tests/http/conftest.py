"""Fixtures of the web side, and the description of the API, which many tests read and none changes."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.shared import once
from tests.support.web.fixtures import api, folder, house, service
from tests.support.web.house import open_house

__all__ = ["api", "folder", "house", "service"]


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """Return what the API says of itself, asked for once in a run: describing everything takes half a second."""
    told: dict[str, Any] = json.loads(once("described", _described))
    return told


def _described(home: Path) -> str:
    with ThreadPoolExecutor(1) as apart:  # whoever asks may run in a loop already
        return apart.submit(lambda: asyncio.run(_ask(home))).result()


async def _ask(home: Path) -> str:
    async with open_house(home) as house, house.client(key=None) as nobody:
        answer = await nobody.get("/openapi.json")
    assert answer.status_code == 200
    return answer.text
