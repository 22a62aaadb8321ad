"""Any number of keys as one parameter: no limit on their count, and one text per statement for ever."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.schema.column_types import Instant, instant_text

__all__ = ["Keys", "among", "mentions"]


class Keys(TypeDecorator[Any]):
    """Keys of `width` columns: an array on PostgreSQL where one column is enough, JSON text otherwise."""

    impl = Text
    cache_ok = True

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the parameter's type."""
        return ARRAY(Text()) if self._fits_array(dialect) else Text()

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Convert on the way in."""
        if self._fits_array(dialect):
            return list
        if self.width == 1:
            return lambda keys: msgspec.json.encode(list(keys)).decode()
        return lambda keys: msgspec.json.encode([tuple(map(_as_stored, key)) for key in keys]).decode()

    def _fits_array(self, dialect: Dialect) -> bool:
        return dialect.name == "postgresql" and self.width == 1


class among(ColumnElement[bool]):  # noqa: N801 - reads as an operator
    """`among("ids", table.c.id)`: the row's key is one of those given as parameter `ids`."""

    inherit_cache = False  # and no Boolean: for SQLite SQLAlchemy would write `= 1` behind it, and hide the index

    def __init__(self, name: str, *columns: ColumnElement[Any]) -> None:
        self.columns = columns
        self.given = bindparam(name, type_=Keys(len(columns)))


class mentions(among):  # noqa: N801 - reads as an operator
    """`mentions("words", table.c.text)`: somewhere in the text stands one of the words given as parameter `words`."""

    inherit_cache = False


@compiles(among, "sqlite")
def _among_json(element: among, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, columns = _processed(element, compiler, kw)
    if len(columns) == 1:
        return f"{columns[0]} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - our names, a placeholder
    parts = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    return f"({', '.join(columns)}) IN (SELECT {parts} FROM json_each({given}))"  # noqa: S608 - as above


@compiles(among, "postgresql")
def _among_array(element: among, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, columns = _processed(element, compiler, kw)
    if len(columns) == 1:
        return f"{columns[0]} = ANY ({given})"
    parts = ", ".join(_part(place, column) for place, column in enumerate(element.columns))
    return f"({', '.join(columns)}) IN (SELECT {parts} FROM jsonb_array_elements({given}::jsonb) AS k)"  # noqa: S608 - as above


@compiles(mentions, "sqlite")
def _mentions_json(element: mentions, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, (column,) = _processed(element, compiler, kw)
    return f"EXISTS (SELECT 1 FROM json_each({given}) AS word WHERE instr({column}, word.value) > 0)"  # noqa: S608 - as above


@compiles(mentions, "postgresql")
def _mentions_array(element: mentions, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, (column,) = _processed(element, compiler, kw)
    return f"EXISTS (SELECT 1 FROM unnest({given}) AS word WHERE strpos({column}, word) > 0)"  # noqa: S608 - as above


def _part(place: int, column: ColumnElement[Any]) -> str:
    return f"(k ->> {place})::timestamptz" if isinstance(column.type, Instant) else f"k ->> {place}"


def _as_stored(part: object) -> object:
    """Write an instant as SQLite holds it: with all its digits, so that equal ones are equal texts."""
    return instant_text(part) if isinstance(part, datetime) else part


def _processed(element: among, compiler: Any, kw: dict[str, Any]) -> tuple[str, list[str]]:  # noqa: ANN401 - as above
    return compiler.process(element.given, **kw), [compiler.process(column, **kw) for column in element.columns]
