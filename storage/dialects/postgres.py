"""PostgreSQL: any number of processes; rows are locked, leases are skipped, parts are taken by advisory lock."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext, suppress
from hashlib import blake2b
from typing import Any

import asyncpg
from sqlalchemy import URL, Column, NullPool, Table
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.rows import InputRows, UnnestRows
from storage.model.errors import Unavailable, WriteConflict

__all__ = ["Postgres"]

SERVER_SETTINGS = {
    "application_name": "huifang",
    "synchronous_commit": "on",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}
CONNECTIONS = 8
HEARTBEAT = 5.0
"""Seconds between two looks at whether a part is still ours, and how long such a look may take."""

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


class Postgres(Database):
    """A database on a server."""

    migrates_itself = False

    def __init__(self, url: URL) -> None:
        self.engine = _engine(url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=HEARTBEAT)
        self._seats = _engine(url, poolclass=NullPool)
        self.dialect = self.engine.dialect

    def hold(self) -> AbstractContextManager[None]:
        """Let everybody in."""
        return nullcontext()

    async def close(self) -> None:
        """Close the pool."""
        await self._seats.dispose()
        await self.engine.dispose()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Driver]:
        """Lend a live connection; those that a restarted server has cut are thrown away."""
        while True:
            async with self.engine.connect() as connection:
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
        """Lend a connection; one statement at a time sees what is committed."""
        return self.writing()

    async def begin(self, driver: Driver) -> None:
        """Begin; READ COMMITTED, what must not change meanwhile is locked by row."""
        await driver.execute("BEGIN")

    async def commit(self, driver: Driver) -> None:
        """Commit, unless the last statements have done so."""
        if driver.is_in_transaction():
            await driver.execute("COMMIT")

    async def roll_back(self, driver: Driver) -> None:
        """Undo; a connection that is gone has undone it."""
        if not driver.is_closed() and driver.is_in_transaction():
            await driver.execute("ROLLBACK")

    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement."""
        found: Sequence[SqlRow] = await driver.fetch(sql, *arguments)
        return found

    async def many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run it once, each column as an array; the answer reads `UPDATE 3` or `INSERT 0 3`."""
        answer: str = await driver.execute(sql, *columns)
        return int(answer.rsplit(" ", 1)[1])

    def rows(self, table: Table, columns: Sequence[Column[Any]]) -> InputRows:
        """Stand for arrays."""
        return UnnestRows(table, columns)

    def translate(self, error: BaseException) -> BaseException:
        """Tell by the driver's classes; a value that cannot be stored is the caller's, not the connection's."""
        cause = getattr(getattr(error, "orig", None), "__cause__", None) or error
        if isinstance(cause, _CONFLICTS):
            return WriteConflict(str(cause))
        if isinstance(cause, asyncpg.DataError) or not isinstance(cause, _UNREACHABLE):
            return error
        return Unavailable(f"the database cannot be used: {cause or type(cause).__name__}")

    def lock_schema(self, connection: Connection) -> None:
        """Begin, and wait until nobody else migrates."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_number('migrate')})")

    def unlock_schema(self, connection: Connection) -> None:
        """Nothing is left to undo: what was set ended with the transaction."""

    @asynccontextmanager
    async def singleton(self, name: str) -> AsyncIterator[SingletonLock]:
        """Take an advisory lock on a connection of its own; losing the connection loses the part."""
        async with self._seats.connect() as connection:
            driver = await _driver(connection)
            seat = SingletonLock(held=await driver.fetchval("SELECT pg_try_advisory_lock($1)", _number(name)))
            driver.add_termination_listener(lambda _: seat.lost.set())
            watch = asyncio.create_task(_watch(driver, seat))
            try:
                yield seat
            finally:
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch
                await connection.invalidate()

    async def problems(self) -> list[str]:
        """Find nothing: the server looks after its pages."""
        return []


async def _watch(driver: Driver, seat: SingletonLock) -> None:
    """Ask now and then: a server behind a cut cable says nothing."""
    while not seat.lost.is_set():
        try:
            await driver.fetchval("SELECT 1", timeout=HEARTBEAT)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            seat.lost.set()
        await asyncio.sleep(HEARTBEAT)


def _engine(url: URL, **pool: Any) -> AsyncEngine:  # noqa: ANN401 - options of the pool
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}  # libpq's name for it
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query=query),
        isolation_level="AUTOCOMMIT",  # transactions are ours
        connect_args={"server_settings": SERVER_SETTINGS, "timeout": HEARTBEAT},
        **pool,
    )


async def _driver(connection: AsyncConnection) -> Driver:
    return (await connection.get_raw_connection()).driver_connection


def _number(name: str) -> int:
    """Return the number under which a part is locked: advisory locks have 64 bits, not names."""
    return int.from_bytes(blake2b(f"huifang {name}".encode(), digest_size=8).digest(), "big", signed=True)
