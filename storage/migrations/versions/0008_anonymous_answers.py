"""The table of anonymous answers bears the word that the rest of the product uses."""

import sqlalchemy as sa
from alembic import op

revision = "0008_anonymous_answers"
down_revision = "0007_outbox_refs"
branch_labels = None
depends_on = None

_COLUMNS = "id, survey, survey_number, day, answers, comment"


def upgrade() -> None:
    """Make the table anew, so that its key is called as it is; the drawn ids give the order, which tells nothing."""
    op.create_table(
        "anonymous_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("survey_number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_anonymous_answers"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO anonymous_answers ({_COLUMNS}) SELECT {_COLUMNS} FROM nameless_answers ORDER BY id")  # noqa: S608 (our own names)
    op.drop_table("nameless_answers")
