"""Two places of either kind: one with a company's past in it, and an empty one."""

import asyncio
import shutil
from pathlib import Path

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import load_sample
from tests.support.database.postgres import PostgresServer
from tests.support.shared import once


async def _fill(url: str) -> None:
    await load_sample(url)
    await upgrade(url)


def _file(home: Path) -> str:
    asyncio.run(_fill(f"sqlite:///{home}/full.db"))
    return f"{home}/full.db"


@pytest.fixture(params=["sqlite", "postgres"])
def full(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a copy of the sample of an older version, migrated."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(once('full', _file), tmp_path / 'full.db')}"
    server: PostgresServer = request.getfixturevalue("postgres_server")

    def fill(_home: Path) -> str:
        server.run("CREATE DATABASE full_one")
        asyncio.run(_fill(server.url_of("full_one")))
        return "full_one"

    template, name = once("full_postgres", fill), f"full_{server.worker}"
    server.run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.url_of(name)


@pytest.fixture
def empty(full: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty place of the same kind."""
    if full.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/elsewhere/var/huifang.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"elsewhere_{server.worker}"
    server.run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    return server.url_of(name)
