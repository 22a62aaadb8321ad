"""Campaigns, people's rights, the audit log; asks that no closing caused."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import Added, add_columns
from storage.schema.column_types import Instant

revision = "0003_campaigns"
down_revision = "0002_windows"
branch_labels = None
depends_on = None

_ADDED: dict[str, tuple[Added, ...]] = {
    "tickets": (("appointment_at", "at", None),),
    "members": (("code_hash", "text", ""), ("code_expires_at", "at", None)),
    "invitations": (("occasion", "text", ""), ("rule", "text", "")),
    "interviews": (("notice", "text", ""), ("reminded_at", "at", None)),
    "outbox": (("campaign", "text", ""), ("per_minute", "number", 0)),
}
"""New columns, and what old rows have in them."""

_BEHIND = {"outbox": "sent_at"}
"""The column behind which they stand, where it is not the version."""

_FREED = ("fk_invitations_source_ticket", "uq_invitations_source_ticket_closing")
"""What no longer holds: an ask may have no ticket, and a closing may have been followed up."""


def upgrade() -> None:
    """Change the tables there are, then make the new ones."""
    for table, added in _ADDED.items():
        add_columns(table, added, _BEHIND.get(table, "version"), _FREED)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(_FREED[0], "invitations", type_="foreignkey")
        op.drop_constraint(_FREED[1], "invitations", type_="unique")
    _indexes()
    _campaigns()
    _runs()
    _targets()
    _requests()
    _registers()


def _indexes() -> None:
    _index("uq_invitations_closing", "invitations", "source", "ticket", "closing", where="occasion = ''", once=True)
    _index("uq_invitations_occasion", "invitations", "customer", "occasion", where="occasion <> ''", once=True)
    _index("ix_invitations_ticket", "invitations", "source", "ticket")
    _index("ix_outbox_campaign", "outbox", "campaign", "seq", where="campaign <> ''")


# -- new tables -----------------------------------------------------------------------------------------------------


def _campaigns() -> None:
    _table(
        "campaigns",
        *_text("id", "name", "kind"),
        *_at("created_at"),
        *_text("created_by", "state", "survey", "text", "audience", "schedule"),
        sa.Column("window", sa.Text()),
        *_number("per_minute"),
        *_maybe_at("occurrence", "next_at", "wake_at"),
        *_text("why", "origin"),
        *_number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        _one_of("ck_campaigns_kind", "kind", "reminder", "survey", "notice"),
        _one_of("ck_campaigns_state", "state", "draft", "scheduled", "running", "paused", "finished", "cancelled"),
        sa.CheckConstraint("per_minute > 0", name="ck_campaigns_per_minute"),
        sa.CheckConstraint("version > 0", name="ck_campaigns_version"),
    )
    _index("ix_campaigns_wake_at", "campaigns", "wake_at", where="wake_at IS NOT NULL")


def _runs() -> None:
    _table(
        "campaign_runs",
        *_text("campaign"),
        *_at("occurrence"),
        *_text("state"),
        *_number("audience"),
        *_maybe_at("started_at", "finished_at"),
        *_text("why"),
        *_number("version"),
        sa.PrimaryKeyConstraint("campaign", "occurrence", name="pk_campaign_runs"),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_campaign_runs_campaign"),
        _one_of("ck_campaign_runs_state", "state", "running", "done", "skipped", "cancelled"),
        sa.CheckConstraint("version > 0", name="ck_campaign_runs_version"),
    )


def _targets() -> None:
    _table(
        "campaign_targets",
        *_text("campaign"),
        *_at("occurrence"),
        *_text("customer", "state", "reason", "source", "ticket", "interview", "message"),
        *_maybe_at("due_at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("campaign", "occurrence", "customer", name="pk_campaign_targets"),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_campaign_targets_campaign"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_campaign_targets_customer"),
        _one_of("ck_campaign_targets_state", "state", "waiting", "handed", "skipped"),
        sa.CheckConstraint("version > 0", name="ck_campaign_targets_version"),
    )
    _index("ix_campaign_targets_customer", "campaign_targets", "customer")
    due = ("campaign", "occurrence", "due_at")
    _index("ix_campaign_targets_waiting", "campaign_targets", *due, where="state = 'waiting'")


def _requests() -> None:
    _table(
        "requests",
        *_text("id", "kind", "customer"),
        *_at("asked_at", "due_at"),
        *_text("door", "channel", "chat"),
        *_maybe_at("done_at", "wake_at"),
        *_number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_requests_customer"),
        _one_of("ck_requests_kind", "kind", "access", "erasure"),
        sa.CheckConstraint("version > 0", name="ck_requests_version"),
    )
    _index("ix_requests_customer", "requests", "customer")
    _index("ix_requests_wake_at", "requests", "wake_at", where="wake_at IS NOT NULL")


def _registers() -> None:
    _table(
        "tombstones", *_text("hash", "stands_for"), *_at("at"), sa.PrimaryKeyConstraint("hash", name="pk_tombstones")
    )
    _table(
        "audit",
        *_text("id"),
        *_at("at"),
        *_text("by", "action", "subject", "detail"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    _index("ix_audit_at", "audit", "at")
    _table(
        "nameless_answers",
        *_text("id", "survey"),
        *_number("survey_number"),
        *_text("day", "answers"),
        sa.Column("comment", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_nameless_answers"),
        sqlite_with_rowid=False,
    )


def _table(name: str, *parts: sa.schema.SchemaItem, **options: bool) -> None:
    op.create_table(name, *parts, sqlite_strict=True, **options)


def _index(name: str, table: str, *columns: str, where: str | None = None, once: bool = False) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), unique=once, sqlite_where=only, postgresql_where=only)


def _one_of(name: str, column: str, *words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=name)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _at(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, Instant(), nullable=False) for name in names]


def _maybe_at(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, Instant()) for name in names]
