"""What a chat still lets us send, what its owner has granted, and every try at a delivery."""

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0002_windows"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the index that finds what is held for a chat."""
    _windows()
    _grants()
    _attempts()
    is_held = sa.text("status = 'held'")
    op.create_index(
        "ix_outbox_held_channel_chat", "outbox", ["channel", "chat"], sqlite_where=is_held, postgresql_where=is_held
    )


def _windows() -> None:
    op.create_table(
        "windows",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("typed_at", Instant()),
        sa.Column("typed_used", sa.Integer(), nullable=False),
        sa.Column("clicked_at", Instant()),
        sa.Column("clicked_used", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", name="pk_windows"),
        sa.CheckConstraint("version > 0", name="ck_windows_version"),
        sqlite_strict=True,
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False, quote=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", "template", name="pk_grants"),
        sa.CheckConstraint("version > 0", name="ck_grants_version"),
        sa.CheckConstraint('"left" >= 0', name="ck_grants_left"),
        sqlite_strict=True,
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message", "at", "number", name="pk_attempts"),
        sa.ForeignKeyConstraint(["message"], ["outbox.id"], name="fk_attempts_message"),
        sqlite_strict=True,
    )
