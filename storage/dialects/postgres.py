"""PostgreSQL: any number of processes, with row locks, SKIP LOCKED for leases, and advisory locks for singletons."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext, suppress
from hashlib import blake2b
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ARRAY, Column, NullPool, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.postgres_address import PostgresAddress
from storage.dialects.postgres_links import DEADLINE, UNHURRIED, PostgresLinks, error_kind
from storage.dialects.postgres_reserved import CONNECTIONS, UNREACHABLE, ReservedLink, reserved
from storage.dialects.rows import InputRows, Values
from storage.model.errors import StatementRefused, Unavailable, WriteConflict

__all__ = ["Postgres"]

T = TypeVar("T")

HEARTBEAT = 5.0
"""Seconds between two checks that a singleton lock is still held."""
_ASKS_EVERY = 0.5
"""Seconds between two tries to take a singleton lock that another process has."""
_CHANNEL = "huifang"
_NOTIFY = f"SELECT pg_notify('{_CHANNEL}', text) FROM unnest($1::text[]) AS text"  # noqa: S608 (our own word)
SILENCE = 15.0
"""Seconds without such a check after which the server takes the lock from a process: it is paused, or its machine is.

From PostgreSQL 14 on; before, the kernel of a paused process keeps its connection, and with it the lock, for ever.
"""
_ENDS_SILENT_SESSIONS = (14,)
_FREE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user
AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()
AND state = 'active' AND wait_event = 'ClientRead' AND state_change < now() - interval '5 seconds'
"""
"""Ends the sessions whose client has sent a statement to be parsed and then nothing more, and counts them.

No time limit of the server ends those: it defers the one of a statement while it waits for the client's next message
(HOLD_CANCEL_INTERRUPTS in `SocketBackend`, src/backend/tcop/postgres.c), and does not count the transaction as idle. So
a process that is paused just then would keep its rows locked for as long as it is paused.
"""

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CONFLICTS = (
    asyncpg.UniqueViolationError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)


_SNAPSHOT = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
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

    def __init__(self, address: PostgresAddress, *, computes: bool = False) -> None:
        self._links = PostgresLinks(address, UNHURRIED if computes else DEADLINE)
        self._engine = _engine(
            self._links.connect, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=DEADLINE, pool_use_lifo=True
        )
        self._patient = _engine(self._links.connect_apart, poolclass=NullPool)
        self.dialect = self._engine.dialect

    def exclusive(self) -> AbstractContextManager[None]:
        """Allow every process: nothing is held."""
        return nullcontext()

    async def close(self) -> None:
        """Close the pool; takes half a second at most, whatever the server does."""
        await self._links.close()
        await self._patient.dispose()
        await self._engine.dispose()

    def give_up(self) -> None:
        """End every connection at once and make none any more: whatever is under way fails."""
        self._links.give_up()

    async def run_sync(self, work: Callable[[Connection], T], *, is_long: bool = False) -> T:
        """Return what `work` returns; the connection is driven by the event loop."""
        if is_long:
            return await _run_sync(self._patient, work)
        return await self._links.within(_run_sync(self._engine, work))

    async def inspect(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads in a transaction that is repeatable and read-only."""

        def read(connection: Connection) -> T:
            for statement in _SNAPSHOT:
                connection.exec_driver_sql(statement)
            return work(connection)

        return await self.run_sync(read, is_long=True)

    def writing(self) -> AbstractAsyncContextManager[ReservedLink]:
        """Reserve a connection; those that were closed, by a restarted server or by us, are discarded."""
        return reserved(self._links, self._engine)

    def reading(self) -> AbstractAsyncContextManager[ReservedLink]:
        """Reserve a connection; outside a transaction each statement sees what is committed when it begins."""
        return self.writing()

    async def begin(self, driver: Driver) -> None:
        """Begin a READ COMMITTED transaction: rows that must not change meanwhile are locked one by one."""
        await driver.begin()

    async def commit(self, driver: Driver) -> None:
        """Commit the transaction, unless its last statements have; raises CommitInDoubt where it is cut off."""
        await driver.commit()

    async def roll_back(self, driver: Driver) -> None:
        """Undo the transaction, if one is under way."""
        await driver.roll_back()

    async def fetch(self, driver: Driver, sql: str, arguments: SqlRow) -> Sequence[SqlRow]:
        """Run one statement and return its rows."""
        found: Sequence[SqlRow] = await driver.ask(lambda link: link.fetch(sql, *arguments))
        return found

    async def execute_many(self, driver: Driver, sql: str, columns: Sequence[SqlRow]) -> int:
        """Run the statement once, each column as an array; return the count of its command tag.

        The tag is `UPDATE 3` or `INSERT 0 3` (https://www.postgresql.org/docs/current/protocol-message-formats.html,
        CommandComplete).
        """
        command_tag: str = await driver.ask(lambda link: link.execute(sql, *columns))
        return int(command_tag.rsplit(" ", 1)[1])

    def rows(self, table: Table, columns: Sequence[Column[Any]], empty: frozenset[str] = frozenset()) -> InputRows:
        """Return placeholders over arrays, one array for each column."""
        del empty
        return UnnestRows(table, columns)

    def translate(self, error: BaseException) -> BaseException:
        """Translate by the class of the driver's error.

        A DataError is about the value: trying again would not help.
        """
        cause = getattr(getattr(error, "orig", None), "__cause__", None) or error
        if isinstance(cause, Unavailable):
            return cause
        if isinstance(cause, _CONFLICTS):
            return WriteConflict(error_kind(cause))
        is_unreachable = isinstance(cause, UNREACHABLE) and not isinstance(cause, asyncpg.DataError)
        if not is_unreachable:
            is_refused = isinstance(cause, asyncpg.PostgresError | asyncpg.InterfaceError)
            return StatementRefused(error_kind(cause)) if is_refused else error
        return Unavailable(f"the database cannot be used: {error_kind(cause)}")

    def lock_schema(self, connection: Connection) -> None:
        """Begin a transaction with the lock of migrations, waiting for it without a limit."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_number('migrate')})")

    def unlock_schema(self, connection: Connection) -> None:
        """Reset nothing: SET LOCAL and the lock have ended with the transaction."""

    @asynccontextmanager
    async def singleton(self, name: str, patience: float = 0) -> AsyncIterator[SingletonLock]:
        """Try to take an advisory lock on a connection of its own; the lock ends with the connection."""
        driver = await self._links.connect_apart(DEADLINE)
        try:
            if driver.get_server_version() >= _ENDS_SILENT_SESSIONS:
                await driver.execute(f"SET idle_session_timeout = '{SILENCE:.0f}s'")
            lock = SingletonLock(held=await _locked(driver, _number(name), patience))
            driver.add_termination_listener(lambda _: lock.lost.set())
            watch = asyncio.create_task(_watch(driver, lock))
            try:
                yield lock
            finally:
                watch.cancel()
                await asyncio.wait([watch])
        finally:
            await self._links.end([driver])

    @asynccontextmanager
    async def exchange(
        self, receive: Callable[[str], None]
    ) -> AsyncIterator[Callable[[Sequence[str]], Awaitable[None]]]:
        """Connect for LISTEN and NOTIFY, apart from the commits.

        Within them each NOTIFY would take a lock of the whole server that lasts till the commit is on the disk.
        """
        driver = await self._links.connect_apart(DEADLINE)

        def take(_driver: Driver, sender: int, _channel: str, text: object) -> None:
            if sender != driver.get_server_pid():
                receive(str(text))

        async def publish(texts: Sequence[str]) -> None:
            await driver.execute(_NOTIFY, texts)

        try:
            await driver.add_listener(_CHANNEL, take)
            yield publish
        finally:
            await self._links.end([driver])

    async def problems(self) -> list[str]:
        """Return nothing: checking pages is the server's task."""
        return []


async def _locked(driver: Driver, number: int, patience: float) -> bool:
    """Ask for a lock again and again.

    To wait for it in the server would be a statement that lasts for days, and keep old rows from being cleared away.
    """
    until = asyncio.get_running_loop().time() + patience
    while not (is_locked := await driver.fetchval("SELECT pg_try_advisory_lock($1)", number)):
        if asyncio.get_running_loop().time() >= until:
            break
        await asyncio.sleep(_ASKS_EVERY)
    return bool(is_locked)


async def _watch(driver: Driver, lock: SingletonLock) -> None:
    """Query the server every few seconds: nothing reports a connection that was cut without a word.

    The query frees the rows of processes that stand still. However this ends, the lock counts as lost: nobody would
    notice any more that it is another's.
    """
    try:
        with suppress(asyncpg.PostgresError, *UNREACHABLE):
            while not lock.lost.is_set():
                await driver.execute(_FREE)
                await asyncio.sleep(HEARTBEAT)
    finally:
        lock.lost.set()


def _engine(connect: Callable[[], Awaitable[Driver]], **pool: Any) -> AsyncEngine:  # noqa: ANN401 - options of the pool
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level="AUTOCOMMIT",  # SQLAlchemy begins no transactions: `begin` does
        **pool,
    )


async def _run_sync(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    async with engine.connect() as connection:
        return await connection.run_sync(work)


def _number(name: str) -> int:
    """Return the 64-bit key of an advisory lock, which has no name, only a number."""
    return int.from_bytes(blake2b(f"huifang {name}".encode(), digest_size=8).digest(), "big", signed=True)
