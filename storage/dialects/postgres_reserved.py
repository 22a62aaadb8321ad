"""A connection of the pool while it is in use; one that turns out dead before anything was done over it is replaced.

Pooled connections die unnoticed: the server restarts or ends them, or this process was paused and has not read yet what
happened meanwhile. A statement finds out, and has had no effect.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.dialects.postgres_links import PostgresLinks
from storage.model.errors import CommitInDoubt, ConnectionLost, Unavailable

__all__ = ["CONNECTIONS", "UNREACHABLE", "ReservedLink", "reserved"]

T = TypeVar("T")

CONNECTIONS = 8
"""Connections that the pool keeps at most; so many can have died at the same time."""
_UNDO = 1.0
"""Seconds for a rollback; where it takes longer, the connection ends, and the server undoes its transaction."""

UNREACHABLE = (
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
"""Errors after which the database counts as away; those of `asyncpg.DataError` are about a value."""


class ReservedLink:
    """A connection from the pool, for one transaction or for reads; made by `reserved`."""

    def __init__(self, links: PostgresLinks, connection: AsyncConnection) -> None:
        self._links, self._connection = links, connection
        self._link: asyncpg.Connection | None = None
        self._has_begun = False

    async def begin(self) -> None:
        """Begin a transaction."""
        await self.ask(lambda link: link.execute("BEGIN"))
        self._has_begun = True

    async def commit(self) -> None:
        """Commit the transaction, if there is one. Raises ConnectionLost, CommitInDoubt."""
        if not self._has_begun or self._link is None:
            return
        if self._link.is_closed():
            raise ConnectionLost("the connection to the database was lost before the commit")
        try:
            await self.ask(lambda link: link.execute("COMMIT"))
        except (*UNREACHABLE, Unavailable) as error:
            raise CommitInDoubt("the commit was cut off: whether it was saved is not known") from error
        finally:
            self._has_begun = False

    async def roll_back(self) -> None:
        """Undo the transaction, if one is under way; the server undoes that of a lost connection."""
        self._has_begun = False
        if self._link is not None and not self._link.is_closed() and self._link.is_in_transaction():
            try:
                await self._link.execute("ROLLBACK", timeout=_UNDO)
            except (*UNREACHABLE, asyncpg.PostgresError):
                self._link.terminate()

    async def ask(self, call: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """Return the result of a call; outside a transaction it is repeated while the connection turns out dead.

        Raises ConnectionLost inside a transaction, and where not even a new connection lives; Unavailable.
        """
        if self._has_begun and self._link is not None:
            return await self._links.bounded(self._link, call(self._link))
        for _ in range(CONNECTIONS):
            try:
                return await self._ask_anew(call)
            except ConnectionLost:
                continue
        return await self._ask_anew(call)

    async def discard_dead(self) -> None:
        """Take a dead connection out of the pool."""
        if self._link is not None and self._link.is_closed():
            await self._connection.invalidate()

    async def _ask_anew(self, call: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        self._link = await self._live()
        return await self._links.bounded(self._link, call(self._link))

    async def _live(self) -> asyncpg.Connection:
        """Return the connection, or the next of the pool that is not known to be dead."""
        while (driver := (await self._connection.get_raw_connection()).driver_connection) is None or driver.is_closed():
            await self._connection.invalidate()
        return driver


@asynccontextmanager
async def reserved(links: PostgresLinks, engine: AsyncEngine) -> AsyncIterator[ReservedLink]:
    """Reserve a connection of the pool while the block runs."""
    async with engine.connect() as connection:
        link = ReservedLink(links, connection)
        try:
            yield link
        finally:
            await link.discard_dead()
