"""SQLite: one process, one writing connection, WAL, every commit on the disk (reliability, part 7)."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Column, Table, event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.lock import hold_file
from storage.dialects.rows import ExecutemanyRows, InputRows
from storage.dialects.sqlite_thread import WriterThread
from storage.model.errors import Unavailable, WriteConflict

__all__ = ["Sqlite"]

T = TypeVar("T")

_PATIENT = "busy_timeout = 5000"
WRITER_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    _PATIENT,
    "foreign_keys = ON",
    "wal_autocheckpoint = 1000",
    "secure_delete = ON",  # what is deleted is overwritten with zeros
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "cache_size = -32768",  # KiB: keys are hashes, so a batch touches pages all over the file
)
READER_PRAGMAS = ("busy_timeout = 5000", "query_only = ON", "trusted_schema = OFF", "cell_size_check = ON")
READERS = 4
_DRIVER = "sqlite+aiosqlite"

# Primary result codes (https://sqlite.org/rescode.html) under which nothing was saved and later may be.
_UNAVAILABLE = {
    sqlite3.SQLITE_FULL: "the disk under the database is full",
    sqlite3.SQLITE_READONLY: "the database is read-only",
    sqlite3.SQLITE_IOERR: "the disk under the database fails",
    sqlite3.SQLITE_BUSY: "the database is locked by another process",
    sqlite3.SQLITE_LOCKED: "the database is locked",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database",
    sqlite3.SQLITE_NOMEM: "there is no memory left for the database",
    sqlite3.SQLITE_PERM: "the database file may not be touched",
}
_TAKEN = (
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
)


class Sqlite(Database):
    """A database in a file."""

    migrates_itself = True

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError("an SQLite database needs a file: write sqlite:///var/huifang.db")
        self.file = self.path = Path(url.database)
        self.engine = _engine(URL.create(_DRIVER, database=str(self.path)), WRITER_PRAGMAS, 1)
        read_only = {"mode": "ro", "uri": "true"}
        self._readers = _engine(
            URL.create(_DRIVER, database=f"file:{quote(str(self.path))}", query=read_only), READER_PRAGMAS, READERS
        )
        self.dialect = self.engine.dialect
        self._writer: WriterThread | None = None
        self._turn = asyncio.Lock()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other processes out; the file is made here, readable by its owner only."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            held = hold_file(self.path)
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be opened: {error.strerror} ({error.filename})") from error
        try:
            yield
        finally:
            os.close(held)

    async def close(self) -> None:
        """Close both sides; an open aiosqlite connection is a thread that keeps the process alive."""
        if self._writer is not None:
            await self._writer.close()
        await self._readers.dispose()
        await self.engine.dispose()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Driver]:
        """Lend the one writing connection to one transaction after the other."""
        async with self._turn:
            if self._writer is None:
                await self.engine.dispose()  # migrations are through, and only one connection may write
                self._writer = await WriterThread.open(self.path, WRITER_PRAGMAS)
            yield self._writer

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Driver]:
        """Lend a connection that cannot write."""
        async with self._readers.connect() as connection:
            yield await _driver(connection)

    async def begin(self, driver: Driver) -> None:
        """Begin with the first statement."""
        driver.begin()

    async def commit(self, driver: Driver) -> None:
        """Commit, unless the last statements have done so."""
        if driver.in_transaction:
            await driver.execute("COMMIT")

    async def roll_back(self, driver: Driver) -> None:
        """Undo what is under way, if anything is."""
        await driver.give_up()

    async def together(self, driver: Driver, work: Callable[[Driver], Coroutine[Any, Any, T]]) -> T:
        """Run statements in one trip to the connection's thread."""
        result: T = await driver.together(work)
        return result

    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement."""
        found: Sequence[SqlRow] = await driver.execute_fetchall(sql, arguments)
        return found

    async def many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run it once per row."""
        cursor = await driver.executemany(sql, zip(*columns, strict=True))
        touched: int = cursor.rowcount
        return touched

    def rows(self, table: Table, columns: Sequence[Column[Any]]) -> InputRows:
        """Stand for parameters."""
        return ExecutemanyRows(table, columns)

    def translate(self, error: BaseException) -> BaseException:
        """Tell by SQLite's result code."""
        cause = getattr(error, "orig", None) or error
        code = getattr(cause, "sqlite_errorcode", None)
        if code is None:
            return error
        if code in _TAKEN:
            return WriteConflict(str(cause))
        why = _UNAVAILABLE.get(code & 0xFF)
        return error if why is None else Unavailable(f"{why} ({self.path}): {cause}")

    def lock_schema(self, connection: Connection) -> None:
        """Begin at once; other processes are kept out already.

        A table that others refer to can only be rebuilt while nobody minds (sqlite.org/lang_altertable.html, part 7).
        """
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def unlock_schema(self, connection: Connection) -> None:
        """Let references be minded again."""
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")

    @asynccontextmanager
    async def singleton(self, name: str) -> AsyncIterator[SingletonLock]:
        """Return every part to the one process that has the file."""
        del name
        yield SingletonLock(held=True)

    async def scrub(self) -> bool:
        """Write the log back into the file and cut it off: until then it holds pages as they were."""
        async with self.writing() as driver:
            await driver.execute("PRAGMA busy_timeout = 50")  # a reader in the way shall not hold up the writer
            ((is_busy, _, _),) = await self.fetch(driver, "PRAGMA wal_checkpoint(TRUNCATE)", ())
            await driver.execute(f"PRAGMA {_PATIENT}")
        return not is_busy

    async def problems(self) -> list[str]:
        """Ask SQLite to check its own pages."""
        try:
            async with self.reading() as driver:
                found = [row[0] for row in await self.fetch(driver, "PRAGMA quick_check", ())]
        except sqlite3.DatabaseError as error:  # so damaged that it cannot even be checked
            found = [str(error)]
        return [] if found == ["ok"] else [f"{self.path}: {line}" for line in found]


def _engine(url: URL, pragmas: Sequence[str], connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",  # transactions are ours
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,
    )

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of a connection
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


async def _driver(connection: AsyncConnection) -> Driver:
    return (await connection.get_raw_connection()).driver_connection
