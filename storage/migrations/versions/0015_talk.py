"""Words of a customer that are no answer, what one text rated at once, and messages above or in doubt."""

from storage.migrations.columns import add_columns

revision = "0015_talk"
down_revision = "0014_quotes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; old interviews have nothing in them."""
    talk = (("said", "text", "[]"), ("undo", "text", "[]"), ("above", "maybe_text", None), ("doubted", "text", ""))
    add_columns("interviews", talk, behind="reminded_at")
