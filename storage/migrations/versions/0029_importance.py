"""How important to customers is what they rated: a state of interviews, and a column of ratings."""

from storage.migrations.columns import add_columns, allow_value

revision = "0029_importance"
down_revision = "0028_small_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow the state, and add the column; nobody was asked before."""
    allow_value("interviews", "state", "weighing", behind="remarking")
    add_columns("ratings", [("importance", "number", 0)], behind="rules")
