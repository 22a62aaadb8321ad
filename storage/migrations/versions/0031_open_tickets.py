"""An index of the tickets that are not closed, whose clocks run."""

import sqlalchemy as sa
from alembic import op

revision = "0031_open_tickets"
down_revision = "0030_entered_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    where = sa.text("status <> 'closed'")
    op.create_index("ix_tickets_open", "tickets", ["source", "id"], postgresql_where=where, sqlite_where=where)
