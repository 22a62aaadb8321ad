"""PostgreSQL: any number of processes, with row locks, SKIP LOCKED for leases, and advisory locks for singletons."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext, suppress
from hashlib import blake2b
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ARRAY, URL, Column, NullPool, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.rows import InputRows, Values
from storage.model.errors import Unavailable, WriteConflict

__all__ = ["Postgres"]

T = TypeVar("T")

SERVER_SETTINGS = {
    "application_name": "huifang",
    "synchronous_commit": "on",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}
CONNECTIONS = 8
HEARTBEAT = 5.0
"""Seconds between two checks that a singleton lock is still held, and the time limit of such a check."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CONFLICTS = (
    asyncpg.UniqueViolationError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
_UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresIOError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


class UnnestRows(InputRows):
    """One execution for all rows, each column an array: several times as fast as one execution per row."""

    def __init__(self, table: Table, columns: Sequence[Column[Any]]) -> None:
        self.table = table
        arrays = (bindparam(f"new_{column.name}", type_=ARRAY(column.type)) for column in columns)
        names = [Column(column.name, column.type) for column in columns]
        unnest = func.unnest(*arrays).table_valued(*names, with_ordinality="place", name="new").render_derived()
        self.c = {column.name: unnest.c[column.name] for column in columns}
        self._place = unnest.c.place

    def insert(self, values: Values, *, is_shuffled: bool = False) -> postgresql.Insert:
        """Return the INSERT of all rows, in the order given or in random order."""
        ordered = select(*values.values()).order_by(func.random() if is_shuffled else self._place)
        return postgresql.insert(self.table).from_select(list(values), ordered)


class Postgres(Database):
    """A database on a server."""

    migrates_itself = False

    def __init__(self, url: URL) -> None:
        self._engine = _engine(url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=HEARTBEAT)
        self._seats = _engine(url, poolclass=NullPool)
        self.dialect = self._engine.dialect

    def exclusive(self) -> AbstractContextManager[None]:
        """Allow every process: nothing is held."""
        return nullcontext()

    async def close(self) -> None:
        """Close the pool and the connections of the singleton locks."""
        await self._seats.dispose()
        await self._engine.dispose()

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns; the connection is driven by the event loop."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Driver]:
        """Reserve a live connection; discard those that a restarted server has closed."""
        while True:
            async with self._engine.connect() as connection:
                driver = await _driver(connection)
                if not driver.is_closed():
                    try:
                        yield driver
                    finally:
                        if driver.is_closed():
                            await connection.invalidate()
                    return
                await connection.invalidate()

    def reading(self) -> AbstractAsyncContextManager[Driver]:
        """Reserve a connection; outside a transaction each statement sees what is committed when it begins."""
        return self.writing()

    async def begin(self, driver: Driver) -> None:
        """Begin a READ COMMITTED transaction: rows that must not change meanwhile are locked one by one."""
        await driver.execute("BEGIN")

    async def commit(self, driver: Driver) -> None:
        """Commit the transaction, unless its last statements have committed it."""
        if driver.is_in_transaction():
            await driver.execute("COMMIT")

    async def roll_back(self, driver: Driver) -> None:
        """Undo the transaction, if one is under way; the server undoes that of a lost connection."""
        if not driver.is_closed() and driver.is_in_transaction():
            await driver.execute("ROLLBACK")

    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement and return its rows."""
        found: Sequence[SqlRow] = await driver.fetch(sql, *arguments)
        return found

    async def execute_many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run the statement once, each column as an array; return the count of its command tag.

        The tag is `UPDATE 3` or `INSERT 0 3` (https://www.postgresql.org/docs/current/protocol-message-formats.html,
        CommandComplete).
        """
        command_tag: str = await driver.execute(sql, *columns)
        return int(command_tag.rsplit(" ", 1)[1])

    def rows(self, table: Table, columns: Sequence[Column[Any]]) -> InputRows:
        """Return placeholders over arrays, one array for each column."""
        return UnnestRows(table, columns)

    def translate(self, error: BaseException) -> BaseException:
        """Translate by the class of the driver's error.

        A DataError stays what it is: it is about the value, and trying again would not help.
        """
        cause = getattr(getattr(error, "orig", None), "__cause__", None) or error
        if isinstance(cause, _CONFLICTS):
            return WriteConflict(str(cause))
        if isinstance(cause, asyncpg.DataError) or not isinstance(cause, _UNREACHABLE):
            return error
        return Unavailable(f"the database cannot be used: {cause or type(cause).__name__}")

    def lock_schema(self, connection: Connection) -> None:
        """Begin a transaction with the lock of migrations, waiting for it without a limit."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_number('migrate')})")

    def unlock_schema(self, connection: Connection) -> None:
        """Reset nothing: SET LOCAL and the lock have ended with the transaction."""

    @asynccontextmanager
    async def singleton(self, name: str) -> AsyncIterator[SingletonLock]:
        """Try to take an advisory lock on a connection of its own; the lock ends with the connection."""
        async with self._seats.connect() as connection:
            driver = await _driver(connection)
            lock = SingletonLock(held=await driver.fetchval("SELECT pg_try_advisory_lock($1)", _number(name)))
            driver.add_termination_listener(lambda _: lock.lost.set())
            watch = asyncio.create_task(_watch(driver, lock))
            try:
                yield lock
            finally:
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch
                await connection.invalidate()

    async def problems(self) -> list[str]:
        """Return nothing: checking pages is the server's task."""
        return []


async def _watch(driver: Driver, lock: SingletonLock) -> None:
    """Query the server every few seconds: nothing reports a connection that was cut without a word."""
    while not lock.lost.is_set():
        try:
            await driver.fetchval("SELECT 1", timeout=HEARTBEAT)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            lock.lost.set()
        await asyncio.sleep(HEARTBEAT)


def _engine(url: URL, **pool: Any) -> AsyncEngine:  # noqa: ANN401 - options of the pool
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}  # libpq's name for it
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query=query),
        isolation_level="AUTOCOMMIT",  # SQLAlchemy begins no transactions: `begin` does
        connect_args={"server_settings": SERVER_SETTINGS, "timeout": HEARTBEAT},
        **pool,
    )


async def _driver(connection: AsyncConnection) -> Driver:
    return (await connection.get_raw_connection()).driver_connection


def _number(name: str) -> int:
    """Return the 64-bit key of an advisory lock, which has no name, only a number."""
    return int.from_bytes(blake2b(f"huifang {name}".encode(), digest_size=8).digest(), "big", signed=True)
