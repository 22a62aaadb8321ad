"""Services on a database of either kind, their API, and what takes the files that wait there."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest

from bot.jobs.imports.upload_job import UploadJob
from bot.process.alarms import Alarms
from bot.wiring.services import Services
from tests.jobs.imports.conftest import services, settings
from tests.support.web.api import api_of, web_of

__all__ = ["Doors", "services", "settings", "taker"]

KEY = "key-of-the-imports-9d1f3b"
Json = dict[str, Any]
Doors = Callable[..., Awaitable[Json]]


def table(*rows: tuple[object, ...]) -> bytes:
    """Return rows as a CSV file."""
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def taker(services: Services) -> UploadJob:
    """Return what takes the files that wait."""
    return UploadJob(services.imports, services.clock, Alarms(services.clock))


@pytest.fixture
async def api(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_of(web_of(services, KEY), KEY) as client:
        yield client


@pytest.fixture
def uploads(api: httpx.AsyncClient) -> Doors:
    """Return what uploads a file, and returns what is told of it."""

    async def upload(kind: str, content: bytes, expected: int = 202, **asked: object) -> Json:
        parameters: Mapping[str, str] = {"kind": kind, **{name: str(value) for name, value in asked.items()}}
        answer = await api.post("/api/v1/imports", params=parameters, content=content)
        assert answer.status_code == expected, answer.text
        told: Json = answer.json()
        return told

    return upload
