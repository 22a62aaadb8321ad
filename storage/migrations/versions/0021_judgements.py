"""What the team found out about an issue: a verdict, a category, a remedy; nobody has judged those that there are."""

from storage.migrations.columns import add_columns

revision = "0021_judgements"
down_revision = "0020_exclusions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    add_columns("issues", [("judgement", "text", "{}")], behind="quotes")
