"""What every decision looks at: rows, settings, time."""

from datetime import datetime

from bot.handlers.common.policy import Policy
from dialogs.issue.model import IssueTerms
from dialogs.time.doubt import Doubt, has_passed
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["DecisionContext"]


class DecisionContext(Value):
    """Rows, settings and time of a decision. Decisions are pure: what they change they return."""

    snapshot: Snapshot
    policy: Policy
    now: datetime
    doubt: Doubt | None = None
    """Which moments are unknown to have passed; None while the time is corroborated."""

    def has_passed(self, moment: datetime) -> bool:
        """Return whether a moment has passed for certain, so that what cannot be undone may follow from it."""
        return has_passed(moment, self.now, self.doubt)

    def after(self, changes: Changes) -> "DecisionContext":
        """Return the context with the rows as they will be after these changes."""
        return replace(self, snapshot=self.snapshot.after(changes)) if changes.records else self

    @property
    def issue_terms(self) -> IssueTerms:
        """What the issue's table takes: the time, and how long what may take."""
        policy = self.policy
        times = (policy.claim_within, policy.working, policy.takeover_after, policy.resolve_within)
        return IssueTerms(self.now, *times, check_within=policy.check_within)
