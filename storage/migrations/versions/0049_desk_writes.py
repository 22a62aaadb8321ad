"""What is written into tickets of help desks: a purpose of messages, and when a customer was last sent a link there."""

from storage.migrations.columns import add_columns, allow_value

revision = "0049_desk_writes"
down_revision = "0047_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow the purpose; nobody was sent a link into a ticket before."""
    allow_value("outbox", "purpose", "desk", behind="campaign")
    add_columns("customers", [("invited_at", "at", None)], behind="postal_address")
