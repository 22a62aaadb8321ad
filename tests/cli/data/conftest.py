"""A company's past in a database of either kind, in a folder with a terminal."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import SETTINGS, load_sample, write_owner_files
from tests.support.commands import Said, huifang
from tests.support.database.postgres import PostgresServer
from tests.support.shared import once


@dataclass(frozen=True)
class Desk:
    """A folder with the owner's files and a database, and who types there."""

    folder: Path
    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        """Return the address of the database."""
        return self.settings["database.url"]

    async def types(self, *arguments: str) -> Said:
        """Type a command, and return what it said."""
        return await huifang(self.folder, self.settings, *arguments)


async def _fill(url: str) -> None:
    await load_sample(url)
    await upgrade(url)


def _sample(home: Path) -> str:
    asyncio.run(_fill(f"sqlite:///{home}/past.db"))
    return f"{home}/past.db"


def _copied(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(once('past', _sample), folder / 'past.db')}"
    server: PostgresServer = request.getfixturevalue("postgres_server")

    def fill(_home: Path) -> str:
        server.run("CREATE DATABASE past")
        asyncio.run(_fill(server.url_of("past")))
        return "past"

    name = f"past_{server.worker}"
    template = once("past_postgres", fill)
    server.run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.url_of(name)


@pytest.fixture(params=["sqlite", "postgres"])
def past(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """Return a desk with the sample of an older version, migrated."""
    write_owner_files(tmp_path)
    return Desk(tmp_path, SETTINGS | {"database.url": _copied(request, tmp_path)})
