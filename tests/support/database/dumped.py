"""All that a database holds, row by row, so that two moments of it can be compared."""

from sqlalchemy import select

from storage.connection.store import Store
from storage.schema import tables as t

__all__ = ["dumped"]

_DICTIONARIES = ("rated_items", "rating_cuts", "surveys", "rating_deltas", "figure_changes", "figure_days")
"""Tables that only name things, changes that are not added up yet, and counts of changes."""
_REGISTER = ("imports", "import_chunks", "import_claims", "notes", "audit")


async def dumped(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table that is neither a dictionary nor the register of imports itself."""
    async with store.reading() as session:
        return {
            table.name: sorted(await session.fetch(select(*table.columns)), key=repr)
            for table in t.METADATA.sorted_tables
            if table.name not in (*_DICTIONARIES, *_REGISTER)
        }
