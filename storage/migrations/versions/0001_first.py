"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Flag, Instant

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, those first to which others refer."""
    _customers()
    _inbox()
    _issues()
    _members()
    _notes()
    _surveys()
    _contacts()
    _issue_customers()
    _issue_events()
    _issue_tickets()
    _outbox()
    _tickets()
    _tokens()
    _invitations()
    _interviews()
    _answer_logs()


def _customers() -> None:
    _table(
        "customers",
        *_text("id", "name", "locale", "timezone", "tier"),
        *_maybe_at("opted_out_at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.CheckConstraint("version > 0", name="ck_customers_version"),
    )


def _inbox() -> None:
    _table(
        "inbox",
        *_text("key", "door"),
        *_blob("raw"),
        *_at("received_at"),
        *_text("outcome", "answer", "why"),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
        _one_of("ck_inbox_outcome", "outcome", "done", "failed"),
    )
    _index("ix_inbox_failed", "inbox", "received_at", where="outcome = 'failed'")
    _index("ix_inbox_sandbox", "inbox", "door", "received_at", where="substr(door, 1, 8) = 'sandbox:'")


def _issues() -> None:
    _table(
        "issues",
        *_text("id", "kind", "severity"),
        *_at("opened_at"),
        *_maybe_at("due_at"),
        *_text("state", "title", "text", "reasons", "tickets", "responses", "customers"),
        *_maybe_text("claimed_by", "claimant", "draft"),
        *_number("drafts"),
        *_maybe_text("note", "root_cause"),
        *_number("resolution"),
        *_text("told", "confirmed"),
        *_maybe_at("resolved_at", "closed_at"),
        *_flag("escalated"),
        *_maybe_text("merged_into"),
        *_number("events"),
        *_maybe_at("wake_at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
        sa.CheckConstraint("(state = 'claimed') <= (claimant IS NOT NULL)", name="ck_issues_holder"),
        _one_of("ck_issues_kind", "kind", "low_score", "complaint", "call", "manual"),
        _one_of("ck_issues_severity", "severity", "low", "normal", "high"),
        _one_of("ck_issues_state", "state", "open", "claimed", "resolved", "closed"),
        sa.CheckConstraint("version > 0", name="ck_issues_version"),
    )
    _index("ix_issues_calls", "issues", "opened_at", where="kind = 'call'")
    _index("ix_issues_opened_at_id", "issues", "opened_at", "id")
    _index("ix_issues_wake_at", "issues", "wake_at", where="wake_at IS NOT NULL")


def _members() -> None:
    _table(
        "members",
        *_text("name", "role", "telegram"),
        *_number("version"),
        sa.PrimaryKeyConstraint("name", name="pk_members"),
        sa.CheckConstraint("version > 0", name="ck_members_version"),
    )


def _notes() -> None:
    _table(
        "notes",
        *_text("key", "value"),
        *_at("at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("key", name="pk_notes"),
        sa.CheckConstraint("version > 0", name="ck_notes_version"),
    )


def _surveys() -> None:
    _table(
        "surveys",
        *_text("id"),
        *_number("number"),
        *_text("body"),
        *_at("stored_at"),
        sa.PrimaryKeyConstraint("id", "number", name="pk_surveys"),
    )


def _contacts() -> None:
    _table(
        "contacts",
        *_text("customer", "channel", "chat", "state"),
        *_maybe_at("bound_at", "heard_at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("customer", "channel", "chat", name="pk_contacts"),
        _one_of("ck_contacts_state", "state", "ok", "blocked", "unknown"),
        sa.CheckConstraint("version > 0", name="ck_contacts_version"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_contacts_customer"),
    )
    _index("ix_contacts_channel_chat", "contacts", "channel", "chat")


def _issue_customers() -> None:
    _table(
        "issue_customers",
        *_text("customer", "issue"),
        sa.PrimaryKeyConstraint("customer", "issue", name="pk_issue_customers"),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_customers_issue"),
    )
    _index("ix_issue_customers_issue", "issue_customers", "issue")


def _issue_events() -> None:
    _table(
        "issue_events",
        *_text("issue"),
        *_number("number"),
        *_at("at"),
        *_text("event"),
        *_maybe_text("by", "text"),
        sa.PrimaryKeyConstraint("issue", "number", name="pk_issue_events"),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_events_issue"),
    )


def _issue_tickets() -> None:
    _table(
        "issue_tickets",
        *_text("source", "ticket", "issue"),
        sa.PrimaryKeyConstraint("source", "ticket", "issue", name="pk_issue_tickets"),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name="fk_issue_tickets_issue"),
    )
    _index("ix_issue_tickets_issue", "issue_tickets", "issue")


def _outbox() -> None:
    _table(
        "outbox",
        *_text("id", "channel", "chat", "purpose", "prompt"),
        *_at("created_at", "not_before"),
        *_maybe_text("customer"),
        *_text("about"),
        *_number("round"),
        *_maybe_text("edits"),
        *_flag("obeys_opt_out"),
        *_maybe_at("expires_at"),
        *_text("status"),
        *_number("attempts"),
        *_maybe_at("leased_until"),
        *_text("receipt", "why"),
        *_maybe_at("sent_at"),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_outbox"),
        sa.CheckConstraint("(status = 'leased') = (leased_until IS NOT NULL)", name="ck_outbox_lease"),
        _one_of("ck_outbox_purpose", "purpose", "reply", "alert", "survey", "reminder", "closure", "campaign"),
        _one_of(
            "ck_outbox_status",
            "status",
            "pending",
            "leased",
            "held",
            "sent",
            "unknown",
            "dead",
            "cancelled",
            "superseded",
        ),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_outbox_customer"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sqlite_autoincrement=True,
    )
    _index("ix_outbox_about", "outbox", "about", where="status IN ('pending', 'held')")
    _index("ix_outbox_customer", "outbox", "customer", where="status IN ('pending', 'held')")
    _index("ix_outbox_edits", "outbox", "edits", "seq", where="edits IS NOT NULL")
    _index("ix_outbox_held", "outbox", "not_before", where="status = 'held'")
    _index("ix_outbox_leased_until", "outbox", "leased_until", where="status = 'leased'")
    _index("ix_outbox_pending", "outbox", "seq", where="status = 'pending'")
    _index("ix_outbox_pending_not_before", "outbox", "not_before", where="status = 'pending'")
    _index("ix_outbox_receipt", "outbox", "channel", "chat", "receipt", where="receipt <> ''")


def _tickets() -> None:
    _table(
        "tickets",
        *_text("source", "id", "customer", "status"),
        *_number("closing"),
        *_maybe_at("opened_at", "first_replied_at", "closed_at", "updated_at"),
        *_text("subject", "category", "product", "team", "agent_id", "agent_name", "tags"),
        *_number("version"),
        sa.PrimaryKeyConstraint("source", "id", name="pk_tickets"),
        sa.CheckConstraint("closing >= 0", name="ck_tickets_closing"),
        _one_of("ck_tickets_status", "status", "open", "pending", "closed", "reopened"),
        sa.CheckConstraint("version > 0", name="ck_tickets_version"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_tickets_customer"),
    )
    _index("ix_tickets_customer", "tickets", "customer")


def _tokens() -> None:
    _table(
        "tokens",
        *_text("hash", "customer", "channel"),
        *_at("created_at", "expires_at"),
        *_text("source", "ticket"),
        *_maybe_at("used_at"),
        *_text("used_by"),
        *_number("version"),
        sa.PrimaryKeyConstraint("hash", name="pk_tokens"),
        sa.CheckConstraint("version > 0", name="ck_tokens_version"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_tokens_customer"),
    )
    _index("ix_tokens_customer", "tokens", "customer")


def _invitations() -> None:
    _table(
        "invitations",
        *_text("id", "source", "ticket"),
        *_number("closing"),
        *_text("customer", "survey"),
        *_at("due_at", "deadline_at", "closed_at"),
        *_text("state"),
        *_maybe_text("reason", "channel"),
        *_text("agent_id", "agent_name", "team"),
        *_flag("by_hand"),
        *_maybe_at("asked_at", "sent_at", "wake_at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        _one_of(
            "ck_invitations_reason",
            "reason",
            "quarantine",
            "excluded",
            "sampled_out",
            "deadline",
            "quiet_hours",
            "no_contact",
            "blocked",
            "window_closed",
            "opted_out",
            "reopened",
        ),
        _one_of("ck_invitations_state", "state", "scheduled", "asked", "suppressed", "unreachable", "cancelled"),
        sa.CheckConstraint("version > 0", name="ck_invitations_version"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_invitations_customer"),
        sa.ForeignKeyConstraint(
            ["source", "ticket"], ["tickets.source", "tickets.id"], name="fk_invitations_source_ticket"
        ),
        sa.UniqueConstraint("source", "ticket", "closing", name="uq_invitations_source_ticket_closing"),
    )
    _index("ix_invitations_customer_state", "invitations", "customer", "state", "asked_at")
    _index("ix_invitations_wake_at", "invitations", "wake_at", where="wake_at IS NOT NULL")


def _interviews() -> None:
    _table(
        "interviews",
        *_text("id", "invitation", "customer", "channel", "chat", "survey"),
        *_number("survey_number"),
        *_text("locale"),
        *_at("asked_at", "expires_at"),
        *_text("state", "at", "answers", "skipped", "remarks_asked"),
        *_maybe_text("comment"),
        *_text("comment_source"),
        *_number("misses"),
        *_text("message"),
        *_maybe_at("remind_at", "settle_at", "completed_at"),
        *_text("assessed"),
        *_number("logged"),
        *_text("shown"),
        *_number("version"),
        *_maybe_at("wake_at"),
        sa.PrimaryKeyConstraint("id", name="pk_interviews"),
        _one_of(
            "ck_interviews_state",
            "state",
            "invited",
            "rating",
            "remarking",
            "commenting",
            "completed",
            "declined",
            "expired",
            "withdrawn",
        ),
        sa.CheckConstraint("version > 0", name="ck_interviews_version"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_interviews_customer"),
        sa.ForeignKeyConstraint(["invitation"], ["invitations.id"], name="fk_interviews_invitation"),
        sa.UniqueConstraint("invitation", name="uq_interviews_invitation"),
    )
    _index("ix_interviews_asked_at_id", "interviews", "asked_at", "id")
    _index("ix_interviews_customer", "interviews", "customer")
    _index("ix_interviews_wake_at", "interviews", "wake_at", where="wake_at IS NOT NULL")


def _answer_logs() -> None:
    _table(
        "answer_logs",
        *_text("response"),
        *_number("number"),
        *_text("question"),
        *_maybe_number("value"),
        *_maybe_text("text"),
        *_at("at"),
        *_text("caused_by"),
        sa.PrimaryKeyConstraint("response", "number", name="pk_answer_logs"),
        sa.ForeignKeyConstraint(["response"], ["interviews.id"], name="fk_answer_logs_response"),
    )


def _table(name: str, *parts: sa.schema.SchemaItem, **options: bool) -> None:
    op.create_table(name, *parts, sqlite_strict=True, **options)


def _index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=only, postgresql_where=only)


def _one_of(name: str, column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name)


def _columns(names: tuple[str, ...], kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable, autoincrement=False) for name in names]


def _text(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, sa.Text())


def _maybe_text(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, sa.Text(), nullable=True)


def _number(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, sa.Integer())


def _maybe_number(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, sa.Integer(), nullable=True)


def _at(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, Instant())


def _maybe_at(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, Instant(), nullable=True)


def _flag(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, Flag())


def _blob(*names: str) -> list[sa.Column[Any]]:
    return _columns(names, sa.LargeBinary())
