"""A walk over all records of a kind in the order of a key, page by page: memory stays the same however many there are.

The place at which a walk stands is plain JSON, so that another process can go on from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, tuple_

from scoring.values import Value
from storage.bulk.snapshot_session import SnapshotSession
from storage.schema.column_types import CompactInstant, Instant, instant_text
from storage.unit_of_work.selects import all_of

__all__ = ["TableWalk", "WalkPlace", "WalkedPage"]

T = TypeVar("T")
WalkPlace = tuple[str | int, ...]
"""The key of the last record that was read; moments as text."""


class WalkedPage(Value, Generic[T]):
    """Records that follow each other, and the place behind them."""

    records: tuple[T, ...]
    place: WalkPlace


@dataclass(frozen=True, eq=False, slots=True)
class TableWalk(Generic[T]):
    """The records of a kind in the order of a unique key; `moment` is the column that a period is about, if any."""

    kind: type[T]
    key: tuple[ColumnElement[Any], ...]
    moment: ColumnElement[Any] | None = None

    def pages(
        self,
        session: SnapshotSession,
        span: tuple[datetime, datetime] | None,
        after: WalkPlace | None,
        most: int,
    ) -> Iterator[WalkedPage[T]]:
        """Yield the pages of a time, its end excluded, that follow a place; all of them without either."""
        place, values = after, self._span(span)
        while True:
            statement = _statement(self, is_within=bool(values), is_first=place is None)
            found = session.records(self.kind, statement, **values, **self._parameters(place), limit=most)
            if not found:
                return
            place = self._place(found[-1])
            yield WalkedPage(tuple(found), place)
            if len(found) < most:
                return

    def _span(self, span: tuple[datetime, datetime] | None) -> dict[str, datetime]:
        if span is None or self.moment is None:
            return {}
        return {"since": span[0], "until": span[1]}

    def _place(self, record: T) -> WalkPlace:
        values = (getattr(record, _field(column)) for column in self.key)
        return tuple(instant_text(value) if isinstance(value, datetime) else value for value in values)

    def _parameters(self, place: WalkPlace | None) -> dict[str, Any]:
        if place is None:
            return {}
        values: Sequence[Any] = [
            datetime.fromisoformat(str(value)) if isinstance(column.type, Instant | CompactInstant) else value
            for column, value in zip(self.key, place, strict=True)
        ]
        return {f"key_{number}": value for number, value in enumerate(values)}


@cache
def _statement(walk: TableWalk[Any], *, is_within: bool, is_first: bool) -> Select[Any]:
    """Return the statement of one page; the same object for the same page, so that it is compiled once."""
    kind: Any = walk.kind
    statement: Select[Any] = all_of(kind)
    if walk.moment is not None and is_within:
        moment = walk.moment.type
        statement = statement.where(
            walk.moment >= bindparam("since", type_=moment), walk.moment < bindparam("until", type_=moment)
        )
    if not is_first:
        given = (bindparam(f"key_{number}", type_=column.type) for number, column in enumerate(walk.key))
        statement = statement.where(tuple_(*walk.key) > tuple_(*given))
    return statement.order_by(*walk.key).limit(bindparam("limit", type_=Integer()))


def _field(column: Any) -> str:  # noqa: ANN401 - a column
    return str(column.info.get("field", column.key))
