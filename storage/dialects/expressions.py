"""What each database writes in its own way: reckoning with moments, numbers in a row, whether a text says anything.

SQLite keeps most moments as text, others as a number; PostgreSQL knows them as such.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text
from sqlalchemy.ext.compiler import compiles

from storage.schema.column_types import CompactInstant

__all__ = ["every_number", "has_plain_letters", "later_by", "microseconds_of"]

_MICROSECOND = timedelta(microseconds=1)


class microseconds_of(ColumnElement[int]):  # noqa: N801 - reads as a function
    """`microseconds_of(table.c.at)`: the microseconds from 1970 to a moment, as a whole number; NULL of none."""

    inherit_cache = False
    type = BigInteger()

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.is_number = isinstance(column.type, CompactInstant)


class later_by(ColumnElement[Any]):  # noqa: N801 - as above
    """`later_by(table.c.at, timedelta(days=7))`: the moment that is so much later, or earlier; of a `CompactInstant`.

    It is of the column's own type, so that it can be held against another such column by an index.
    """

    inherit_cache = False
    type = CompactInstant()

    def __init__(self, column: ColumnElement[Any], by: timedelta) -> None:
        self.column = column
        self.by = by // _MICROSECOND


class every_number(ColumnElement[str]):  # noqa: N801 - as above
    """`every_number(table.c.length)`: the numbers of a group with commas, in any order; NULL where it has none."""

    inherit_cache = False
    type = Text()

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column


class has_plain_letters(ColumnElement[bool]):  # noqa: N801 - as above
    """`has_plain_letters(table.c.contract)`: a text has a letter or a digit of ASCII; NULL of none."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column


@compiles(microseconds_of, "sqlite")
def _of_text(element: microseconds_of, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    column = compiler.process(element.column, **kw)
    if element.is_number:
        return f"{column}"
    # Of seconds with a fraction strftime rounds: 59.9999 s would be those of the next minute.
    return f"(strftime('%s', substr({column}, 1, 19)) * 1000000 + substr({column}, 21, 6))"


@compiles(microseconds_of, "postgresql")
def _of_timestamp(element: microseconds_of, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"((extract(epoch from {compiler.process(element.column, **kw)}) * 1000000)::bigint)"


@compiles(later_by, "sqlite")
def _number_plus(element: later_by, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"({compiler.process(element.column, **kw)} + {element.by})"


@compiles(later_by, "postgresql")
def _timestamp_plus(element: later_by, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"({compiler.process(element.column, **kw)} + interval '{element.by} microseconds')"


@compiles(every_number, "sqlite")
def _concatenated(element: every_number, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"group_concat({compiler.process(element.column, **kw)})"


@compiles(every_number, "postgresql")
def _aggregated(element: every_number, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"string_agg(({compiler.process(element.column, **kw)})::text, ',')"


@compiles(has_plain_letters, "sqlite")
def _globs(element: has_plain_letters, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"({compiler.process(element.column, **kw)} GLOB '*[0-9A-Za-z]*')"


@compiles(has_plain_letters, "postgresql")
def _matches(element: has_plain_letters, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"({compiler.process(element.column, **kw)} ~ '[0-9A-Za-z]')"
