"""The tables of the registers: requests, tombstones, known events, audit log, imports, what is published."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text

from scoring.metrics.fact_changes import FactChange, FactTally
from storage.model.entered_figures import EnteredKind
from storage.model.import_records import ImportState, UploadState, UploadTask
from storage.model.registers import RequestKind
from storage.schema.columns import (
    Strings,
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

__all__ = [
    "anonymous_answers",
    "audit_log",
    "entered_figures",
    "import_chunks",
    "import_claims",
    "imports",
    "known_events",
    "publications",
    "requests",
    "tombstones",
    "upload_parts",
    "uploads",
]

requests = table(
    "requests",
    key_column("id"),
    enum_column("kind", RequestKind),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    instant_column("asked_at"),
    instant_column("due_at"),
    text_column("door"),
    text_column("channel"),
    text_column("chat"),
    optional_instant("done_at"),
    optional_instant("wake_at"),
    *version_column(),
    allowed_values("kind", RequestKind),
    index("ix_requests_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    index("ix_requests_asked_at_id", "asked_at", "id"),
    index("ix_requests_open", "due_at", where="done_at IS NULL"),
)

tombstones = table("tombstones", key_column("hash"), text_column("stands_for"), instant_column("at"))

known_events = table("known_events", key_column("hash"), sqlite_with_rowid=False)

audit_log = table(
    "audit",
    key_column("id"),
    instant_column("at"),
    text_column("by"),
    text_column("action"),
    text_column("subject"),
    text_column("detail"),
    index("ix_audit_at", "at"),
)

entered_figures = table(
    "entered_figures",
    key_column("id"),
    enum_column("kind", EnteredKind),
    text_column("metric"),
    text_column("period"),
    instant_column("since"),
    instant_column("until"),
    json_column("cut", tuple[tuple[str, str], ...]),
    text_column("by"),
    instant_column("at"),
    text_column("numerator"),
    text_column("denominator"),
    text_column("origin"),
    text_column("dated"),
    text_column("conclusion"),
    text_column("measures"),
    *version_column(),
    allowed_values("kind", EnteredKind),
    index("ix_entered_figures_since", "since"),
    index("ix_entered_figures_at_id", "at", "id"),
)

anonymous_answers = table(
    "anonymous_answers",
    key_column("id"),
    text_column("survey"),
    integer_column("survey_number"),
    text_column("day"),
    text_column("answers"),
    optional_text("comment"),
    sqlite_with_rowid=False,  # row ids would show in which order people finished (docs/decisions/anonymity.md)
)

publications = table(
    "publications",
    key_column("id"),
    text_column("about"),
    text_column("period"),
    integer_column("number"),
    instant_column("since"),
    instant_column("until"),
    text_column("timezone"),
    json_column("asked", Strings),
    json_column("metrics", Strings),
    text_column("locale"),
    text_column("content"),
    text_column("digest"),
    json_column("tally", FactTally),
    text_column("inputs_digest"),
    text_column("rules"),
    text_column("rules_from"),
    text_column("by"),
    instant_column("at"),
    text_column("reason"),
    json_column("changes", tuple[FactChange, ...]),
    index("ix_publications_about_period", "about", "period"),
    index("ix_publications_at_id", "at", "id"),
)

imports = table(
    "imports",
    key_column("id"),
    text_column("kind"),
    enum_column("state", ImportState),
    text_column("file"),
    text_column("by"),
    text_column("options"),
    instant_column("started_at"),
    optional_instant("ended_at"),
    *map(integer_column, ("rows", "position", "added", "same", "refused")),
    text_column("why"),
    allowed_values("state", ImportState),
    index("ix_imports_started_at_id", "started_at", "id"),
)

import_chunks = table(
    "import_chunks",
    Column("import", Text, ForeignKey("imports.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("noted", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What each commit of an import has stored anew, by key, and what stood before what it changed: compressed."""

import_claims = table(
    "import_claims",
    Column("hash", Text, primary_key=True),
    Column("import", Text, ForeignKey("imports.id"), primary_key=True),
    text_column("told"),
    index("ix_import_claims_import", "import"),
    sqlite_with_rowid=False,
)
"""What imports name that was there already (`storage.bulk.import_claims`)."""

uploads = table(
    "uploads",
    key_column("import_id"),
    enum_column("task", UploadTask),
    enum_column("state", UploadState),
    *map(text_column, ("kind", "file", "by")),
    instant_column("at"),
    *map(text_column, ("options", "parts", "errors", "told")),
    integer_column("tries"),
    allowed_values("task", UploadTask),
    allowed_values("state", UploadState),
    index("ix_uploads_at", "at", where="state <> 'over'"),
)

upload_parts = table(
    "upload_parts",
    key_column("name"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    instant_column("at"),
    Column("content", LargeBinary, nullable=False),
    index("ix_upload_parts_at", "at"),
)
"""Files in pieces, each compressed: what was uploaded until it is imported, and which rows of it were wrong."""
