"""Find every message about an interview, also those sent: an anonymous one leaves none of them behind."""

from alembic import op

revision = "0005_outbox_about"
down_revision = "0004_issue_talk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index all rows, no longer only those that wait."""
    op.drop_index("ix_outbox_about", table_name="outbox")
    op.create_index("ix_outbox_about", "outbox", ["about"])
