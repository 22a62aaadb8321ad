"""Indexes by which a help desk's last deliveries, and a customer by phone or e-mail, are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0045_desk_indexes"
down_revision = "0044_files"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_inbox_desks", "inbox", ("door", "received_at"), "substr(door, 1, 15) = '/hooks/tickets/'"),
    ("ix_customers_phone", "customers", ("phone",), "phone <> ''"),
    ("ix_customers_email", "customers", ("email",), "email <> ''"),
)


def upgrade() -> None:
    """Make them."""
    for name, table, columns, condition in _INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
