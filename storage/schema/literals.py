"""Constants written into a statement's SQL instead of being bound as parameters.

A planner uses a partial index only where the statement repeats its condition literally
(https://sqlite.org/partialindex.html, https://www.postgresql.org/docs/current/indexes-partial.html).
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, literal_column

__all__ = ["EMPTY", "ONE", "PLAYED_DOORS", "ZERO", "is_one_of", "text_literal"]

EMPTY = literal_column("''", Text)
ONE = literal_column("1", Integer)
ZERO = literal_column("0", Integer)
PLAYED_DOORS = "sandbox:"
"""The prefix of doors whose deliveries are stored unchanged, to be shown on a page of the product; the chat follows."""


def text_literal(value: str) -> ColumnElement[Any]:
    """Return a constant of the code as an SQL literal; it is not escaped, so it must not hold a quote."""
    return literal_column(f"'{value}'", Text)


def is_one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these constants."""
    if len(values) == 1:
        return column == text_literal(values[0])
    return column.in_([text_literal(value) for value in values])
