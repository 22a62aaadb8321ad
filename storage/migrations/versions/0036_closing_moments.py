"""The moments by which closings and asks are found, as numbers on SQLite: three places had them in 27 letters."""

from alembic import op

from storage.migrations.columns import remade

revision = "0036_closing_moments"
down_revision = "0035_evidence"
branch_labels = None
depends_on = None

_SECONDS = "CAST(strftime('%s', substr(closed_at, 1, 19)) AS INTEGER)"
_NUMBER = f"{_SECONDS} * 1000000 + CAST(substr(closed_at, 21, 6) AS INTEGER)"


def upgrade() -> None:
    """Make both tables anew on SQLite; PostgreSQL has moments of its own."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("closings", "invitations"):
            remade(table, "\tclosed_at TEXT NOT NULL", "\tclosed_at INTEGER NOT NULL", {"closed_at": _NUMBER})
