"""What tables are made of: columns of our few kinds, and the constraints that go with them."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text, text

from storage.schema.types import Instant, Json, Word

__all__ = [
    "FIXED",
    "METADATA",
    "Words",
    "index",
    "key",
    "maybe_moment",
    "maybe_text",
    "moment",
    "nested",
    "number",
    "one_of",
    "table",
    "text_column",
    "unique",
    "version",
    "word",
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

Words = tuple[str, ...]

FIXED = {"fixed": True}
"""Never changes: an update that would change it fits no row. And what is not written needs no index rewritten."""


def table(name: str, *parts: Any, **options: Any) -> Table:  # noqa: ANN401 - whatever SQLAlchemy takes
    """Make a table."""
    return Table(name, METADATA, *parts, sqlite_strict=True, **options)


def key(name: str) -> Column[str]:
    """Make a text that is part of the primary key."""
    return Column(name, Text, primary_key=True)


def text_column(name: str) -> Column[str]:
    """Make a text."""
    return Column(name, Text, nullable=False)


def word(name: str, words: type[StrEnum]) -> Column[StrEnum]:
    """Make one of an enumeration's words."""
    return Column(name, Word(words), nullable=False)


def number(name: str) -> Column[int]:
    """Make a whole number."""
    return Column(name, Integer, nullable=False)


def nested(name: str, of: object) -> Column[Any]:
    """Make a nested value, as JSON text."""
    return Column(name, Json(of), nullable=False)


def moment(name: str) -> Column[Any]:
    """Make an instant."""
    return Column(name, Instant, nullable=False)


def maybe_moment(name: str) -> Column[Any]:
    """Make an instant that may be missing."""
    return Column(name, Instant)


def maybe_text(name: str) -> Column[str]:
    """Make a text that may be missing."""
    return Column(name, Text)


def version() -> tuple[Column[int], CheckConstraint]:
    """Make the version that guards against lost updates: 0 is never stored."""
    return number("version"), CheckConstraint("version > 0", name="version")


def one_of(name: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """Let a column hold these words and no others."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=name)


def index(name: str, *columns: str, where: str | None = None) -> Index:
    """Make an index, over some of the rows where `where` says which."""
    return _index(name, columns, where, is_unique=False)


def unique(name: str, *columns: str, where: str) -> Index:
    """Make an index that lets each combination stand once among these rows."""
    return _index(name, columns, where, is_unique=True)


def _index(name: str, columns: Iterable[str], where: str | None, *, is_unique: bool) -> Index:
    only = None if where is None else text(where)
    return Index(name, *columns, unique=is_unique, sqlite_where=only, postgresql_where=only)
