"""An index by which the closings of a period are found."""

from alembic import op

revision = "0017_closed_invitations"
down_revision = "0016_ticket_details"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_invitations_closed_at", "invitations", ["closed_at"])
