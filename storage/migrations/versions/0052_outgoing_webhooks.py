"""The tables of outgoing webhooks: endpoints, events, and the deliveries of events to endpoints."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0052_outgoing_webhooks"
down_revision = "0049_desk_writes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; nobody listened before."""
    op.create_table(
        "hook_endpoints",
        *_columns("id", "name", "url"),
        sa.Column("created_at", Instant, nullable=False),
        *_columns("events", "state"),
        sa.Column("secret_number", sa.Integer, nullable=False),
        sa.Column("overlap_until", Instant),
        *_columns("why", "origin"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hook_endpoints"),
        sa.CheckConstraint("version > 0", name="ck_hook_endpoints_version"),
        sa.CheckConstraint("state IN ('active', 'disabled', 'removed')", name="ck_hook_endpoints_state"),
        sqlite_strict=True,
    )
    op.create_table(
        "hook_events",
        *_columns("id", "type", "subject"),
        sa.Column("at", Instant, nullable=False),
        *_columns("body"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_events"),
        sqlite_strict=True,
    )
    op.create_index("ix_hook_events_subject", "hook_events", ["subject"])
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "hook_deliveries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), primary_key=True),
        *_columns("endpoint", "event", "subject", "state"),
        sa.Column("attempts", sa.Integer, nullable=False),
        *(sa.Column(name, Instant, nullable=False) for name in ("created_at", "due_at")),
        *(sa.Column(name, Instant) for name in ("since", "attempted_at")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("code", "milliseconds")),
        *_columns("answer", "why"),
        sa.PrimaryKeyConstraint("number", name="pk_hook_deliveries"),
        sa.ForeignKeyConstraint(["endpoint"], ["hook_endpoints.id"], name="fk_hook_deliveries_endpoint"),
        sa.ForeignKeyConstraint(["event"], ["hook_events.id"], name="fk_hook_deliveries_event"),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'delivered')", name="ck_hook_deliveries_state"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    waits = sa.text("state <> 'delivered'")
    op.create_index("ix_hook_deliveries_event", "hook_deliveries", ["event"])
    op.create_index("ix_hook_deliveries_endpoint_number", "hook_deliveries", ["endpoint", "number"])
    for name, columns in (("due", ["endpoint", "due_at"]), ("subject", ["endpoint", "subject", "number"])):
        op.create_index(
            f"ix_hook_deliveries_{name}", "hook_deliveries", columns, sqlite_where=waits, postgresql_where=waits
        )


def _columns(*names: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
