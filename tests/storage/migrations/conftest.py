"""A database of either kind, bare or filled with the sample, in the folder in which a product is then started."""

from pathlib import Path

import pytest

from tests.storage.migrations.sample import SETTINGS, load_sample, write_owner_files


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/huifang.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
async def sample_url(bare_url: str) -> str:
    await load_sample(bare_url)
    return bare_url


@pytest.fixture
def settings(bare_url: str, tmp_path: Path) -> dict[str, str]:
    write_owner_files(tmp_path)
    return SETTINGS | {"database.url": bare_url}
