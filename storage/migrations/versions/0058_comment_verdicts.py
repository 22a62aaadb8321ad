"""What whole comments say, beside what was found in them.

Of the comments of before it is not known yet: they are read again by themselves, since they are known by the weights.
"""

from storage.migrations.columns import add_columns

revision = "0058_comment_verdicts"
down_revision = "0056_kept_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    add_columns("comment_readings", [("polarity", "maybe_number", None), ("verdicts", "text", "[]")], behind="found")
