"""The register of imports, what each has stored, and the word for a closing that came by one."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import add_columns, allow_value
from storage.schema.column_types import Instant

revision = "0047_imports"
down_revision = "0046_report_archive"
branch_labels = None
depends_on = None

_STATES = ("checking", "running", "done", "refused", "failed", "undoing", "undone")


def upgrade() -> None:
    """Make the tables; no ticket of before came by an import."""
    op.create_table(
        "imports",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("id", "kind", "state", "file", "by", "options")),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("rows", "position", "added", "same", "refused")),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, _STATES))})", name="ck_imports_state"),
        sqlite_strict=True,
    )
    op.create_index("ix_imports_started_at_id", "imports", ["started_at", "id"])
    op.create_table(
        "import_chunks",
        sa.Column("import", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("noted", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("import", "number", name="pk_import_chunks"),
        sa.ForeignKeyConstraint(["import"], ["imports.id"], name="fk_import_chunks_import"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    allow_value("invitations", "reason", "imported", "reopened")
    add_columns("tickets", [("imported", "text", "")], behind="details")
