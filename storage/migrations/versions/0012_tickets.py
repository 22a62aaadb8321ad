"""How a customer is rung and written to, where a ticket stands in its help desk, and since when it is open."""

from storage.migrations.columns import add_columns

revision = "0012_tickets"
down_revision = "0011_deletion"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of old rows nothing is known."""
    add_columns("customers", [(name, "text", "") for name in ("phone", "email", "postal_address")])
    add_columns("tickets", [("url", "text", ""), ("open_since", "at", None)], behind="appointment_at")
