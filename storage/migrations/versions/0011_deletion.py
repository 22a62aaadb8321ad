"""What outlives deleted rows: the hash of what a message said, and of each event of a help desk."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import add_columns

revision = "0011_deletion"
down_revision = "0010_naming_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for what was written before, and the table."""
    add_columns("outbox", [("text_hash", "maybe_bytes", None)], behind="seq")
    op.create_table(
        "known_events",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_known_events"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
