"""The word for a webhook that its endpoint did not take for a day, while it took others."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import allow_value

revision = "0062_failed_hooks"
down_revision = "0061_import_claims"
branch_labels = None
depends_on = None


_LAST = "SELECT seq FROM sqlite_sequence WHERE name = 'hook_deliveries'"


def _allow() -> None:
    """Allow the word; SQLite makes the table anew for it, and must not give out a number twice."""
    database = op.get_bind()
    is_file = database.dialect.name == "sqlite"
    last = database.exec_driver_sql(_LAST).scalar() if is_file else None
    allow_value("hook_deliveries", "state", "failed", "delivered")
    if is_file:
        op.execute("DELETE FROM sqlite_sequence WHERE name LIKE '%hook_deliveries'")
    if last is not None:
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('hook_deliveries', {int(last)})")  # noqa: S608 (a number)


def upgrade() -> None:
    """Allow it, and find those of an endpoint by an index; none of before has failed so."""
    _allow()
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_hook_deliveries_failed",
        "hook_deliveries",
        ["endpoint", "number"],
        sqlite_where=failed,
        postgresql_where=failed,
    )
