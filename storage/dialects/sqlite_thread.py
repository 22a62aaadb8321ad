"""The connection that writes to an SQLite file, and the one thread that waits for what takes its time.

A statement that the event loop waits for costs a trip to the thread and back, 50 µs of CPU, 150 where caches are cold.
So statements that depend on nothing but each other make the trip together, BEGIN with the first and COMMIT with the
last. A few that only look rows up make none: readers of a write-ahead log wait for nobody.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

__all__ = ["WriterConnection", "WriterThread"]

T = TypeVar("T")

_PREPARED = 512
"""Statements that are kept prepared; of the 128 that the module keeps by itself, rare ones would push out others."""


class WriterConnection:
    """The connection as one thread at a time uses it: a statement runs at once, and awaiting it never suspends.

    The methods have the names that aiosqlite gives them, so that statements run here and on readers alike.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._is_to_begin = False

    def begin(self) -> None:
        """Begin a transaction with the next statement."""
        self._is_to_begin = True

    def leave(self) -> None:
        """Begin no transaction after all: it had no statement but look-ups."""
        self._is_to_begin = False

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

    def look_up(self, work: Callable[["WriterConnection"], Coroutine[Any, Any, T]]) -> T:
        """Run statements that only read, all of one moment, before a transaction that is yet to begin."""
        is_to_begin, self._is_to_begin = self._is_to_begin, False
        self._connection.execute("BEGIN")
        try:
            return _finished(work(self))
        finally:
            self._is_to_begin = is_to_begin
            if self._connection.in_transaction:  # an error of the disk has ended it
                self._connection.execute("COMMIT")

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

    def __init__(self, thread: "_Thread", connection: WriterConnection) -> None:
        self._thread, self._connection = thread, connection

    @classmethod
    async def open(cls, path: Path, pragmas: Sequence[str]) -> "WriterThread":
        """Open a connection with these pragmas in a thread of its own; raises sqlite3.Error."""
        thread = _Thread()
        try:
            return cls(thread, WriterConnection(await thread.run(lambda: _connected(path, pragmas))))
        except BaseException:
            thread.end()
            raise

    async def close(self) -> None:
        """Close the connection and end the thread: one that is left would keep the process from ending."""
        try:
            await self._thread.run(self._connection.close)
        finally:
            self._thread.end()
            self._thread.join()

    async def together(
        self, work: Callable[[WriterConnection], Coroutine[Any, Any, T]], *, is_look_up: bool = False
    ) -> T:
        """Run statements that await nothing but each other, in one trip; raises RuntimeError where they do.

        A look-up before the transaction has begun makes no trip.
        """
        if is_look_up and not self.in_transaction:
            return self._connection.look_up(work)
        return await self._thread.run(lambda: _finished(work(self._connection)))

    def begin(self) -> None:
        """Begin a transaction with the next statement."""
        self._connection.begin()

    def leave(self) -> None:
        """Begin no transaction after all."""
        self._connection.leave()

    @property
    def in_transaction(self) -> bool:
        """Return whether there is something to commit or to roll back."""
        return self._connection.in_transaction

    async def give_up(self) -> None:
        """Undo the transaction under way, if there is one."""
        await self._thread.run(self._connection.give_up)

    async def execute(self, sql: str) -> sqlite3.Cursor:
        """Run a statement without arguments and without rows."""
        return await self.together(lambda connection: connection.execute(sql))

    async def execute_fetchall(self, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """Run a statement and return its rows."""
        return await self.together(lambda connection: connection.execute_fetchall(sql, arguments))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Run a statement once per row."""
        return await self.together(lambda connection: connection.executemany(sql, rows))


class _Thread:
    """A thread that calls functions in turn; an executor of the library takes twice as long for each."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="sqlite")
        self._thread.start()

    async def run(self, function: Callable[[], T]) -> T:
        """Call a function in the thread; return or raise what it does. It is called even if nobody waits any more."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def call() -> None:
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001 - raised where it is awaited
                outcome = partial(_fail, done, error)
            else:
                outcome = partial(_succeed, done, result)
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                loop.call_soon_threadsafe(outcome)

        self._jobs.put(call)
        return await done

    def end(self) -> None:
        """End the thread after what it was given: one that is left would keep the process from ending."""
        self._jobs.put(None)

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def _work(self) -> None:
        while (call := self._jobs.get()) is not None:
            call()


def _succeed(done: asyncio.Future[T], result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[T], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)


def _connected(path: Path, pragmas: Sequence[str]) -> sqlite3.Connection:
    # The module begins no transactions: `begin` does. Looking up, the loop's thread uses it in turn with this one.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=_PREPARED)
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
