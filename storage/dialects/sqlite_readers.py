"""The connections that read an SQLite file and cannot write to it; each lives in a thread of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import aiosqlite

from storage.model.errors import Unavailable

__all__ = ["ReaderPool"]

_WAIT = 30.0
"""Seconds that a read waits for a connection."""


class ReaderPool:
    """At most so many connections, opened when they are first needed and kept."""

    def __init__(self, path: Path, pragmas: Sequence[str], most: int) -> None:
        self._address = f"file:{quote(str(path))}?mode=ro"
        self._pragmas = pragmas
        self._free = asyncio.Semaphore(most)
        self._idle: list[aiosqlite.Connection] = []
        self._opened: list[aiosqlite.Connection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[aiosqlite.Connection]:
        """Reserve a connection; raises Unavailable where none comes free in time."""
        try:
            async with asyncio.timeout(_WAIT):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable("the database is busy: no connection came free in time") from None
        try:
            connection = self._idle.pop() if self._idle else await self._open()
            try:
                yield connection
            finally:
                self._idle.append(connection)
        finally:
            self._free.release()

    async def close(self) -> None:
        """Close every connection: an open one is a thread that keeps the process alive."""
        while self._opened:
            await self._opened.pop().close()
        self._idle.clear()

    async def _open(self) -> aiosqlite.Connection:
        """Return a new connection, opened to the end also where nobody waits any more: its thread answers here."""
        opening = asyncio.ensure_future(self._connected())
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._idle.append(await opening)
            raise

    async def _connected(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self._address, uri=True, isolation_level=None)
        self._opened.append(connection)
        for pragma in self._pragmas:
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        return connection
