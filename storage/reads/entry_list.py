"""Reads of what people have entered: a list by pages."""

from typing import Any

from sqlalchemy import Text, bindparam

from scoring.values import Value
from storage.connection.store import Store
from storage.model.entered_figures import EnteredFigure
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.unit_of_work.selects import all_of

__all__ = ["EntryFilter", "EntryReads"]

_entry = t.entered_figures.c
_ALL = all_of(EnteredFigure)
_ORDER = (_entry.at, _entry.id)
_WANTED = {name: _entry[name] == bindparam(f"of_{name}", type_=Text()) for name in ("kind", "metric", "period")}


class EntryFilter(Value):
    """Which entries are wanted; empty for any."""

    kind: str = ""
    metric: str = ""
    period: str = ""


class EntryReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, wanted: EntryFilter, cursor: str | None, limit: int) -> Page[EnteredFigure]:
        """List entries in the order in which they were stored; raises ValueError for a malformed cursor."""
        names = [name for name in _WANTED if getattr(wanted, name)]
        given: dict[str, Any] = {f"of_{name}": getattr(wanted, name) for name in names}
        conditions = tuple(_WANTED[name] for name in names)
        statement = page_statement(_ALL, _ORDER, conditions, is_first=cursor is None)
        given |= {"limit": limit + 1, **cursor_parameters(cursor)}
        async with self._store.reading() as session:
            found = await session.records(EnteredFigure, statement, **given)
        return Page(tuple(found[:limit]), next_cursor([(each.at, each.id) for each in found], limit))
