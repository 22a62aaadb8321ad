"""Responses that people exclude from figures: who proposed it, who decided, who appealed, who reviewed that."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import add_columns
from storage.schema.column_types import Instant

revision = "0020_exclusions"
down_revision = "0019_flags"
branch_labels = None
depends_on = None

_STATES = ("proposed", "rejected", "excluded", "appealed", "upheld", "restored")


def upgrade() -> None:
    """Make the table, and the column of interviews that says why they do not count."""
    add_columns("interviews", [("exclusion", "maybe_text", None)], behind="flags")
    op.create_table(
        "exclusions",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("id", "response")),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "proposed_by")),
        sa.Column("proposed_at", Instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("note", "state", "decided_by")),
        sa.Column("decided_at", Instant),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("appeal_until", Instant),
        sa.Column("appealed_by", sa.Text, nullable=False),
        sa.Column("appealed_at", Instant),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("appeal", "reviewed_by")),
        sa.Column("reviewed_at", Instant),
        sa.Column("review", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exclusions"),
        sa.ForeignKeyConstraint(["response"], ["interviews.id"], name="fk_exclusions_response"),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, _STATES))})", name="ck_exclusions_state"),
        sa.CheckConstraint("version > 0", name="ck_exclusions_version"),
        sqlite_strict=True,
    )
    op.create_index("ix_exclusions_response", "exclusions", ["response"])
    op.create_index("ix_exclusions_proposed_at_id", "exclusions", ["proposed_at", "id"])
