"""A database of either kind, migrated and empty, with a writer on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.connection.store import Store
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW
from tests.support.database.migrated import copy_migrated


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'figures.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as opened:
        yield opened


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[Writer]:
    made = Writer(store, lambda: NOW)
    yield made
    await made.stop()
