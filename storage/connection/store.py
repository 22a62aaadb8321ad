"""The open database: the only owner of its connections."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

from storage.connection import migrate
from storage.connection.session import Session, StatementCache
from storage.dialects import Database, SingletonLock, database

__all__ = ["Store"]

T = TypeVar("T")


class Store:
    """Transactions and reads. Made by `open`; whoever needs a connection borrows it here and nowhere else."""

    def __init__(self, opened: Database) -> None:
        self._database = opened
        self._library = StatementCache(opened)
        self._working: set[asyncio.Task[object]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Store"]:
        """Open the database of `database.url`; SQLite is migrated, PostgreSQL must have been.

        Raises ValueError for a wrong URL, InUse, SchemaMismatch, Unavailable. Everything is closed again whatever
        happens: an open connection keeps the process alive (docs/reference/promises.md).
        """
        opened = database(url)
        with opened.hold():
            store = cls(opened)
            try:
                with opened.telling():
                    await migrate.prepare(opened)
                yield store
            finally:
                await asyncio.shield(store._close())

    @property
    def is_alone(self) -> bool:
        """Return whether no other process can use this database, as with a SQLite file."""
        return self._database.migrates_itself

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in a transaction that commits, or rolls back if it raises.

        A cancelled caller does not cut it half-way, which would leave the connection inside it; it runs to its end.
        """
        task = asyncio.create_task(self._run(work))
        self._working.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Lend a session for reads; it sees what is committed."""
        with self._database.telling():
            async with self._database.reading() as driver:
                yield Session(self._library, driver)

    def singleton(self, name: str) -> AbstractAsyncContextManager[SingletonLock]:
        """Try to take a part that only one process may play, such as polling; see `SingletonLock`."""
        return self._database.singleton(name)

    async def scrub(self) -> bool:
        """Drop what was erased from the database's files, too, as far as that is ours to do; False: not just now."""
        with self._database.telling():
            return await self._database.scrub()

    async def problems(self) -> list[str]:
        """Look for damage in the files; return one sentence for each."""
        return await self._database.problems()

    async def _run(self, work: Callable[[Session], Awaitable[T]]) -> T:
        with self._database.telling():
            async with self._database.writing() as driver:
                try:
                    await self._database.begin(driver)
                    result = await work(Session(self._library, driver))
                    await self._database.commit(driver)
                except BaseException:
                    await self._database.roll_back(driver)
                    raise
                return result

    def _done(self, task: "asyncio.Task[object]") -> None:
        self._working.discard(task)
        if not task.cancelled():
            task.exception()  # somebody who was cancelled meanwhile will not ask for it

    async def _close(self) -> None:
        while self._working:
            await asyncio.wait(self._working)
        await self._database.close()
