"""What every decision looks at: the rows, the owner's settings, and the time."""

from datetime import datetime

from bot.handlers.common.policy import Policy
from dialogs.issue.model import Handling
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["DecisionContext"]


class DecisionContext(Value):
    """A moment to decide in. Decisions are pure: what they change they return."""

    snapshot: Snapshot
    policy: Policy
    now: datetime

    def after(self, changes: Changes) -> "DecisionContext":
        """See things as they will be after these changes."""
        return replace(self, snapshot=self.snapshot.after(changes)) if changes.records else self

    @property
    def handling(self) -> Handling:
        """What the issue's table needs to know."""
        return Handling(self.now, self.policy.claim_within)
