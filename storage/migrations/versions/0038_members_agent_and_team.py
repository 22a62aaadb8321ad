"""What tickets call a member of the roster, and the team whose figures they read."""

from storage.migrations.columns import add_columns

revision = "0038_members_agent_and_team"
down_revision = "0037_contact_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both, empty: tickets call members by their names, and leads read the figures of all teams, as before."""
    add_columns("members", [("agent", "text", ""), ("team", "text", "")], behind="code_expires_at")
