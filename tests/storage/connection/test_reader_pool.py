"""Connections that read an SQLite file, and what a cancelled read leaves of them."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage.dialects.sqlite_readers import ReaderPool


async def _read(pool: ReaderPool) -> list[tuple[int]]:
    async with pool.connection() as connection:
        return [(number,) for (number,) in await connection.execute_fetchall("SELECT n FROM numbers")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with a table of one number."""
    with closing(sqlite3.connect(tmp_path / "read.db")) as made, made:
        made.execute("CREATE TABLE numbers (n INTEGER)")
        made.execute("INSERT INTO numbers VALUES (7)")
    return tmp_path / "read.db"


async def given_up(pool: ReaderPool, turns: int) -> None:
    """Start a read and cancel it after so many turns of the loop."""
    reading = asyncio.ensure_future(_read(pool))
    for _ in range(turns):
        await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8])
async def test_a_connection_whose_read_was_given_up_serves_the_next_one(path: Path, turns: int) -> None:
    pool = ReaderPool(path, ("query_only = 1",), 1)
    await given_up(pool, turns)
    assert await _read(pool) == [(7,)]
    await pool.close()


def test_where_the_loop_ends_behind_a_read_given_up_no_thread_answers_to_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, before = list[str](), set(threading.enumerate())
    monkeypatch.setattr(threading, "excepthook", lambda wrong: broken.append(repr(wrong.exc_value)))

    async def ends(turns: int) -> None:
        pool = ReaderPool(path, ("query_only = 1",), 1)
        await given_up(pool, turns)
        await pool.close()

    for turns in [1, 2, 3, 4, 5, 6] * 20:
        asyncio.run(ends(turns))
    for one in set(threading.enumerate()) - before:
        one.join(10)
    assert broken == []
