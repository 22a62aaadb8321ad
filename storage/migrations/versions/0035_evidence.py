"""What whoever appeals against an exclusion shows: links."""

from storage.migrations.columns import add_columns

revision = "0035_evidence"
down_revision = "0034_small_rows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; appeals of before have none."""
    add_columns("exclusions", [("evidence", "text", "[]")], behind="review")
