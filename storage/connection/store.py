"""The open database, which owns all its connections."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from storage.connection import migrate
from storage.connection.session import Session, StatementCache
from storage.dialects import Database, SingletonLock, database

__all__ = ["Store"]

T = TypeVar("T")


class Store:
    """Transactions, reads and locks on an open database; made by `open`."""

    def __init__(self, opened: Database, url: str = "") -> None:
        self.url = url
        self._database = opened
        self._library = StatementCache(opened)
        self._working: set[asyncio.Future[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Store"]:
        """Open the database of `database.url`: SQLite is migrated, PostgreSQL has to be up to date.

        Raises ValueError for a wrong URL, InUse where another process has the SQLite file, SchemaMismatch for tables of
        another version, Unavailable where the database cannot be reached. All connections are closed in the end: an
        open one keeps the process alive (docs/reference/hazards.md).
        """
        opened = database(url)
        with opened.exclusive():
            store = cls(opened, url)
            try:
                with opened.translated_errors():
                    await migrate.prepare(opened)
                yield store
            finally:
                await asyncio.shield(store._close())

    @classmethod
    @asynccontextmanager
    async def beside(cls, url: str) -> AsyncIterator["Store"]:
        """Open a database to compute something large, beside the process that has it and has prepared its tables.

        Nothing is written; on PostgreSQL a statement may take long, since nobody else waits for these connections.
        Raises ValueError for a wrong URL.
        """
        store = cls(database(url, computes=True), url)
        try:
            yield store
        finally:
            await asyncio.shield(store._close())

    @property
    def is_alone(self) -> bool:
        """Return whether no other process can use this database, as with a SQLite file."""
        return self._database.migrates_itself

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in a transaction and return its result; commit at its end, roll back if it raises.

        The calling task must be one that nobody cancels, such as the writer's: cut while it commits, what is saved
        would be in doubt. Raises WriteConflict, Unavailable, and whatever `work` raises.
        """
        ended = asyncio.get_running_loop().create_future()
        self._working.add(ended)
        try:
            return await self._run(work)
        finally:
            self._working.discard(ended)
            ended.set_result(None)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Reserve a session for reads; it sees what is committed. Raises Unavailable."""
        with self._database.translated_errors():
            async with self._database.reading() as driver:
                yield Session(self._library, driver)

    @asynccontextmanager
    async def singleton(self, name: str, patience: float = 0) -> AsyncIterator[SingletonLock]:
        """Try for `patience` seconds to take the lock of a task that one process at a time may do; see `SingletonLock`.

        Raises Unavailable; what the block raises passes as it is.
        """
        async with AsyncExitStack() as stack:
            with self._database.translated_errors():
                lock = await stack.enter_async_context(self._database.singleton(name, patience))
            yield lock

    @asynccontextmanager
    async def exchange(
        self, receive: Callable[[str], None]
    ) -> AsyncIterator[Callable[[Sequence[str]], Awaitable[None]]]:
        """Connect with the other processes on this database; see `Database.exchange`. Raises Unavailable."""
        with self._database.translated_errors():
            async with self._database.exchange(receive) as publish:
                yield publish

    def give_up(self) -> None:
        """End whatever waits for the database, where that is possible: it fails at once."""
        self._database.give_up()

    async def scrub(self) -> bool:
        """Erase deleted data from the database's files, too, where they are this process's own.

        Return whether that was possible; False where a reader prevents it at the moment. Raises Unavailable.
        """
        with self._database.translated_errors():
            return await self._database.scrub()

    async def problems(self) -> list[str]:
        """Check the database for damage; return one sentence for each damage found."""
        return await self._database.problems()

    async def _run(self, work: Callable[[Session], Awaitable[T]]) -> T:
        with self._database.translated_errors():
            async with self._database.writing() as driver:
                try:
                    await self._database.begin(driver)
                    session = Session(self._library, driver)
                    result = await work(session)
                    if not session.is_committed:
                        await self._database.commit(driver)
                except BaseException:
                    await self._database.roll_back(driver)
                    raise
                return result

    async def _close(self) -> None:
        while self._working:
            await asyncio.wait(self._working)
        await self._database.close()
