"""The number on a customer's paper: two papers of customers who are not known are two sheets."""

from storage.migrations.columns import add_columns

revision = "0025_sheet_numbers"
down_revision = "0024_last_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; sheets of before have no number."""
    add_columns("assessments", [("sheet_no", "text", "")], behind="source")
