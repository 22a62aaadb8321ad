"""Conditions on the inbox that rest on how its doors and answers are written."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, func, literal_column

from storage.schema import tables as t
from storage.schema.literals import ONE, PLAYED_DOORS, text_literal

__all__ = ["is_from_played_chat", "is_passive_reply"]


def is_from_played_chat() -> ColumnElement[Any]:
    """Return whether a row is kept to be drawn on a page of ours, in the words of its partial index."""
    length = literal_column(str(len(PLAYED_DOORS)), Integer)
    return func.substr(t.inbox.c.door, ONE, length) == text_literal(PLAYED_DOORS)


def is_passive_reply() -> ColumnElement[Any]:
    """Return whether the answer rode on the reply to a platform's delivery: those are JSON objects.

    Whatever answers HTTP begins with its status.
    """
    return func.substr(t.inbox.c.answer, ONE, ONE) == text_literal("{")
