"""What is to be improved, with its measure and what came of it, and the customers who raised it."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0040_findings"
down_revision = "0039_clarifying"
branch_labels = None
depends_on = None

_KINDS = ("low_item", "phrase", "recurrence", "warning", "sla", "audit", "assessment", "suggestion")
_STATES = ("open", "planned", "overdue", "done", "undecided", "reached", "told", "dismissed")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "findings",
        *_texts("id", "kind", "text", "department"),
        sa.Column("opened_at", Instant, nullable=False),
        *_texts("opened_by", "origin", "responses", "issues", "state"),
        sa.Column("measure", sa.Text),
        *(sa.Column(name, Instant) for name in ("reminded_at", "escalated_at", "done_at")),
        *_texts("done_by", "results", "campaign", "told"),
        sa.Column("closed_at", Instant),
        *_texts("closed_by", "note"),
        sa.Column("look_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.CheckConstraint(f"kind IN ({', '.join(map(repr, _KINDS))})", name="ck_findings_kind"),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, _STATES))})", name="ck_findings_state"),
        sa.CheckConstraint("version > 0", name="ck_findings_version"),
        sqlite_strict=True,
    )
    op.create_index("ix_findings_opened_at_id", "findings", ["opened_at", "id"])
    where = sa.text("look_at IS NOT NULL")
    op.create_index("ix_findings_look_at", "findings", ["look_at"], postgresql_where=where, sqlite_where=where)
    op.create_table(
        "finding_voices",
        *_texts("finding", "customer", "said"),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("finding", "customer", name="pk_finding_voices"),
        sa.ForeignKeyConstraint(["finding"], ["findings.id"], name="fk_finding_voices_finding"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_finding_voices_customer"),
        sqlite_strict=True,
    )
    op.create_index("ix_finding_voices_customer", "finding_voices", ["customer"])
