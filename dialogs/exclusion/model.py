"""What the exclusion of a response is: who proposed it and why, who decided, who appealed and who reviewed that."""

from datetime import datetime
from enum import StrEnum

from scoring.validity import BY_RULE, ExclusionReason
from scoring.values import Value

__all__ = ["BY_PEOPLE", "Exclusion", "ExclusionState"]


class ExclusionState(StrEnum):
    """Where an exclusion stands."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    EXCLUDED = "excluded"
    APPEALED = "appealed"
    UPHELD = "upheld"
    RESTORED = "restored"


_WITHOUT_PEOPLE = {ExclusionReason.REOPENED, *BY_RULE} - {ExclusionReason.DUPLICATE}
BY_PEOPLE = tuple(reason for reason in ExclusionReason if reason not in _WITHOUT_PEOPLE)
"""The reasons that people may give; that a ticket was reopened, and what rules find, is known without them."""


class Exclusion(Value):
    """The exclusion of a response, the `number`-th of it, 1 first; its texts are the people's own words.

    `evidence` are links, of an appeal. `appeal_until` is when the decision becomes final. While `excludes` holds, the
    response's ratings do not count.
    """

    id: str
    response: str
    number: int
    reason: ExclusionReason
    proposed_by: str
    proposed_at: datetime
    note: str
    state: ExclusionState = ExclusionState.PROPOSED
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    appeal_until: datetime | None = None
    appealed_by: str = ""
    appealed_at: datetime | None = None
    appeal: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    review: str = ""
    evidence: tuple[str, ...] = ()
    version: int = 0

    @property
    def excludes(self) -> bool:
        """Whether the response does not count."""
        return self.state in (ExclusionState.EXCLUDED, ExclusionState.APPEALED, ExclusionState.UPHELD)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return self.state in (ExclusionState.PROPOSED, ExclusionState.APPEALED)
