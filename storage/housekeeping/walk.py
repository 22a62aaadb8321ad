"""A table read in the order of its key, a portion at a time and outside the writer, so that nobody waits for it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from sqlalchemy import Integer, Select, bindparam

from storage.connection.store import Store

__all__ = ["LIMIT", "PORTION", "walk"]

PORTION = 100
"""Rows that are read at once, and so the most that one commit deletes: a few milliseconds."""
LIMIT = bindparam("limit", type_=Integer())


async def walk(
    store: Store, page: Select[Any], start: str | int, goes_on: Callable[[], bool], **values: object
) -> AsyncIterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table in portions.

    `page` selects the key first, in its order, at most `limit` rows behind the key `after`; `goes_on` is asked before
    each portion.
    """
    after = start
    while goes_on():
        async with store.reading() as session:
            rows = await session.fetch(page, after=after, limit=PORTION, **values)
        if rows:
            yield rows
        if len(rows) < PORTION:
            return
        after = rows[-1][0]
