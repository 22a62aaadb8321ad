"""The tables of archived reports with their formats and the runs of their schedules."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0046_report_archive"
down_revision = "0045_desk_indexes"
branch_labels = None
depends_on = None

_REPORT = (
    *("id", "about", "kind", "of", "period", "number", "since", "until", "locale", "title", "digest", "by", "at"),
    *("schedule", "link_number", "version"),
)
_RUN = (
    *("id", "schedule", "period", "since", "until", "outcome", "at", "report", "due_at", "told", "wake_at"),
    *("confirmed_by", "confirmed_at", "version"),
)
_INSTANTS = ("since", "until", "at", "due_at", "wake_at", "confirmed_at")
_NUMBERS = ("number", "link_number", "version", "told")
_OPTIONAL = ("due_at", "wake_at", "confirmed_at")


def upgrade() -> None:
    """Make them; no report was kept before."""
    op.create_table(
        "archived_reports",
        *map(_column, _REPORT),
        sa.PrimaryKeyConstraint("id", name="pk_archived_reports"),
        sa.CheckConstraint("version > 0", name="ck_archived_reports_version"),
        sqlite_strict=True,
    )
    op.create_index("ix_archived_reports_about_period", "archived_reports", ["about", "period", "number"])
    op.create_index("ix_archived_reports_at_id", "archived_reports", ["at", "id"])
    op.create_table(
        "archived_files",
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report", "format", name="pk_archived_files"),
        sa.ForeignKeyConstraint(["report"], ["archived_reports.id"], name="fk_archived_files_report"),
        sa.ForeignKeyConstraint(["hash"], ["files.hash"], name="fk_archived_files_hash"),
        sqlite_strict=True,
    )
    op.create_index("ix_archived_files_hash", "archived_files", ["hash"])
    _runs()


def _runs() -> None:
    op.create_table(
        "report_runs",
        *map(_column, _RUN),
        sa.PrimaryKeyConstraint("id", name="pk_report_runs"),
        sa.CheckConstraint("version > 0", name="ck_report_runs_version"),
        sa.CheckConstraint("outcome IN ('made', 'empty')", name="ck_report_runs_outcome"),
        sqlite_strict=True,
    )
    waits = sa.text("wake_at IS NOT NULL")
    op.create_index("ix_report_runs_wake_at", "report_runs", ["wake_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_report_runs_schedule_at", "report_runs", ["schedule", "at"])
    op.create_index("ix_report_runs_at_id", "report_runs", ["at", "id"])


def _column(name: str) -> "sa.Column[object]":
    kind = Instant() if name in _INSTANTS else sa.Integer() if name in _NUMBERS else sa.Text()
    return sa.Column(name, kind, nullable=name in _OPTIONAL)
