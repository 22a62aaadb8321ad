"""Tables read slice by slice: no statement sees more than a slice, however many rows there are."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Integer, Select, bindparam, select, tuple_

from scoring.values import Value
from storage.connection.store import Store

__all__ = ["MIDDLE", "KeyOrder", "Slice"]

_ROWS = 10_000
"""Rows of a slice: some ten milliseconds of reading, and far below the time that a server allows a statement."""


class Slice(Value):
    """A range of keys: behind `after`, up to `until` and with it; None: from the first row, to the last."""

    after: tuple[Any, ...] | None = None
    until: tuple[Any, ...] | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of `KeyOrder.within`."""
        ends = {"after": self.after, "until": self.until}
        return {f"{end}_{place}": item for end, key in ends.items() for place, item in enumerate(key or ())}

    @property
    def outline(self) -> "Slice":
        """Return a slice with the same ends and other keys; statements over both are the same."""
        return Slice(self.after and ("",), self.until and ("",))


MIDDLE = Slice(("",), ("",))
"""A slice that neither begins nor ends its table, for the statement that reads one."""


class KeyOrder:
    """The order of a table's rows by the columns of an index; `where` is the condition of a partial one.

    To cut it into slices a database reads only the index. Rows are left out from the first on that does not meet
    `before`, a condition of the key.
    """

    def __init__(
        self,
        *key: Column[Any],
        where: ColumnElement[Any] | None = None,
        before: ColumnElement[Any] | None = None,
    ) -> None:
        self._key = key
        self._where, self._before = (() if each is None else (each,) for each in (where, before))
        self._bounded = cache(self._bounds)
        self._portioned = cache(self._portion)
        self.end = cache(self._end)

    async def slices(self, store: Store, rows: int = _ROWS, **values: object) -> AsyncIterator[Slice]:
        """Yield slices of so many rows that together hold every row; `values` are parameters of `before`."""
        after: tuple[Any, ...] | None = None
        while True:
            here = Slice(after).parameters
            async with store.reading() as session:
                found = await session.fetch(self.end(after is None), **here, **values, behind=rows - 1)
            until = found[0] if found else None
            yield Slice(after, until)
            if until is None:
                return
            after = until

    def within(self, statement: Select[Any], part: Slice = MIDDLE) -> Select[Any]:
        """Return a statement over the rows of a slice: the same object for each slice in the middle of the table."""
        return self._bounded(statement, part.after is None, part.until is None)

    def portion(self, statement: Select[Any], part: Slice = MIDDLE) -> Select[Any]:
        """Return a statement over the first rows of a slice, `limit` at most.

        In their order: PostgreSQL guesses that far more keys lie between two, and would rather read the whole table.
        """
        return self._portioned(self.within(statement, part))

    def _portion(self, statement: Select[Any]) -> Select[Any]:
        return statement.order_by(*self._key).limit(bindparam("limit", type_=Integer()))

    def _bounds(self, statement: Select[Any], is_first: bool, is_last: bool) -> Select[Any]:  # noqa: FBT001 (keys of a cache)
        place = tuple_(*self._key)
        bounded = statement.where(*self._where)
        if not is_first:
            bounded = bounded.where(place > tuple_(*self._limits("after")))
        # Not both: of two upper limits a database may search by the wider one, and read far more than a slice.
        return bounded.where(*self._before) if is_last else bounded.where(place <= tuple_(*self._limits("until")))

    def _limits(self, end: str) -> list[BindParameter[Any]]:
        return [bindparam(f"{end}_{place}", type_=column.type) for place, column in enumerate(self._key)]

    def _end(self, is_first: bool) -> Select[Any]:  # noqa: FBT001 (as above)
        every = self._bounds(select(*self._key), is_first, is_last=True)
        return every.order_by(*self._key).limit(1).offset(bindparam("behind", type_=Integer()))
