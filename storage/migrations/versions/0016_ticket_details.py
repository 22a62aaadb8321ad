"""What help desks tell of a service visit besides what has a column: one JSON value for each ticket."""

from storage.migrations.columns import add_columns

revision = "0016_ticket_details"
down_revision = "0015_talk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of old tickets nothing is known."""
    add_columns("tickets", [("details", "text", "{}")], behind="open_since")
