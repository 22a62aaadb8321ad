"""Fills a database by SQL of its own, on either database; through the product it takes hours."""

import asyncio
import sqlite3
from contextlib import closing

import asyncpg
from sqlalchemy import make_url

__all__ = ["count_from", "execute_all", "is_in_a_file"]


def is_in_a_file(url: str) -> bool:
    """Return whether this is a database of SQLite."""
    return url.startswith("sqlite")


def count_from(first: int, count: int, name: str, *, is_file: bool) -> str:
    """Return the SQL of a table of `count` whole numbers from `first` on, which is called as its one column is."""
    last = first + count - 1
    if not is_file:
        return f"generate_series({first}::bigint, {last}) AS {name}({name})"
    every = f"SELECT {first} AS {name} UNION ALL SELECT {name} + 1 FROM {name}s WHERE {name} < {last}"  # noqa: S608 (our own words)
    return f"(WITH RECURSIVE {name}s AS ({every}) SELECT {name} FROM {name}s)"  # noqa: S608 (as above)


async def execute_all(url: str, statements: list[str]) -> None:
    """Execute statements one after the other, at the price of everything should the machine stop."""
    if is_in_a_file(url):
        await asyncio.to_thread(_in_file, make_url(url).database or "", statements)
    else:
        await _at_server(url, statements)


def _in_file(file: str, statements: list[str]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -1000000"):
            connection.execute(f"PRAGMA {pragma}")
        for statement in statements:  # and no ANALYZE: the product never runs it
            connection.execute(statement)


async def _at_server(url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(url, statement_cache_size=0)
    try:
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
