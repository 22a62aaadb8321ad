"""SQLite: one process, one writing connection, WAL, every commit flushed to disk (docs/reference/hazards.md)."""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Column, NullPool, Table, bindparam, create_engine, event, null
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.rows import InputRows, Values
from storage.dialects.sqlite_files import OpenedFiles
from storage.dialects.sqlite_readers import ReaderPool
from storage.dialects.sqlite_thread import WriterThread
from storage.model.errors import InUse, StatementRefused, Unavailable, WriteConflict

__all__ = ["Sqlite", "lock_file"]

T = TypeVar("T")

_BUSY_TIMEOUT = "busy_timeout = 5000"  # milliseconds
WRITER_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    _BUSY_TIMEOUT,
    "foreign_keys = ON",
    "wal_autocheckpoint = 1000",
    "secure_delete = ON",  # what is deleted is overwritten with zeros
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "cache_size = -32768",  # KiB: keys are hashes, so a batch touches pages all over the file
)
# Apart from migrations, which sort whole tables: an undo journal of some 64 KB for each interview that ends.
_IN_MEMORY = "temp_store = MEMORY"
READER_PRAGMAS = (_BUSY_TIMEOUT, "query_only = ON", "trusted_schema = OFF", "cell_size_check = ON")
READERS = 4

# Primary result codes (https://sqlite.org/rescode.html) after which nothing was saved and a later try may succeed.
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
_CONFLICTS = (
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
)


class ExecutemanyRows(InputRows):
    """One execution per row (`executemany`)."""

    def __init__(self, table: Table, columns: Sequence[Column[Any]], empty: frozenset[str]) -> None:
        self.table = table
        # SQLAlchemy reserves a bind parameter named like a column for its own use in VALUES and SET.
        self.c = {
            column.name: null() if column.name in empty else bindparam(f"new_{column.name}", type_=column.type)
            for column in columns
        }

    def insert(self, values: Values, *, is_shuffled: bool = False) -> sqlite.Insert:
        """Return the INSERT of one row; nothing is shuffled: a table WITHOUT ROWID has no order but its key's."""
        del is_shuffled
        return sqlite.insert(self.table).values(dict(values))


class Sqlite(Database):
    """A database in a file."""

    migrates_itself = True
    binds_row_by_row = True

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError("an SQLite database needs a file: write sqlite:///var/huifang.db")
        self.file = self.path = _without_link(Path(url.database))
        self.dialect = sqlite.dialect(paramstyle="qmark")
        self._files = OpenedFiles(self.path)
        self._readers = ReaderPool(self.path, READER_PRAGMAS, READERS)
        self._writer: WriterThread | None = None
        self._turn = asyncio.Lock()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Lock the file against other processes, creating it for its owner only.

        Raises InUse where another process has it, Unavailable where it cannot be opened.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            lock = lock_file(self.path)
        except OSError as error:
            raise Unavailable(
                f"{self.path} cannot be opened: {error.strerror} ({error.filename}); let this user write there, or name"
                " another file in database.url"
            ) from error
        try:
            yield
        finally:
            os.close(lock)

    async def close(self) -> None:
        """Close the writer and the readers: each open connection is a thread that keeps the process alive."""
        await self._close_writer()
        await self._readers.close()

    def give_up(self) -> None:
        """Change nothing: what a thread does with a file cannot be cut."""

    async def run_sync(self, work: Callable[[Connection], T], *, is_long: bool = False) -> T:
        """Return what `work` returns, called in a thread of its own; the writer is opened anew after it."""
        del is_long
        async with self._turn:
            await self._close_writer()
            self._files = OpenedFiles(self.path)  # the last connection that is closed removes the write-ahead log
            return await asyncio.to_thread(self._run_blocking, work)

    async def inspect(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads, through a connection of its own, also while another process has the file."""
        engine = create_engine("sqlite+pysqlite://", creator=self._read_only, poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            return work(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Driver]:
        """Reserve the one writing connection; transactions wait for each other."""
        async with self._turn:
            if self._writer is None:
                self._files.check()  # before it is opened: an empty database would be made in place of a lost one
                self._writer = await WriterThread.open(self.path, (*WRITER_PRAGMAS, _IN_MEMORY))
            yield self._writer

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Driver]:
        """Reserve a connection that cannot write; raises Unavailable where it would read other files."""
        self._files.check()
        async with self._readers.connection() as driver:
            yield driver

    async def begin(self, driver: Driver) -> None:
        """Begin a transaction with the next statement."""
        driver.begin()

    async def commit(self, driver: Driver) -> None:
        """Commit the transaction, unless its last statements have committed it.

        Raises Unavailable where that is not in the database's files: it must not be acknowledged.
        """
        if driver.in_transaction:
            self._files.check()
            await driver.execute("COMMIT")
        else:
            driver.leave()
        self._files.check()

    async def roll_back(self, driver: Driver) -> None:
        """Undo the transaction under way, if there is one."""
        await driver.give_up()

    async def together(
        self, driver: Driver, work: Callable[[Driver], Coroutine[Any, Any, T]], *, is_look_up: bool = False
    ) -> T:
        """Run statements in one trip to the connection's thread, or in none."""
        result: T = await driver.together(work, is_look_up=is_look_up)
        return result

    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement and return its rows."""
        found: Sequence[SqlRow] = await driver.execute_fetchall(sql, arguments)
        return found

    async def execute_many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run the statement once for each row."""
        cursor = await driver.executemany(sql, zip(*columns, strict=True))
        touched: int = cursor.rowcount
        return touched

    def rows(self, table: Table, columns: Sequence[Column[Any]], empty: frozenset[str] = frozenset()) -> InputRows:
        """Return placeholders over the parameters of one row."""
        return ExecutemanyRows(table, columns, empty)

    def translate(self, error: BaseException) -> BaseException:
        """Translate by SQLite's result code; a text with a code is SQLite's own: it names columns, quotes no value."""
        cause = getattr(error, "orig", None) or error
        code = getattr(cause, "sqlite_errorcode", None)
        if code is None:
            return StatementRefused(type(cause).__name__) if isinstance(cause, sqlite3.Error) else error
        if code in _CONFLICTS:
            return WriteConflict(str(cause))
        why = _UNAVAILABLE.get(code & 0xFF)
        return StatementRefused(str(cause)) if why is None else Unavailable(f"{why} ({self.path}): {cause}")

    def lock_schema(self, connection: Connection) -> None:
        """Begin a transaction; `exclusive` keeps other processes out already.

        Foreign keys are not enforced meanwhile: a table that others refer to could not be rebuilt otherwise
        (https://sqlite.org/lang_altertable.html, part 7).
        """
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def unlock_schema(self, connection: Connection) -> None:
        """Enable the enforcement of foreign keys again."""
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")

    @asynccontextmanager
    async def singleton(self, name: str, patience: float = 0) -> AsyncIterator[SingletonLock]:
        """Take any lock: the process that has the file is the only one."""
        del name, patience
        yield SingletonLock(held=True)

    @asynccontextmanager
    async def exchange(
        self, receive: Callable[[str], None]
    ) -> AsyncIterator[Callable[[Sequence[str]], Awaitable[None]]]:
        """Connect with nobody: there is no other process."""
        del receive

        async def publish(_texts: Sequence[str]) -> None:
            """Publish to nobody."""

        yield publish

    async def scrub(self) -> bool:
        """Write the write-ahead log back into the file and truncate it: it still holds pages with the deleted data."""
        async with self.writing() as driver:
            await driver.execute("PRAGMA busy_timeout = 50")  # the writer waits for readers no longer than that
            try:
                ((is_busy, _, _),) = await self.fetch(driver, "PRAGMA wal_checkpoint(TRUNCATE)", ())
            finally:
                await driver.execute(f"PRAGMA {_BUSY_TIMEOUT}")
        return not is_busy

    async def problems(self) -> list[str]:
        """Run SQLite's quick check of its pages (https://sqlite.org/pragma.html#pragma_quick_check)."""
        try:
            async with self.reading() as driver:
                found = [row[0] for row in await self.fetch(driver, "PRAGMA quick_check", ())]
        except sqlite3.DatabaseError as error:  # too damaged to be checked
            found = [str(error)]
        return [] if found == ["ok"] else [f"{self.path}: {line}" for line in found]

    async def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()

    def _read_only(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True, isolation_level=None)
        for pragma in READER_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _run_blocking(self, work: Callable[[Connection], T]) -> T:
        url = URL.create("sqlite+pysqlite", database=str(self.path))
        # SQLAlchemy begins no transactions: `lock_schema` does.
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        event.listen(engine, "connect", _prepare)
        with engine.connect() as connection:
            return work(connection)


def _without_link(path: Path) -> Path:
    """Return the file behind a symbolic link: SQLite puts its log beside that, so the lock stands there, too."""
    return path.resolve() if path.is_symlink() else path


def lock_file(database: Path) -> int:
    """Lock the file `NAME.lock` beside a database; return its descriptor, which unlocks it when it is closed.

    The kernel closes it when the process dies. The file itself stays: if it were removed, two processes could lock two
    files of one name. Raises InUse where another process has the lock.
    """
    descriptor = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace") or "unknown"
        os.close(descriptor)
        raise InUse(f"{database} is in use by another huifang, process {holder}: stop that one first") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in WRITER_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
