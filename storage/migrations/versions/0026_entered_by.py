"""Who entered what a customer answered on another way than a chat."""

from storage.migrations.columns import add_columns

revision = "0026_entered_by"
down_revision = "0025_sheet_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was asked before nothing was entered."""
    add_columns("invitations", [("entered_by", "text", "")], behind="rule")
