"""Files that messages carry, by the hash of their content, and which message carries which."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import remade
from storage.schema.column_types import Instant

revision = "0044_files"
down_revision = "0041_phrases"
branch_labels = None
depends_on = None

_BODY, _FOREIGN = "\tbody TEXT NOT NULL, \n", "FOREIGN KEY(file) REFERENCES files (hash)"
_IS_SET = sa.text("file IS NOT NULL")


def upgrade() -> None:
    """Make their table; the messages of before carry none."""
    op.create_table(
        "files",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_files"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        remade("prompts", _BODY, f"{_BODY}\tfile TEXT, \n\tCONSTRAINT fk_prompts_file {_FOREIGN}, \n", {})
    else:
        op.add_column("prompts", sa.Column("file", sa.Text(), nullable=True))
        op.create_foreign_key("fk_prompts_file", "prompts", "files", ["file"], ["hash"])
    op.create_index("ix_prompts_file", "prompts", ["file"], sqlite_where=_IS_SET, postgresql_where=_IS_SET)
