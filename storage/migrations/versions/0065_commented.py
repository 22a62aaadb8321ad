"""An index of the interviews that hold a comment, by which the register of personal data counts them."""

import sqlalchemy as sa
from alembic import op

revision = "0065_commented"
down_revision = "0064_closings_of_customers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    told = sa.text("comment <> ''")
    op.create_index(
        "ix_interviews_commented", "interviews", ["asked_at", "id"], sqlite_where=told, postgresql_where=told
    )
