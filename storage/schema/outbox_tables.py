"""The tables of outgoing messages: how each stands, what it says, every try to deliver it, what chats let us send."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
)

from dialogs.messages import Prompt
from dialogs.outbox.model import SendingState
from storage.model.records import Purpose
from storage.schema.column_types import Flag, Instant, NestedJson, PackedBytes, Reference
from storage.schema.columns import (
    METADATA,
    allowed_values,
    enum_column,
    index,
    instant_column,
    integer_column,
    json_column,
    key_column,
    optional_instant,
    optional_text,
    table,
    text_column,
    version_column,
)
from storage.schema.literals import text_literal

__all__ = ["NOT_BEFORE", "PROMPT", "attempts", "files", "grants", "outbox", "prompts", "windows"]

_COUNTED = BigInteger().with_variant(Integer, "sqlite")

outbox = Table(
    "outbox",
    METADATA,
    text_column("id"),
    text_column("channel"),
    text_column("chat"),
    enum_column("purpose", Purpose),
    instant_column("created_at"),
    optional_instant("not_before"),
    Column("customer", Text, ForeignKey("customers.id")),
    Column("about", Reference),
    integer_column("round"),
    optional_text("edits"),
    Column("obeys_opt_out", Flag, nullable=False),
    optional_instant("expires_at"),
    enum_column("status", SendingState),
    integer_column("attempts"),
    optional_instant("leased_until"),
    text_column("receipt"),
    text_column("why"),
    optional_instant("sent_at"),
    text_column("campaign"),
    integer_column("per_minute"),
    Column("seq", _COUNTED, Identity(), primary_key=True),
    Column("text_hash", LargeBinary),
    UniqueConstraint("id"),
    allowed_values("purpose", Purpose),
    allowed_values("status", SendingState),
    CheckConstraint("(status = 'leased') = (leased_until IS NOT NULL)", name="lease"),
    index("ix_outbox_pending", "seq", where="status = 'pending'"),
    index("ix_outbox_held", "not_before", where="status = 'held'"),
    index("ix_outbox_held_channel_chat", "channel", "chat", where="status = 'held'"),
    index("ix_outbox_leased_until", "leased_until", where="status = 'leased'"),
    index("ix_outbox_customer", "customer", where="customer IS NOT NULL"),
    index("ix_outbox_about", "about", where="about IS NOT NULL"),
    index("ix_outbox_edits", "edits", "seq", where="edits IS NOT NULL"),
    index("ix_outbox_campaign", "campaign", "seq", where="campaign <> ''"),
    index("ix_outbox_receipt", "channel", "chat", "receipt", where="edits IS NULL"),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)
"""`not_before` is NULL where a message may go at once, and once it is settled, as `expires_at` is then; of one that is
held it never is: those are found by it.
"""
NOT_BEFORE = func.coalesce(outbox.c.not_before, outbox.c.created_at, type_=Instant())

files = table(
    "files",
    key_column("hash"),
    Column("content", PackedBytes, nullable=False),
    instant_column("stored_at"),
)

# Apart from their messages, since most are deleted soon: what is cut out of a row leaves a hole that nothing fills.
prompts = table(
    "prompts",
    Column("message", Text, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    json_column("body", Prompt),
    Column("file", Text, ForeignKey("files.hash")),
    index("ix_prompts_file", "file", where="file IS NOT NULL"),
    sqlite_with_rowid=False,
)
PROMPT = func.coalesce(
    select(prompts.c.body).where(prompts.c.message == outbox.c.id).scalar_subquery(),
    text_literal('{"text":""}'),
    type_=NestedJson(Prompt),
)
"""What a message says; nothing where that is not kept any more."""

attempts = table(
    "attempts",
    Column("message", Text, ForeignKey("outbox.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("step"),
    text_column("code"),
    text_column("why"),
)

windows = table(
    "windows",
    key_column("channel"),
    key_column("chat"),
    optional_instant("typed_at"),
    integer_column("typed_used"),
    optional_instant("clicked_at"),
    integer_column("clicked_used"),
    *version_column(),
)

grants = table(
    "grants",
    key_column("channel"),
    key_column("chat"),
    key_column("template"),
    Column("left", Integer, nullable=False, quote=True),
    *version_column(),
    CheckConstraint('"left" >= 0', name="left"),
)
