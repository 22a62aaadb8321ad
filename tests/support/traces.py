"""Looks for traces of a person in every table that there is, also in those that come later."""

from sqlalchemy import select

from storage.connection.store import Store
from storage.schema.tables import METADATA

__all__ = ["traces"]

_ROWS = {table: select(*table.columns) for table in METADATA.sorted_tables}
"""Each is compiled once."""


async def traces(store: Store, *words: str) -> list[str]:
    """Return where in the database any of these words still stands: table, column, and the word."""
    found = []
    async with store.reading() as session:
        for table, statement in _ROWS.items():
            for row in await session.fetch(statement):
                found += [
                    f"{table.name}.{column.name}: {word}"
                    for column, value in zip(table.columns, row, strict=True)
                    for word in words
                    if word in _as_text(value)
                ]
    return found


def _as_text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
