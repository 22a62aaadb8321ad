"""A message that is about nothing says so by NULL; only the others are found by what they are about."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import make_optional

revision = "0007_outbox_refs"
down_revision = "0006_reasons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column nullable, and index only what is not NULL."""
    op.drop_index("ix_outbox_about", table_name="outbox")
    make_optional("outbox", "about")
    there = sa.text("about IS NOT NULL")
    op.create_index("ix_outbox_about", "outbox", ["about"], sqlite_where=there, postgresql_where=there)
