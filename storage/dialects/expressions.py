"""What each database writes in its own way: reckoning with moments, numbers in a row, whether a text says anything.

SQLite keeps most moments as text, others as a number; PostgreSQL knows them as such.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeEngine

from storage.schema.column_types import CompactInstant

__all__ = ["OwnSql", "every_number", "has_plain_letters", "later_by", "microseconds_of"]

_MICROSECOND = timedelta(microseconds=1)


class OwnSql(ColumnElement[Any]):
    """SQL that is another one on each database: `{0}` stands for the first of the expressions in it, and so on.

    A condition declares no Boolean type: for SQLite SQLAlchemy would append `= 1`, and no index would be used.
    """

    inherit_cache = False

    def __init__(
        self, *within: ColumnElement[Any], sqlite: str, postgresql: str, type_: TypeEngine[Any] | None = None
    ) -> None:
        self.within, self.templates = within, {"sqlite": sqlite, "postgresql": postgresql}
        if type_ is not None:
            self.type = type_


@compiles(OwnSql)
def _filled(element: OwnSql, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    within = [compiler.process(one, **kw) for one in element.within]
    return element.templates[compiler.dialect.name].format(*within)


def microseconds_of(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the microseconds from 1970 to a moment, as a whole number; NULL of none."""
    # Of seconds with a fraction strftime rounds: 59.9999 s would be those of the next minute.
    of_text = "(strftime('%s', substr({0}, 1, 19)) * 1000000 + substr({0}, 21, 6))"
    return OwnSql(
        column,
        sqlite="{0}" if isinstance(column.type, CompactInstant) else of_text,
        postgresql="((extract(epoch from {0}) * 1000000)::bigint)",
        type_=BigInteger(),
    )


def later_by(column: ColumnElement[Any], by: timedelta) -> ColumnElement[Any]:
    """Return the moment that is so much later than a `CompactInstant`, or earlier.

    It is of the column's own type, so that it can be held against another such column by an index.
    """
    number = by // _MICROSECOND
    postgresql = f"({{0}} + interval '{number} microseconds')"
    return OwnSql(column, sqlite=f"({{0}} + {number})", postgresql=postgresql, type_=CompactInstant())


def every_number(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the numbers of a group with commas, in any order; NULL where it has none."""
    return OwnSql(column, sqlite="group_concat({0})", postgresql="string_agg(({0})::text, ',')", type_=Text())


def has_plain_letters(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a text has a letter or a digit of ASCII; NULL of none."""
    return OwnSql(column, sqlite="({0} GLOB '*[0-9A-Za-z]*')", postgresql="({0} ~ '[0-9A-Za-z]')")
