"""A key for the telephone number and the postal address of a closing's customer, by which the same home is known."""

from alembic import op

from storage.migrations.columns import add_columns

revision = "0037_contact_keys"
down_revision = "0036_closing_moments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index; closings of before have none, since their customers may have moved meanwhile."""
    add_columns("closings", [("contact_key", "text", "")], behind="tags")
    op.execute("CREATE INDEX ix_closings_contact_key ON closings (contact_key) WHERE contact_key <> ''")
