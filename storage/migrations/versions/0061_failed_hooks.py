"""The word for a webhook that its endpoint did not take for a day, while it took others."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import allow_value

revision = "0061_failed_hooks"
down_revision = "0060_import_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow it, and find those of an endpoint by an index; none of before has failed so."""
    allow_value("hook_deliveries", "state", "failed", "delivered")
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_hook_deliveries_failed",
        "hook_deliveries",
        ["endpoint", "number"],
        sqlite_where=failed,
        postgresql_where=failed,
    )
