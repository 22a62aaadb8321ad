"""The table of published periods."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0032_publications"
down_revision = "0031_open_tickets"
branch_labels = None
depends_on = None

_INSTANTS = ("since", "until", "at")
_COLUMNS = (
    *("id", "about", "period", "number", "since", "until", "timezone", "asked", "metrics", "locale"),
    *("content", "digest", "tally", "inputs_digest", "rules", "rules_from", "by", "at", "reason", "changes"),
)


def upgrade() -> None:
    """Make it; nothing has been published before."""
    op.create_table(
        "publications",
        *(sa.Column(name, _type_of(name), nullable=False) for name in _COLUMNS),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sqlite_strict=True,
    )
    op.create_index("ix_publications_about_period", "publications", ["about", "period"])
    op.create_index("ix_publications_at_id", "publications", ["at", "id"])


def _type_of(name: str) -> sa.Integer | sa.Text | Instant:
    if name in _INSTANTS:
        return Instant()
    return sa.Integer() if name == "number" else sa.Text()
