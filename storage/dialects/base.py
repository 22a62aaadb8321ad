"""The interface of a database: connections, transactions, statements, locks."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Dialect, Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import TimeoutError as PoolTimeout

from scoring.values import Value, field
from storage.dialects.rows import InputRows
from storage.model.errors import Unavailable

__all__ = ["Database", "Driver", "SingletonLock", "SqlRow"]

T = TypeVar("T")

Driver = Any
"""A connection of the driver: asyncpg's, aiosqlite's, or `storage.dialects.sqlite_thread.WriterThread`.

Statements go straight to the driver: through the engine each costs four thread hops on SQLite instead of one
(docs/decisions/statements.md).
"""

SqlRow = Sequence[Any]


class SingletonLock(Value):
    """The result of trying to take a lock that one process at a time can have.

    `held` is whether this process has it; `lost` is set when it no longer has.
    """

    held: bool
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Database(ABC):
    """One database: its connections, its SQL, its errors.

    `migrates_itself`: the tables are migrated at every start; otherwise `huifang migrate` does it, once for all
    processes.
    """

    migrates_itself: bool
    binds_row_by_row = False
    """Whether each value of each row is handed over by itself, so that each NULL costs as much as a text or more."""
    file: Path | None = None
    """The file that holds the database; None for a server's."""
    dialect: Dialect

    @abstractmethod
    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the database for this process where only one may use it.

        Raises InUse where another process holds it, Unavailable where the file cannot be opened.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""

    @abstractmethod
    def give_up(self) -> None:
        """End whatever waits for the database, where that is possible: it fails at once, and so does what follows."""

    @abstractmethod
    async def run_sync(self, work: Callable[[Connection], T], *, is_long: bool = False) -> T:
        """Return what `work` returns for a connection of SQLAlchemy's; it may block, and the event loop goes on.

        What `is_long` may take any time.
        """

    @abstractmethod
    async def inspect(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads through a connection that cannot write and sees one moment; it may take any time.

        On SQLite it blocks, for this is for a command that does nothing else.
        """

    @abstractmethod
    def writing(self) -> AbstractAsyncContextManager[Driver]:
        """Reserve a connection for one transaction."""

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[Driver]:
        """Reserve a connection for reads."""

    @abstractmethod
    async def begin(self, driver: Driver) -> None:
        """Begin a transaction that is going to write."""

    @abstractmethod
    async def roll_back(self, driver: Driver) -> None:
        """Undo the transaction under way, if there is one."""

    @abstractmethod
    async def commit(self, driver: Driver) -> None:
        """Commit the transaction, unless its last statements have committed it."""

    async def together(
        self, driver: Driver, work: Callable[[Driver], Coroutine[Any, Any, T]], *, is_look_up: bool = False
    ) -> T:
        """Run statements that await nothing but each other, in one trip to the connection where that saves time.

        `is_look_up`: they read a few rows by their keys, before anything is written. Where no other process can write
        they may see the moment before the transaction begins.
        """
        del is_look_up
        return await work(driver)

    @abstractmethod
    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement with positional arguments and return its rows."""

    @abstractmethod
    async def execute_many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run a statement that was built over `rows`, for rows given column by column.

        Return the number of rows of the table that were inserted, updated or deleted.
        """

    @abstractmethod
    def rows(self, table: Table, columns: Sequence[Column[Any]], empty: frozenset[str] = frozenset()) -> InputRows:
        """Return the placeholders of the rows that a bulk statement will be given; `empty` columns may be NULL there.

        Those are told only where `binds_row_by_row`.
        """

    @abstractmethod
    def translate(self, error: BaseException) -> BaseException:
        """Return the WriteConflict or Unavailable that a driver's error means, or else the error itself."""

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        """Translate the driver's errors: raises Unavailable and WriteConflict in their place."""
        try:
            yield
        except PoolTimeout as error:
            raise Unavailable("the database is busy: no connection came free in time") from error
        except Exception as error:
            if (translated := self.translate(error)) is error:
                raise
            raise translated from error

    @abstractmethod
    def lock_schema(self, connection: Connection) -> None:
        """Begin a transaction during which no other process migrates; wait for one that does."""

    @abstractmethod
    def unlock_schema(self, connection: Connection) -> None:
        """Reset what `lock_schema` has set on the connection, after the end of its transaction."""

    @abstractmethod
    def singleton(self, name: str, patience: float = 0) -> AbstractAsyncContextManager[SingletonLock]:
        """Try for `patience` seconds to take the lock of this name, which one process at a time can have.

        It is released at the end.
        """

    @abstractmethod
    def exchange(
        self, receive: Callable[[str], None]
    ) -> AbstractAsyncContextManager[Callable[[Sequence[str]], Awaitable[None]]]:
        """Connect with the other processes on this database.

        `receive` is called with each text that one of them publishes; the function that is yielded publishes texts of
        this one, and with none only tries the connection.
        """

    async def scrub(self) -> bool:
        """Erase deleted data from the database's files, too; False where a reader prevents that at the moment."""
        return True

    @abstractmethod
    async def problems(self) -> list[str]:
        """Check the database for damage; return one sentence for each damage found."""
