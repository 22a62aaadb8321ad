"""Conditions on the inbox that depend on the formats of its doors and answers."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, func, literal_column

from storage.schema import tables as t
from storage.schema.literals import ONE, PLAYED_DOORS, text_literal

__all__ = ["is_from_played_chat", "is_passive_reply"]


def is_from_played_chat() -> ColumnElement[Any]:
    """Return the condition of a delivery that is shown on a page of the product; the same as the partial index has."""
    length = literal_column(str(len(PLAYED_DOORS)), Integer)
    return func.substr(t.inbox.c.door, ONE, length) == text_literal(PLAYED_DOORS)


def is_passive_reply() -> ColumnElement[Any]:
    """Return the condition of an answer that was part of the reply to a platform's delivery: a JSON object.

    An answer to an HTTP caller begins with its status.
    """
    return func.substr(t.inbox.c.answer, ONE, ONE) == text_literal("{")
