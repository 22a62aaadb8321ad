"""The tables of people's rights and admins' deeds."""

from sqlalchemy import Column, ForeignKey, Text

from storage.model.registers import RequestKind
from storage.schema.columns import (
    index,
    key,
    maybe_moment,
    maybe_text,
    moment,
    number,
    one_of,
    table,
    text_column,
    version,
    word,
)

__all__ = ["audit", "nameless_answers", "requests", "tombstones"]

requests = table(
    "requests",
    key("id"),
    word("kind", RequestKind),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    moment("asked_at"),
    moment("due_at"),
    text_column("door"),
    text_column("channel"),
    text_column("chat"),
    maybe_moment("done_at"),
    maybe_moment("wake_at"),
    *version(),
    one_of("kind", RequestKind),
    index("ix_requests_wake_at", "wake_at", where="wake_at IS NOT NULL"),
)

tombstones = table("tombstones", key("hash"), text_column("stands_for"), moment("at"))

audit = table(
    "audit",
    key("id"),
    moment("at"),
    text_column("by"),
    text_column("action"),
    text_column("subject"),
    text_column("detail"),
    index("ix_audit_at", "at"),
)

nameless_answers = table(
    "nameless_answers",
    key("id"),
    text_column("survey"),
    number("survey_number"),
    text_column("day"),
    text_column("answers"),
    maybe_text("comment"),
    sqlite_with_rowid=False,  # else the order of the rows would tell who finished when
)
