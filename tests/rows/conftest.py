"""A service of its own for each row."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.http.conftest import empty_database, folder
from tests.rows.service import Service, open_service

__all__ = ["empty_database", "folder", "service"]


@pytest.fixture
async def service(folder: Path) -> AsyncIterator[Service]:
    """Open the product on an empty database."""
    async with open_service(folder) as opened:
        yield opened
