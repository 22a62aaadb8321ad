"""What an encoder has read in the sentences of comments, and by which: those of before are read in their own time."""

from alembic import op

from storage.migrations.columns import add_columns

revision = "0063_sentences"
down_revision = "0062_failed_hooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and find what is still to be read by an index."""
    add_columns("comment_readings", [("encoder", "number", 0), ("sentences", "text", "[]")], behind="verdicts")
    op.create_index("ix_comment_readings_encoder_lexicon_at", "comment_readings", ["encoder", "lexicon", "at"])
