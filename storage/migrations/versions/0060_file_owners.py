"""Which customer a file was uploaded for, so that an erasure finds what was never sent; and that stays a week only."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import add_columns
from storage.schema.column_types import Instant

revision = "0060_file_owners"
down_revision = "0058_comment_verdicts"
branch_labels = None
depends_on = None

_files = sa.table(
    "assessment_files",
    sa.column("id", sa.Text),
    sa.column("assessment", sa.Text),
    sa.column("customer", sa.Text),
    sa.column("at", Instant),
    sa.column("kept_until", Instant),
)
_sheets = sa.table("assessments", sa.column("id", sa.Text), sa.column("customer", sa.Text))
_UNSENT_STAYS = timedelta(days=7)


def upgrade() -> None:
    """Add the column, known where a sheet was sent. Whose the others are nobody can tell: their time is shortened."""
    add_columns("assessment_files", [("customer", "maybe_text", None)])
    op.create_index(
        "ix_assessment_files_customer",
        "assessment_files",
        ["customer"],
        sqlite_where=sa.text("customer IS NOT NULL"),
        postgresql_where=sa.text("customer IS NOT NULL"),
    )
    database, file = op.get_bind(), _files.c
    theirs = sa.select(_sheets.c.customer).where(_sheets.c.id == file.assessment).scalar_subquery()
    database.execute(sa.update(_files).values(customer=theirs))
    unsent = sa.select(file.id, file.at, file.kept_until).where(file.kept_until.is_not(None))
    for id_, at, kept_until in database.execute(unsent).all():
        sooner = min(kept_until, at + _UNSENT_STAYS)
        database.execute(sa.update(_files).where(file.id == id_).values(kept_until=sooner))
