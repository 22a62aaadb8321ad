"""Reads of what people have entered: a list by pages."""

from sqlalchemy import Text, bindparam

from scoring.values import Value
from storage.connection.store import Store
from storage.model.entered_figures import EnteredFigure
from storage.reads.listings import FilteredList, Page
from storage.schema import tables as t
from storage.unit_of_work.selects import all_of

__all__ = ["EntryFilter", "EntryReads"]

_entry = t.entered_figures.c
_ALL = all_of(EnteredFigure)
_ORDER = (_entry.at, _entry.id)
_WANTED = {name: _entry[name] == bindparam(f"of_{name}", type_=Text()) for name in ("kind", "metric", "period")}
_LIST = FilteredList(EnteredFigure, _ALL, _ORDER, _WANTED)


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
        return await _LIST.page(self._store, wanted, cursor, limit)
