"""The table of filled sheets."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0022_assessments"
down_revision = "0021_judgements"
branch_labels = None
depends_on = None

_NULLABLE = ("total", "customer")
_INSTANTS = ("since", "until", "at")
_COLUMNS = (
    *("id", "form", "form_number", "subject_kind", "subject", "period", "since", "until", "role", "rater", "by", "at"),
    *("sheet", "words", "evidence", "total", "customer", "source", "version"),
)
_KINDS = "'agent', 'team', 'station', 'department'"
_ROLES = "'self', 'superior', 'peer', 'subordinate', 'station', 'auditor', 'customer'"


def upgrade() -> None:
    """Make it; nobody has filled a sheet before."""
    op.create_table(
        "assessments",
        *(sa.Column(name, _type_of(name), nullable=name in _NULLABLE) for name in _COLUMNS),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_assessments_customer"),
        sa.CheckConstraint("version > 0", name="ck_assessments_version"),
        sa.CheckConstraint(f"subject_kind IN ({_KINDS})", name="ck_assessments_subject_kind"),
        sa.CheckConstraint(f"role IN ({_ROLES})", name="ck_assessments_role"),
        sqlite_strict=True,
    )
    is_theirs = sa.text("customer IS NOT NULL")
    op.create_index(
        "ix_assessments_customer", "assessments", ["customer"], sqlite_where=is_theirs, postgresql_where=is_theirs
    )
    op.create_index("ix_assessments_subject_since", "assessments", ["subject", "since"])
    op.create_index("ix_assessments_at_id", "assessments", ["at", "id"])


def _type_of(name: str) -> sa.Integer | sa.Text | Instant:
    if name in _INSTANTS:
        return Instant()
    return sa.Integer() if name in {"form_number", "version"} else sa.Text()
