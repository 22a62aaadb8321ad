"""Since when an issue has its holder."""

from storage.migrations.columns import add_columns

revision = "0013_holder_since"
down_revision = "0012_tickets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody is reminded of what was claimed before, until it is handed over or claimed anew."""
    add_columns("issues", [("claimed_at", "at", None)], behind="asked_at")
