"""The tables. Scalar fields are real columns, for whoever asks with SQL; nested values are JSON text.

Constraints are the promises that must hold whatever the code does: one invitation per closing, one interview per
invitation, one row per thing heard. `storage/migrations` builds the same tables; a test holds the two together.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dialogs import interviews as talking
from dialogs import invitation as inviting
from dialogs import issues as problems
from dialogs.issues import TicketKey
from dialogs.messages import Prompt
from scoring.rules import Severity
from storage.records import ContactState, Outcome, Purpose, Status, TicketStatus
from storage.types import Flag, Instant, Json, Word

__all__ = [
    "METADATA",
    "answer_logs",
    "attempts",
    "contacts",
    "customers",
    "grants",
    "inbox",
    "interviews",
    "invitations",
    "issue_customers",
    "issue_events",
    "issue_tickets",
    "issues",
    "members",
    "notes",
    "outbox",
    "surveys",
    "tickets",
    "tokens",
    "windows",
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

_FIXED = {"fixed": True}
"""Never changes: an update that would change it fits no row. And what is not written needs no index rewritten."""


def _table(name: str, *parts: Any) -> Table:  # noqa: ANN401 - whatever SQLAlchemy takes
    return Table(name, METADATA, *parts, sqlite_strict=True)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _word(name: str, words: type[StrEnum]) -> Column[StrEnum]:
    return Column(name, Word(words), nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _json(name: str, of: object) -> Column[Any]:
    return Column(name, Json(of), nullable=False)


def _at(name: str) -> Column[Any]:
    return Column(name, Instant, nullable=False)


def _maybe_at(name: str) -> Column[Any]:
    return Column(name, Instant)


def _maybe(name: str) -> Column[str]:
    return Column(name, Text)


def _version() -> tuple[Column[int], CheckConstraint]:
    return _number("version"), CheckConstraint("version > 0", name="version")


def _one_of(name: str, words: Iterable[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=name)


def _index(name: str, *columns: str, where: str | None = None) -> Index:
    only = None if where is None else text(where)
    return Index(name, *columns, sqlite_where=only, postgresql_where=only)


customers = _table(
    "customers",
    _key("id"),
    _text("name"),
    _text("locale"),
    _text("timezone"),
    _text("tier"),
    _maybe_at("opted_out_at"),
    *_version(),
)

tickets = _table(
    "tickets",
    _key("source"),
    _key("id"),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    _word("status", TicketStatus),
    _number("closing"),
    _maybe_at("opened_at"),
    _maybe_at("first_replied_at"),
    _maybe_at("closed_at"),
    _maybe_at("updated_at"),
    _text("subject"),
    _text("category"),
    _text("product"),
    _text("team"),
    _text("agent_id"),
    _text("agent_name"),
    _json("tags", Words),
    *_version(),
    _one_of("status", TicketStatus),
    CheckConstraint("closing >= 0", name="closing"),
)

contacts = _table(
    "contacts",
    Column("customer", Text, ForeignKey("customers.id"), primary_key=True),
    _key("channel"),
    _key("chat"),
    _word("state", ContactState),
    _maybe_at("bound_at"),
    _maybe_at("heard_at"),
    *_version(),
    _one_of("state", ContactState),
    _index("ix_contacts_channel_chat", "channel", "chat"),
)

tokens = _table(
    "tokens",
    _key("hash"),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    _text("channel"),
    _at("created_at"),
    _at("expires_at"),
    _text("source"),
    _text("ticket"),
    _maybe_at("used_at"),
    _text("used_by"),
    *_version(),
)

members = _table("members", _key("name"), _text("role"), _text("telegram"), *_version())

notes = _table("notes", _key("key"), _text("value"), _at("at"), *_version())

invitations = _table(
    "invitations",
    _key("id"),
    Column("source", Text, nullable=False, info=_FIXED),
    Column("ticket", Text, nullable=False, info=_FIXED),
    Column("closing", Integer, nullable=False, info=_FIXED),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, info=_FIXED),
    _text("survey"),
    _at("due_at"),
    _at("deadline_at"),
    _at("closed_at"),
    _word("state", inviting.State),
    Column("reason", Word(inviting.Reason)),
    _maybe("channel"),
    _text("agent_id"),
    _text("agent_name"),
    _text("team"),
    Column("by_hand", Flag, nullable=False),
    _maybe_at("asked_at"),
    _maybe_at("sent_at"),
    _maybe_at("wake_at"),
    *_version(),
    ForeignKeyConstraint(["source", "ticket"], ["tickets.source", "tickets.id"]),
    UniqueConstraint("source", "ticket", "closing"),
    _one_of("state", inviting.State),
    _one_of("reason", inviting.Reason),
    _index("ix_invitations_customer_state", "customer", "state", "asked_at"),
    _index("ix_invitations_wake_at", "wake_at", where="wake_at IS NOT NULL"),
)

interviews = _table(
    "interviews",
    _key("id"),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False, unique=True, info=_FIXED),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True, info=_FIXED),
    _text("channel"),
    _text("chat"),
    Column("survey", Text, nullable=False, info={"field": "survey", "part": 0}),
    Column("survey_number", Integer, nullable=False, info={"field": "survey", "part": 1}),
    _text("locale"),
    _at("asked_at"),
    _at("expires_at"),
    _word("state", talking.State),
    _text("at"),
    _json("answers", tuple[talking.Answer, ...]),
    _json("skipped", Words),
    _json("remarks_asked", Words),
    _maybe("comment"),
    _text("comment_source"),
    _number("misses"),
    _text("message"),
    _maybe_at("remind_at"),
    _maybe_at("settle_at"),
    _maybe_at("completed_at"),
    _json("assessed", Words),
    _number("logged"),
    _text("shown"),
    *_version(),
    Column("wake_at", Instant),
    _one_of("state", talking.State),
    _index("ix_interviews_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    _index("ix_interviews_asked_at_id", "asked_at", "id"),
)

answer_logs = _table(
    "answer_logs",
    Column("response", Text, ForeignKey("interviews.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("question"),
    Column("value", Integer),
    _maybe("text"),
    _at("at"),
    _text("caused_by"),
)

issues = _table(
    "issues",
    _key("id"),
    _word("kind", problems.Kind),
    _word("severity", Severity),
    _at("opened_at"),
    _maybe_at("due_at"),
    _word("state", problems.State),
    _text("title"),
    _text("text"),
    _json("reasons", Words),
    _json("tickets", tuple[TicketKey, ...]),
    _json("responses", Words),
    _json("customers", Words),
    _maybe("claimed_by"),
    _maybe("claimant"),
    _maybe("draft"),
    _number("drafts"),
    _maybe("note"),
    _maybe("root_cause"),
    _number("resolution"),
    _json("told", Words),
    _json("confirmed", Words),
    _maybe_at("resolved_at"),
    _maybe_at("closed_at"),
    Column("escalated", Flag, nullable=False),
    _maybe("merged_into"),
    _number("events"),
    _maybe_at("wake_at"),
    *_version(),
    _one_of("kind", problems.Kind),
    _one_of("severity", Severity),
    _one_of("state", problems.State),
    CheckConstraint("(state = 'claimed') <= (claimant IS NOT NULL)", name="holder"),
    _index("ix_issues_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    _index("ix_issues_opened_at_id", "opened_at", "id"),
    _index("ix_issues_calls", "opened_at", where="kind = 'call'"),
)

issue_tickets = _table(
    "issue_tickets",
    _key("source"),
    _key("ticket"),
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True, index=True),
)

issue_customers = _table(
    "issue_customers",
    _key("customer"),
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True, index=True),
)

issue_events = _table(
    "issue_events",
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _at("at"),
    _text("event"),
    _maybe("by"),
    _maybe("text"),
)

_COUNTED = BigInteger().with_variant(Integer, "sqlite")
_WAITING = "status IN ('pending', 'held')"

outbox = Table(
    "outbox",
    METADATA,
    _text("id"),
    _text("channel"),
    _text("chat"),
    _word("purpose", Purpose),
    _json("prompt", Prompt),
    _at("created_at"),
    _at("not_before"),
    Column("customer", Text, ForeignKey("customers.id")),
    _text("about"),
    _number("round"),
    _maybe("edits"),
    Column("obeys_opt_out", Flag, nullable=False),
    _maybe_at("expires_at"),
    _word("status", Status),
    _number("attempts"),
    _maybe_at("leased_until"),
    _text("receipt"),
    _text("why"),
    _maybe_at("sent_at"),
    Column("seq", _COUNTED, Identity(), primary_key=True),
    UniqueConstraint("id"),
    _one_of("purpose", Purpose),
    _one_of("status", Status),
    CheckConstraint("(status = 'leased') = (leased_until IS NOT NULL)", name="lease"),
    _index("ix_outbox_pending", "seq", where="status = 'pending'"),
    _index("ix_outbox_pending_not_before", "not_before", where="status = 'pending'"),
    _index("ix_outbox_held", "not_before", where="status = 'held'"),
    _index("ix_outbox_held_channel_chat", "channel", "chat", where="status = 'held'"),
    _index("ix_outbox_leased_until", "leased_until", where="status = 'leased'"),
    _index("ix_outbox_customer", "customer", where=_WAITING),
    _index("ix_outbox_about", "about", where=_WAITING),
    _index("ix_outbox_edits", "edits", "seq", where="edits IS NOT NULL"),
    _index("ix_outbox_receipt", "channel", "chat", "receipt", where="receipt <> ''"),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

inbox = _table(
    "inbox",
    _key("key"),
    _text("door"),
    Column("raw", LargeBinary, nullable=False),
    _at("received_at"),
    _word("outcome", Outcome),
    _text("answer"),
    _text("why"),
    _one_of("outcome", Outcome),
    _index("ix_inbox_failed", "received_at", where="outcome = 'failed'"),
    _index("ix_inbox_sandbox", "door", "received_at", where="substr(door, 1, 8) = 'sandbox:'"),
)

surveys = _table(
    "surveys",
    _key("id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("body"),
    _at("stored_at"),
)

attempts = _table(
    "attempts",
    Column("message", Text, ForeignKey("outbox.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("step"),
    _text("code"),
    _text("why"),
)

windows = _table(
    "windows",
    _key("channel"),
    _key("chat"),
    _maybe_at("typed_at"),
    _number("typed_used"),
    _maybe_at("clicked_at"),
    _number("clicked_used"),
    *_version(),
)

grants = _table(
    "grants",
    _key("channel"),
    _key("chat"),
    _key("template"),
    Column("left", Integer, nullable=False, quote=True),
    *_version(),
    CheckConstraint('"left" >= 0', name="left"),
)
