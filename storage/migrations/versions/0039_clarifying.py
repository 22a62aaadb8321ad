"""Customers are asked which is meant where their words say the opposite of their ratings: a state of interviews."""

from storage.migrations.columns import allow_value

revision = "0039_clarifying"
down_revision = "0038_members_agent_and_team"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow the state."""
    allow_value("interviews", "state", "clarifying", behind="commenting")
