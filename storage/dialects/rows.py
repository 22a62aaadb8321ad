"""Many rows in one call to the driver: the placeholders over which a bulk statement is built."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["ExecutemanyRows", "InputRows", "UnnestRows"]

Values = Mapping[str, ColumnElement[Any]]


class InputRows(ABC):
    """Placeholders of input rows: `rows.c["id"]` stands for the value of `id` in each of them."""

    c: Values

    @abstractmethod
    def insert(self, values: Values, *, is_shuffled: bool = False) -> sqlite.Insert | postgresql.Insert:
        """Return the INSERT of the rows; it takes `on_conflict_do_nothing` and `on_conflict_do_update`.

        `is_shuffled`: insert in random order where the table would show the order later.
        """


class ExecutemanyRows(InputRows):
    """One execution per row (`executemany`)."""

    def __init__(self, table: Table, columns: Sequence[Column[Any]]) -> None:
        self.table = table
        # SQLAlchemy reserves a bind parameter named like a column for its own use in VALUES and SET.
        self.c = {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in columns}

    def insert(self, values: Values, *, is_shuffled: bool = False) -> sqlite.Insert:
        """Return the INSERT of one row; nothing is shuffled: a table WITHOUT ROWID has no order but its key's."""
        del is_shuffled
        return sqlite.insert(self.table).values(dict(values))


class UnnestRows(InputRows):
    """One execution for all rows, each column an array: several times as fast as one execution per row."""

    def __init__(self, table: Table, columns: Sequence[Column[Any]]) -> None:
        self.table = table
        arrays = (bindparam(f"new_{column.name}", type_=ARRAY(column.type)) for column in columns)
        names = [Column(column.name, column.type) for column in columns]
        unnest = func.unnest(*arrays).table_valued(*names, with_ordinality="place", name="new").render_derived()
        self.c = {column.name: unnest.c[column.name] for column in columns}
        self._place = unnest.c.place

    def insert(self, values: Values, *, is_shuffled: bool = False) -> postgresql.Insert:
        """Return the INSERT of all rows, in the order given or in random order."""
        ordered = select(*values.values()).order_by(func.random() if is_shuffled else self._place)
        return postgresql.insert(self.table).from_select(list(values), ordered)
