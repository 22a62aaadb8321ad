"""Files that come by the API: what is wanted of each, and its content in pieces."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0053_uploads"
down_revision = "0052_outgoing_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no file came by the API before."""
    texts = ("import_id", "task", "state", "kind", "file", "by", "options", "parts", "errors", "told")
    op.create_table(
        "uploads",
        *(sa.Column(name, sa.Text, nullable=False) for name in texts[:6]),
        sa.Column("at", Instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts[6:]),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("import_id", name="pk_uploads"),
        sa.CheckConstraint("task IN ('store', 'undo')", name="ck_uploads_task"),
        sa.CheckConstraint("state IN ('waiting', 'running', 'over')", name="ck_uploads_state"),
        sqlite_strict=True,
    )
    waits = sa.text("state <> 'over'")
    op.create_index("ix_uploads_at", "uploads", ["at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "upload_parts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", "number", name="pk_upload_parts"),
        sqlite_strict=True,
    )
    op.create_index("ix_upload_parts_at", "upload_parts", ["at"])
