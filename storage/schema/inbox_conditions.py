"""Conditions on the inbox that depend on the formats of its doors and answers."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, func, literal_column

from storage.schema import tables as t
from storage.schema.literals import CUSTOMER_PAGES, DESK_DOORS, ONE, PLAYED_DOORS, WITH_CONTENT, ZERO, text_literal

__all__ = [
    "has_content",
    "has_raw",
    "is_customer_page",
    "is_desk_delivery",
    "is_from_played_chat",
    "is_passive_reply",
]


def is_from_played_chat() -> ColumnElement[Any]:
    """Return the condition of a delivery that is shown on a page of the product; the same as the partial index has."""
    return _is_door(PLAYED_DOORS)


def is_customer_page() -> ColumnElement[Any]:
    """Return the condition of a request to an address that names a customer; the same as the partial index has."""
    return _is_door(CUSTOMER_PAGES)


def is_desk_delivery() -> ColumnElement[Any]:
    """Return the condition of a help desk's own delivery; the same as the partial index has."""
    return _is_door(DESK_DOORS)


def has_content() -> ColumnElement[Any]:
    """Return the condition of a row in which anybody may be named; the same as the partial index has.

    The columns are not named by their table, so the statement must read no other.
    """
    return literal_column(f"({WITH_CONTENT})")


def has_raw() -> ColumnElement[Any]:
    """Return the condition of a row that keeps what came in."""
    return func.length(t.inbox.c.raw) > ZERO


def is_passive_reply() -> ColumnElement[Any]:
    """Return the condition of an answer that was part of the reply to a platform's delivery: a JSON object.

    An answer to an HTTP caller begins with its status.
    """
    return func.substr(t.inbox.c.answer, ONE, ONE) == text_literal("{")


def _is_door(prefix: str) -> ColumnElement[Any]:
    length = literal_column(str(len(prefix)), Integer)
    return func.substr(t.inbox.c.door, ONE, length) == text_literal(prefix)
