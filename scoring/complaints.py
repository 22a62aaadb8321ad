"""What a complaint turned out to be: valid or not, of which category, and how it was put right."""

from datetime import datetime
from enum import StrEnum

from scoring.values import Value

__all__ = ["ComplaintCategory", "ComplaintRemedy", "ComplaintVerdict", "Judgement"]


class ComplaintVerdict(StrEnum):
    """Whether there is something to a complaint."""

    VALID = "valid"
    INVALID = "invalid"


class ComplaintCategory(StrEnum):
    """What a complaint is about."""

    QUARREL = "quarrel"
    """Our people quarrelled with the customer."""
    GOODS_DEMANDED = "goods_demanded"
    """Our people asked the customer for goods or money."""
    LATE = "late"
    REPEATED_REPAIR = "repeated_repair"
    """The same fault was repaired several times."""
    RULES_BROKEN = "rules_broken"
    BAD_QUALITY = "bad_quality"
    PRICE_NOT_SHOWN = "price_not_shown"
    """Charges were not shown beforehand."""
    ATTITUDE = "attitude"
    OTHER = "other"


class ComplaintRemedy(StrEnum):
    """How a complaint was put right."""

    REPAIR = "repair"
    EXCHANGE = "exchange"
    RETURN = "return"
    EXPLANATION = "explanation"
    COMPENSATION = "compensation"
    OTHER = "other"


class Judgement(Value):
    """What the team found out about an issue, by whom and when; empty while nobody has looked into it.

    `check_by` is until when that has to be done first, None where no such time is set. `cause` is what it came from,
    `verification` how it was seen that the remedy holds.
    """

    verdict: ComplaintVerdict | None = None
    why: str = ""
    category: ComplaintCategory | None = None
    remedy: ComplaintRemedy | None = None
    by: str = ""
    at: datetime | None = None
    check_by: datetime | None = None
    cause: str = ""
    verification: str = ""

    def waits(self, now: datetime) -> bool:
        """Return whether nobody has looked into it though the time for that is over."""
        return self.at is None and self.check_by is not None and self.check_by <= now

    @property
    def words(self) -> str:
        """What it says, as the timeline has it: `invalid; late; explanation; the customer was away`."""
        found = (self.verdict, self.category, self.remedy, self.why, self.cause, self.verification)
        return "; ".join(filter(None, found))
