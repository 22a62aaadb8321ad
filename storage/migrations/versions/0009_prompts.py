"""What messages say lies apart from them, so that it can be deleted for good; of each message only the last wording.

The deliveries and the log of answers lie in the order of their keys, which saves an index each.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import drop_column, without_rowid

revision = "0009_prompts"
down_revision = "0008_anonymous_answers"
branch_labels = None
depends_on = None

_KEPT = """
INSERT INTO prompts (message, body)
SELECT o.id, o.prompt FROM outbox o
WHERE o.status IN ('pending', 'held', 'leased')
OR o.status <> 'superseded' AND NOT EXISTS (
    SELECT 1 FROM outbox later
    WHERE later.status = 'sent' AND later.edits = coalesce(o.edits, o.id) AND later.seq > o.seq
)
"""
"""All but what was overtaken by an edit that arrived, or by one that waits."""


def upgrade() -> None:
    """Move what somebody may need yet, drop the rest."""
    op.create_table(
        "prompts",
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["message"], ["outbox.id"], name="fk_prompts_message", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message", name="pk_prompts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(_KEPT)
    drop_column("outbox", "prompt")
    op.drop_index("ix_outbox_pending_not_before", table_name="outbox")
    op.drop_index("ix_outbox_receipt", table_name="outbox")
    shown = sa.text("receipt <> '' AND edits IS NULL")
    op.create_index(
        "ix_outbox_receipt", "outbox", ["channel", "chat", "receipt"], sqlite_where=shown, postgresql_where=shown
    )
    for table in ("answer_logs", "inbox"):
        without_rowid(table)
