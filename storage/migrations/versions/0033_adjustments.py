"""The table of what somebody adds to the result of sheets."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0033_adjustments"
down_revision = "0032_publications"
branch_labels = None
depends_on = None

_COLUMNS = ("id", "form", "subject_kind", "subject", "period", "since", "points", "reason", "by", "at")


def upgrade() -> None:
    """Make it; nothing was added before."""
    op.create_table(
        "adjustments",
        *(
            sa.Column(name, Instant() if name in {"since", "at"} else sa.Text(), nullable=name == "points")
            for name in _COLUMNS
        ),
        sa.PrimaryKeyConstraint("id", name="pk_adjustments"),
        sa.CheckConstraint(
            "subject_kind IN ('agent', 'team', 'station', 'department')", name="ck_adjustments_subject_kind"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_adjustments_subject_since", "adjustments", ["subject", "since"])
