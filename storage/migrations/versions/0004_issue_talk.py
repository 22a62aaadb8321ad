"""What a customer is told and asked while an issue is in hand."""

from storage.migrations.columns import add_columns

revision = "0004_issue_talk"
down_revision = "0003_campaigns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; old issues have nothing in them."""
    talk = (
        ("draft_for", "maybe_text", None),
        ("progress", "maybe_text", None),
        ("question", "maybe_text", None),
        ("asked_at", "at", None),
    )
    add_columns("issues", talk)
