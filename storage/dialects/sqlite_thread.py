"""The connection that writes to an SQLite file, and the one thread that it lives in.

A statement that the event loop waits for costs a trip to the thread and back, some 50 µs of CPU. So statements that
depend on nothing but each other make the trip together, BEGIN with the first and COMMIT with the last.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["WriterConnection", "WriterThread"]

T = TypeVar("T")

_PREPARED = 512
"""Statements that are kept prepared; of the 128 that the module keeps by itself, rare ones would push out others."""


class WriterConnection:
    """The connection as its own thread uses it: a statement runs at once, and awaiting it never suspends.

    The methods have the names that aiosqlite gives them, so that statements run here and on readers alike.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._is_to_begin = False

    def begin(self) -> None:
        """Begin a transaction with the next statement."""
        self._is_to_begin = True

    @property
    def in_transaction(self) -> bool:
        """Return whether there is something to commit or to roll back."""
        return self._connection.in_transaction

    async def execute(self, sql: str) -> sqlite3.Cursor:
        """Run a statement without arguments and without rows."""
        self._begin()
        return self._connection.execute(sql)

    async def execute_fetchall(self, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a statement and return its rows."""
        self._begin()
        return self._connection.execute(sql, arguments).fetchall()

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Run a statement once per row."""
        self._begin()
        return self._connection.executemany(sql, rows)

    def give_up(self) -> None:
        """Undo the transaction under way, if there is one: SQLite has undone it itself when, say, the disk is full."""
        self._is_to_begin = False
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _begin(self) -> None:
        """Begin with the write lock: a deferred BEGIN fails under contention whatever busy_timeout is set."""
        if self._is_to_begin:
            self._is_to_begin = False
            self._connection.execute("BEGIN IMMEDIATE")


class WriterThread:
    """The same connection as the event loop uses it: each call is one trip to the thread. Made by `open`."""

    def __init__(self, thread: ThreadPoolExecutor, connection: WriterConnection) -> None:
        self._thread, self._connection = thread, connection

    @classmethod
    async def open(cls, path: Path, pragmas: Sequence[str]) -> "WriterThread":
        """Open a connection with these pragmas in a thread of its own; raises sqlite3.Error."""
        thread = ThreadPoolExecutor(1, "sqlite")
        try:
            opened = asyncio.get_running_loop().run_in_executor(thread, _connected, path, pragmas)
            return cls(thread, WriterConnection(await opened))
        except BaseException:
            thread.shutdown(wait=False)
            raise

    async def close(self) -> None:
        """Close the connection and end the thread: one that is left would keep the process from ending."""
        await self._trip(self._connection.close)
        self._thread.shutdown()

    async def together(self, work: Callable[[WriterConnection], Coroutine[Any, Any, T]]) -> T:
        """Run statements that await nothing but each other, in one trip; raises RuntimeError where they do."""
        return await self._trip(lambda: _finished(work(self._connection)))

    def begin(self) -> None:
        """Begin a transaction with the next statement."""
        self._connection.begin()

    @property
    def in_transaction(self) -> bool:
        """Return whether there is something to commit or to roll back."""
        return self._connection.in_transaction

    async def give_up(self) -> None:
        """Undo the transaction under way, if there is one."""
        await self._trip(self._connection.give_up)

    async def execute(self, sql: str) -> sqlite3.Cursor:
        """Run a statement without arguments and without rows."""
        return await self.together(lambda connection: connection.execute(sql))

    async def execute_fetchall(self, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a statement and return its rows."""
        return await self.together(lambda connection: connection.execute_fetchall(sql, arguments))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Run a statement once per row."""
        return await self.together(lambda connection: connection.executemany(sql, rows))

    async def _trip(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)


def _connected(path: Path, pragmas: Sequence[str]) -> sqlite3.Connection:
    # The module begins no transactions: `begin` does.
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=_PREPARED)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends to its end; raises RuntimeError for one that does suspend."""
    try:
        work.send(None)
    except StopIteration as end:
        found: T = end.value
        return found
    work.close()
    raise RuntimeError("statements that run together must await nothing else")
