"""Indexes by which the closings of a customer are found in their order in time, and who shares a postal address."""

import sqlalchemy as sa
from alembic import op

revision = "0064_closings_of_customers"
down_revision = "0063_sentences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; what was found by the customer alone is found by the first as well."""
    told = sa.text("postal_address <> ''")
    op.create_index("ix_closings_customer_closed_at", "closings", ["customer", "closed_at"])
    op.drop_index("ix_closings_customer", "closings")
    op.create_index(
        "ix_customers_postal_address", "customers", ["postal_address"], sqlite_where=told, postgresql_where=told
    )
