"""The index of customers by e-mail address goes by its small letters, since a help desk writes one in other letters."""

import sqlalchemy as sa
from alembic import op

revision = "0054_email_case"
down_revision = "0053_uploads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it anew."""
    where = sa.text("email <> ''")
    op.drop_index("ix_customers_email", "customers")
    small = sa.text("lower(email)")
    op.create_index("ix_customers_email", "customers", [small], sqlite_where=where, postgresql_where=where)
