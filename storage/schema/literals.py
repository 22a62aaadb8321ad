"""Constants written into a statement's text: there a partial index recognises them, and they are no parameters."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, literal_column

__all__ = ["EMPTY", "ONE", "is_one_of", "text_literal"]

EMPTY = literal_column("''", Text)
ONE = literal_column("1", Integer)


def text_literal(value: str) -> ColumnElement[Any]:
    """Return one of our own words as a literal; none of them holds a quote."""
    return literal_column(f"'{value}'", Text)


def is_one_of(column: ColumnElement[Any], *words: str) -> ColumnElement[bool]:
    """Say that a column holds one of these words."""
    if len(words) == 1:
        return column == text_literal(words[0])
    return column.in_([text_literal(each) for each in words])
