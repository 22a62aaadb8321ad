"""Migrated databases without rows, migrated once for a test run: a SQLite file to copy, and one of each worker's."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from storage.connection.migrate import upgrade
from storage.schema.figures.figure_tables import figure_changes, figure_days
from storage.schema.tables import METADATA
from tests.support.database.postgres import PostgresServer
from tests.support.shared import once

__all__ = ["EMPTIED", "Emptier", "copy_migrated", "create_migrated", "empty_tables"]

_TEMPLATE = "migrated"
# TRUNCATE makes every table's and index's file anew, which takes fifty times as long as deleting some rows.
_COUNTED = [column for table in METADATA.sorted_tables for column in table.columns if column.identity]
_RESTART = [
    f"SELECT setval(pg_get_serial_sequence('{column.table}', '{column.name}'), 1, false)" for column in _COUNTED
]
_COUNTS = (figure_changes, figure_days)
"""Where the deletion of all others is counted."""
EMPTIED = [*(one for one in reversed(METADATA.sorted_tables) if one not in _COUNTS), *_COUNTS]
"""Every table, in an order in which its rows can be deleted."""
_EMPTY = "; ".join([*(str(table.delete()) for table in EMPTIED), *_RESTART])

_ENDED = (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.InterfaceError, OSError)


def copy_migrated(file: Path) -> Path:
    """Make `file` a migrated database without rows; return it."""
    shutil.copy(once("sqlite", _migrate), file)
    return file


def _migrate(home: Path) -> str:
    file = home / "migrated.db"
    _upgrade(f"sqlite:///{file}")
    return str(file)


def create_migrated(server: PostgresServer, purpose: str = "") -> str:
    """Return the URL of a migrated database of this worker: a copy of the one that the run has migrated once.

    There is one for each `purpose`.
    """

    def migrate(_home: Path) -> str:
        server.run(f"CREATE DATABASE {_TEMPLATE}")
        _upgrade(server.url_of(_TEMPLATE))
        return _TEMPLATE

    own = f"migrated{purpose}_{server.worker}"
    server.run(f"CREATE DATABASE {own} TEMPLATE {once('template', migrate)}")
    return server.url_of(own)


def _upgrade(url: str) -> None:
    with ThreadPoolExecutor(1) as apart:  # whoever asks may run in a loop already
        apart.submit(lambda: asyncio.run(upgrade(url))).result()


class Emptier:
    """Deletes all rows of a migrated PostgreSQL database through a connection that it keeps.

    A new one would read the whole catalogue for that, which takes the server longer than most tests do.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._loop = asyncio.new_event_loop()
        self._connection: asyncpg.Connection | None = None

    def empty(self) -> None:
        """Delete all rows, and count from one again."""
        try:
            self._loop.run_until_complete(self._empty())
        except _ENDED:  # a test has ended all connections
            self._forget()
            self._loop.run_until_complete(self._empty())

    def close(self) -> None:
        """Close the connection."""
        self._forget()
        self._loop.close()

    async def _empty(self) -> None:
        if self._connection is None:
            self._connection = await asyncpg.connect(self.url)
        await self._connection.execute(_EMPTY)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
            self._loop.run_until_complete(asyncio.sleep(0))  # only a loop that turns closes the socket


async def empty_tables(url: str) -> None:
    """Delete all rows of a migrated PostgreSQL database, and count from one again."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_EMPTY)
    finally:
        await connection.close()
