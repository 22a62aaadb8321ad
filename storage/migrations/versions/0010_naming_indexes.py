"""Indexes by which whatever names a person is found without reading a whole table."""

import sqlalchemy as sa
from alembic import op

revision = "0010_naming_indexes"
down_revision = "0009_prompts"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_inbox_content", "inbox", ("received_at", "key"),
     "length(raw) > 0 OR answer NOT IN ('', '200 {}', '200 {\"forgotten\":true}')"),
    ("ix_inbox_customer_pages", "inbox", ("door",), "substr(door, 1, 18) = '/api/v1/customers/'"),
    ("ix_outbox_customer", "outbox", ("customer",), "customer IS NOT NULL"),
    ("ix_outbox_receipt", "outbox", ("channel", "chat", "receipt"), "edits IS NULL"),
    ("ix_tickets_closed_at", "tickets", ("closed_at",), "closed_at IS NOT NULL"),
    ("ix_issues_not_closed", "issues", ("id",), "state IN ('open', 'claimed', 'resolved')"),
    ("ix_issues_with_team", "issues", ("opened_at", "id"), "state IN ('open', 'claimed')"),
    ("ix_requests_asked_at_id", "requests", ("asked_at", "id"), None),
    ("ix_requests_open", "requests", ("due_at",), "done_at IS NULL"),
)  # fmt: skip


def upgrade() -> None:
    """Make them; two that held some rows hold all that are asked for."""
    op.drop_index("ix_outbox_customer", table_name="outbox")
    op.drop_index("ix_outbox_receipt", table_name="outbox")
    for name, table, columns, condition in _INDEXES:
        # A colon would begin a parameter.
        where = None if condition is None else sa.text(condition.replace(":", r"\:"))
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
