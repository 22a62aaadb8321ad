"""The tables of what is read in comments, and of phrases."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import CompactInstant, Instant

revision = "0041_phrases"
down_revision = "0040_findings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; the comments of before are read as those that come."""
    op.create_table(
        "comment_readings",
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("at", CompactInstant(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("lexicon", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("response", name="pk_comment_readings"),
        sa.ForeignKeyConstraint(["response"], ["interviews.id"], name="fk_comment_readings_response"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_comment_readings_at_response", "comment_readings", ["at", "response"])
    op.create_table(
        "phrases",
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("phrase", name="pk_phrases"),
        sa.CheckConstraint("version > 0", name="ck_phrases_version"),
        sa.CheckConstraint("state IN ('proposed', 'mapped', 'ignored')", name="ck_phrases_state"),
        sa.CheckConstraint("polarity BETWEEN -1 AND 1", name="ck_phrases_polarity"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
