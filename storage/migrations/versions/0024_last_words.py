"""Where the words of a comment's last message begin: what is reworded in the chat replaces these and no others."""

from storage.migrations.columns import add_columns

revision = "0024_last_words"
down_revision = "0023_rollups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a comment of before counts as one message."""
    add_columns("interviews", [("comment_begins", "number", 0)], behind="exclusion")
