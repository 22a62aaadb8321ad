"""SQL conditions over the items of nested values, which are stored as JSON text."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Text, bindparam

from storage.dialects.expressions import OwnSql
from storage.dialects.key_lists import Keys

__all__ = ["any_item_is", "holds_any", "item_field", "item_is", "mean_of"]


def holds_any(name: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a list of strings holds one of those given as parameter `name`."""
    return OwnSql(
        column,
        bindparam(name, type_=Keys(1)),
        sqlite="EXISTS (SELECT 1 FROM json_each({0}) h WHERE h.value IN (SELECT value FROM json_each({1})))",
        postgresql="({0})::jsonb ?| {1}",
    )


def item_field(column: ColumnElement[Any], item: str) -> ColumnElement[str]:
    """Return a field of a nested value, as text; NULL where it has none."""
    sqlite, postgresql = f"json_extract({{0}}, '$.{item}')", f"(({{0}})::jsonb ->> '{item}')"
    return OwnSql(column, sqlite=sqlite, postgresql=postgresql, type_=Text())


def item_is(column: ColumnElement[Any], item: str, *, value: bool) -> ColumnElement[bool]:
    """Return whether that field of a nested value is true, or is false; NULL where it has none."""
    word = "true" if value else "false"
    sqlite = f"(json_type({{0}}, '$.{item}') = '{word}')"
    return OwnSql(column, sqlite=sqlite, postgresql=f"((({{0}})::jsonb -> '{item}') = '{word}'::jsonb)")


def mean_of(column: ColumnElement[Any], item: int) -> ColumnElement[float]:
    """Return the mean of the number at that place in each list of a list; NULL for an empty one."""
    return OwnSql(
        column,
        sqlite=f"(SELECT avg(json_extract(value, '$[{item}]')) FROM json_each({{0}}))",  # noqa: S608 - our names
        postgresql=f"(SELECT avg((a ->> {item})::float) FROM jsonb_array_elements(({{0}})::jsonb) AS a)",  # noqa: S608 - as above
        type_=Float(),
    )


def any_item_is(column: ColumnElement[Any], item: str, *words: str) -> ColumnElement[bool]:
    """Return whether an item of a list has one of these constants in that field.

    The constants are written into the SQL unescaped, so they must not come from outside.
    """
    listed = ", ".join(f"'{word}'" for word in words)
    each = "jsonb_array_elements(({0})::jsonb) AS a"
    return OwnSql(
        column,
        sqlite=f"EXISTS (SELECT 1 FROM json_each({{0}}) WHERE json_extract(value, '$.{item}') IN ({listed}))",  # noqa: S608 - our names
        postgresql=f"EXISTS (SELECT 1 FROM {each} WHERE a ->> '{item}' IN ({listed}))",  # noqa: S608 - as above
    )
