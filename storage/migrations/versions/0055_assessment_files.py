"""Files as evidence beside the items of assessments, which were addresses only."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0055_assessment_files"
down_revision = "0054_email_case"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; addresses stay where they are."""
    texts = ("id", "assessment", "item", "hash", "name", "media_type")
    op.create_table(
        "assessment_files",
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kept_until", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_files"),
        sa.ForeignKeyConstraint(["hash"], ["files.hash"], name="fk_assessment_files_hash"),
        sa.CheckConstraint("version > 0", name="ck_assessment_files_version"),
        sqlite_strict=True,
    )
    op.create_index("ix_assessment_files_hash", "assessment_files", ["hash"])
    op.create_index("ix_assessment_files_assessment", "assessment_files", ["assessment"])
    goes = sa.text("kept_until IS NOT NULL")
    op.create_index(
        "ix_assessment_files_kept_until", "assessment_files", ["kept_until"], sqlite_where=goes, postgresql_where=goes
    )
