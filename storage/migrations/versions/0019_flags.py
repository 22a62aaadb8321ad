"""What makes a response doubtful; it is raised as an interview ends, so those that have ended have none."""

from storage.migrations.columns import add_columns

revision = "0019_flags"
down_revision = "0018_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    add_columns("interviews", [("flags", "text", "[]")], behind="doubted")
