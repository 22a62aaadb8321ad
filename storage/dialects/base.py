"""What storage asks of a database."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Dialect, Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from scoring.values import Value, field
from storage.dialects.rows import InputRows
from storage.model.errors import Unavailable

__all__ = ["Database", "Driver", "SingletonLock", "SqlRow"]

T = TypeVar("T")

Driver = Any
"""An aiosqlite or asyncpg connection.

Statements go straight to the driver: through the engine each costs four thread hops on SQLite instead of one
(docs/decisions/statements.md).
"""

SqlRow = Sequence[Any]


class SingletonLock(Value):
    """A part that only one process may play; `held` says whether it is ours, `lost` is set when it no longer is."""

    held: bool
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Database(ABC):
    """One database: its connections, its texts, its errors. `migrates_itself` at every start."""

    migrates_itself: bool
    file: Path | None = None
    """The file, where it is one."""
    dialect: Dialect
    engine: AsyncEngine

    @abstractmethod
    def hold(self) -> AbstractContextManager[None]:
        """Keep other processes out where only one may be in; raise InUse if one is."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection."""

    @abstractmethod
    def writing(self) -> AbstractAsyncContextManager[Driver]:
        """Lend a connection for one transaction."""

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[Driver]:
        """Lend a connection for reads."""

    @abstractmethod
    async def begin(self, driver: Driver) -> None:
        """Begin a transaction that will write."""

    @abstractmethod
    async def roll_back(self, driver: Driver) -> None:
        """Undo whatever transaction is under way; does nothing when there is none."""

    @abstractmethod
    async def commit(self, driver: Driver) -> None:
        """Make the transaction last, unless its last statements have done so."""

    async def together(self, driver: Driver, work: Callable[[Driver], Coroutine[Any, Any, T]]) -> T:
        """Run statements that wait for nothing but each other, at the least cost."""
        return await work(driver)

    @abstractmethod
    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement and return its rows."""

    @abstractmethod
    async def many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run a statement built over `rows` for rows given as columns; return how many rows of the table it touched."""

    @abstractmethod
    def rows(self, table: Table, columns: Sequence[Column[Any]]) -> InputRows:
        """Return what stands for incoming rows while a statement is built."""

    @abstractmethod
    def translate(self, error: BaseException) -> BaseException:
        """Return our error for the driver's, or the same where it is not about rows or reachability."""

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Raise our errors in place of the driver's."""
        try:
            yield
        except PoolTimeout as error:
            raise Unavailable("the database is busy: no connection came free in time") from error
        except Exception as error:
            if (ours := self.translate(error)) is error:
                raise
            raise ours from error

    @abstractmethod
    def lock_schema(self, connection: Connection) -> None:
        """Begin a transaction in which nobody else migrates."""

    @abstractmethod
    def unlock_schema(self, connection: Connection) -> None:
        """Undo, after it, what `lock_schema` set on the connection."""

    @abstractmethod
    def singleton(self, name: str) -> AbstractAsyncContextManager[SingletonLock]:
        """Try to take a part that only one process may play."""

    async def scrub(self) -> bool:
        """Drop what was deleted from the files, too; False if somebody who reads kept us from it just now."""
        return True

    @abstractmethod
    async def problems(self) -> list[str]:
        """Look for damage; return one sentence for each."""
