"""Lists of keys, of any length, as parameters of a statement that stays prepared.

A statement has one text for no key, one for a single key and one for any more. A customer who answers alone is looked
up by one key, and to take apart a list of one costs more than that; of a list of none the database skips what hangs on
it.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Dialect, Integer, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.schema.column_types import Instant, instant_text

__all__ = ["KEY_COUNTS", "Keys", "among", "mentions", "spread_keys"]

KEY_COUNTS = "key_counts"
"""The option of SQLAlchemy's compiler that says how many keys lists hold, by their parameters: 0, 1, or any number."""


class Keys(TypeDecorator[Any]):
    """Keys of `width` columns: an array on PostgreSQL where one column is enough, JSON text otherwise."""

    impl = Text
    cache_ok = True

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the parameter's type on this database."""
        return ARRAY(Text()) if self._fits_array(dialect) else Text()

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Return the function that encodes the keys for the driver."""
        if self._fits_array(dialect):
            return list
        if self.width == 1:
            return lambda keys: msgspec.json.encode(list(keys)).decode()
        return lambda keys: msgspec.json.encode([tuple(map(_as_stored, key)) for key in keys]).decode()

    def _fits_array(self, dialect: Dialect) -> bool:
        return dialect.name == "postgresql" and self.width == 1


class among(ColumnElement[bool]):  # noqa: N801 - reads as an operator
    """`among("ids", table.c.id)`: the row's key is one of those given as parameter `ids`."""

    # The class declares no Boolean type: for SQLite SQLAlchemy would append `= 1`, and the index would not be used.
    inherit_cache = False

    def __init__(self, name: str, *columns: ColumnElement[Any]) -> None:
        self.columns = columns
        self.given = bindparam(name, type_=Keys(len(columns)))
        self.items = [bindparam(_item_name(name, place), type_=_kept_as(c)) for place, c in enumerate(columns)]


class mentions(among):  # noqa: N801 - reads as an operator
    """`mentions("words", table.c.text)`: the text contains one of the words given as parameter `words`."""

    inherit_cache = False


def spread_keys(name: str, keys: Collection[Any]) -> dict[str, Any]:
    """Return the parameters of the text for a single key: an item for each of its columns."""
    (key,) = keys
    if not isinstance(key, tuple):
        return {_item_name(name, 0): key}
    return {_item_name(name, place): item for place, item in enumerate(key)}


@compiles(among, "sqlite")
def _among_json(element: among, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    if (known := _few(element, compiler, kw)) is not None:
        return known
    given, columns = _processed(element, compiler, kw)
    if len(columns) == 1:
        return f"{columns[0]} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - our names, a placeholder
    items = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    return f"({', '.join(columns)}) IN (SELECT {items} FROM json_each({given}))"  # noqa: S608 - as above


@compiles(among, "postgresql")
def _among_array(element: among, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    if (known := _few(element, compiler, kw)) is not None:
        return known
    given, columns = _processed(element, compiler, kw)
    if len(columns) == 1:
        return f"{columns[0]} = ANY ({given})"
    items = ", ".join(_item(place, column) for place, column in enumerate(element.columns))
    return f"({', '.join(columns)}) IN (SELECT {items} FROM jsonb_array_elements({given}::jsonb) AS k)"  # noqa: S608 - as above


@compiles(mentions, "sqlite")
def _mentions_json(element: mentions, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, (column,) = _processed(element, compiler, kw)
    return f"EXISTS (SELECT 1 FROM json_each({given}) AS word WHERE instr({column}, word.value) > 0)"  # noqa: S608 - as above


@compiles(mentions, "postgresql")
def _mentions_array(element: mentions, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, (column,) = _processed(element, compiler, kw)
    return f"EXISTS (SELECT 1 FROM unnest({given}) AS word WHERE strpos({column}, word) > 0)"  # noqa: S608 - as above


def _few(element: among, compiler: Any, kw: dict[str, Any]) -> str | None:  # noqa: ANN401 - as above
    """Return the condition for no key or a single one, None where there may be more."""
    match kw.get(KEY_COUNTS, {}).get(element.given.key):
        case 0:
            return "1 = 0"
        case 1:
            pairs = zip(element.columns, element.items, strict=True)
            equal = (f"{compiler.process(column, **kw)} = {compiler.process(item, **kw)}" for column, item in pairs)
            return f"({' AND '.join(equal)})"
        case _:
            return None


@cache
def _item_name(name: str, place: int) -> str:
    return f"{name}_item_{place}"


def _kept_as(column: ColumnElement[Any]) -> TypeEngine[Any]:
    """Return the type of an item: keys come as the plain values that the database holds, and as instants."""
    return column.type if isinstance(column.type, Instant | Integer) else Text()


def _item(place: int, column: ColumnElement[Any]) -> str:
    match column.type:
        case Instant():
            return f"(k ->> {place})::timestamptz"
        case Integer():
            return f"(k ->> {place})::integer"
        case _:
            return f"k ->> {place}"


def _as_stored(item: object) -> object:
    """Return an instant as the text that SQLite stores, which equals it character by character."""
    return instant_text(item) if isinstance(item, datetime) else item


def _processed(element: among, compiler: Any, kw: dict[str, Any]) -> tuple[str, list[str]]:  # noqa: ANN401 - as above
    return compiler.process(element.given, **kw), [compiler.process(column, **kw) for column in element.columns]
