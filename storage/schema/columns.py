"""Columns, indexes and constraints in the few forms that the tables use."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text, TextClause, text

from storage.schema.column_types import EnumText, Instant, NestedJson

__all__ = [
    "IMMUTABLE",
    "METADATA",
    "Strings",
    "allowed_values",
    "enum_column",
    "index",
    "instant_column",
    "integer_column",
    "json_column",
    "key_column",
    "optional_instant",
    "optional_json",
    "optional_text",
    "table",
    "text_column",
    "unique_index",
    "version_column",
]

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Strings = tuple[str, ...]

IMMUTABLE = {"fixed": True}
"""`info` of a column that never changes after the insert: an update leaves it out and matches no row where it differs.

An update that does not mention a column needs no change to the indexes over it.
"""


def table(name: str, *items: Any, **options: Any) -> Table:  # noqa: ANN401 - whatever SQLAlchemy takes
    """Return a table of the schema from its columns, constraints and indexes.

    STRICT on SQLite: without it a column takes values of any type (https://sqlite.org/stricttables.html).
    """
    return Table(name, METADATA, *items, sqlite_strict=True, **options)


def key_column(name: str) -> Column[str]:
    """Return a text column that is part of the primary key."""
    return Column(name, Text, primary_key=True)


def text_column(name: str) -> Column[str]:
    """Return a text column; empty, never NULL, where there is nothing."""
    return Column(name, Text, nullable=False)


def enum_column(name: str, values: type[StrEnum]) -> Column[StrEnum]:
    """Return a column that holds a member of an enumeration by its value; see `allowed_values`."""
    return Column(name, EnumText(values), nullable=False)


def integer_column(name: str) -> Column[int]:
    """Return a column of whole numbers."""
    return Column(name, Integer, nullable=False)


def json_column(name: str, of: object) -> Column[Any]:
    """Return a column that holds a nested value of type `of` as JSON text."""
    return Column(name, NestedJson(of), nullable=False)


def optional_json(name: str, of: object) -> Column[Any]:
    """Return a column that holds a nested value of type `of` as JSON text, or NULL."""
    return Column(name, NestedJson(of))


def instant_column(name: str) -> Column[Any]:
    """Return a column of instants."""
    return Column(name, Instant, nullable=False)


def optional_instant(name: str) -> Column[Any]:
    """Return a column of instants that may be NULL."""
    return Column(name, Instant)


def optional_text(name: str) -> Column[str]:
    """Return a text column that may be NULL, where empty and missing differ."""
    return Column(name, Text)


def version_column() -> tuple[Column[int], CheckConstraint]:
    """Return the column of optimistic locking, which guards against lost updates, and its constraint: never 0."""
    return integer_column("version"), CheckConstraint("version > 0", name="version")


def allowed_values(name: str, values: Iterable[StrEnum]) -> CheckConstraint:
    """Return the constraint that a column holds one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=name)


def index(name: str, *columns: str | TextClause, where: str | None = None) -> Index:
    """Return an index of columns, or of what is computed of them; with `where` only over the rows that fit this."""
    return _index(name, columns, where, is_unique=False)


def unique_index(name: str, *columns: str, where: str) -> Index:
    """Return a partial index that allows each combination once among the rows that fit `where`."""
    return _index(name, columns, where, is_unique=True)


def _index(name: str, columns: Iterable[str | TextClause], where: str | None, *, is_unique: bool) -> Index:
    condition = None if where is None else text(where.replace(":", r"\:"))  # a colon would begin a parameter
    return Index(name, *columns, unique=is_unique, sqlite_where=condition, postgresql_where=condition)
