"""The table of figures, benchmarks and remarks that people enter."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0030_entered_figures"
down_revision = "0029_importance"
branch_labels = None
depends_on = None

_INSTANTS = ("since", "until", "at")
_COLUMNS = (
    *("id", "kind", "metric", "period", "since", "until", "cut", "by", "at", "numerator", "denominator"),
    *("origin", "dated", "conclusion", "measures", "version"),
)


def upgrade() -> None:
    """Make it; nobody has entered anything before."""
    op.create_table(
        "entered_figures",
        *(sa.Column(name, _type_of(name), nullable=False) for name in _COLUMNS),
        sa.PrimaryKeyConstraint("id", name="pk_entered_figures"),
        sa.CheckConstraint("version > 0", name="ck_entered_figures_version"),
        sa.CheckConstraint("kind IN ('figure', 'benchmark', 'remark')", name="ck_entered_figures_kind"),
        sqlite_strict=True,
    )
    op.create_index("ix_entered_figures_since", "entered_figures", ["since"])
    op.create_index("ix_entered_figures_at_id", "entered_figures", ["at", "id"])


def _type_of(name: str) -> sa.Integer | sa.Text | Instant:
    if name in _INSTANTS:
        return Instant()
    return sa.Integer() if name == "version" else sa.Text()
