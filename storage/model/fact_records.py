"""What figures are counted from: closings as they were, and the ratings of answers as they stand."""

from datetime import datetime
from enum import StrEnum

from scoring.validity import COUNTING_RULES, ExclusionReason
from scoring.values import Value

__all__ = ["Closing", "RatingFact", "RatingStatus"]


class Closing(Value):
    """A closing of a ticket as the ticket and its customer were then; never changed, also where the ticket is.

    `number` counts the ticket's closings from 1; `closed_at` is when it was closed, from which the invitation counts,
    the other instants are those reported by then. `contract` names the agreement with its terms, `tier` the customer's.
    `contact_key` stands for the customer's telephone number and postal address, both the same; empty without both.
    """

    source: str
    ticket: str
    number: int
    customer: str
    closed_at: datetime
    requested_at: datetime | None = None
    opened_at: datetime | None = None
    first_replied_at: datetime | None = None
    assigned_at: datetime | None = None
    appointment_at: datetime | None = None
    onsite_at: datetime | None = None
    solved_at: datetime | None = None
    agent_id: str = ""
    agent_name: str = ""
    team: str = ""
    station: str = ""
    area: str = ""
    product: str = ""
    category: str = ""
    service_type: str = ""
    source_channel: str = ""
    contract: str = ""
    tier: str = ""
    tags: tuple[str, ...] = ()
    contact_key: str = ""


class RatingStatus(StrEnum):
    """Whether a rating counts."""

    COUNTED = "counted"
    EXCLUDED = "excluded"
    """It does not, for a reason that is stored with it."""
    UNDONE = "undone"
    """The customer took it back before the interview ended: no answer, neither counted nor excluded."""


class RatingFact(Value):
    """An item rated in a response: `value` on a scale from `lowest` to `highest`, given on `channel`.

    `source`, `ticket` and `closing` are the key of the closing that it is about; empty and 0 for an answer about none.
    `item` is the question's id in this version of the survey, `dimension` what it measures. The rating of an interview
    is written in its own transaction, as it stands after the answer: a correction replaces the value. `importance` is
    how important the customer finds it, from 1 to 5, and 0 where nobody said.
    """

    source: str
    ticket: str
    closing: int
    response: str
    item: str
    survey: str
    survey_number: int
    dimension: str
    value: int
    lowest: int
    highest: int
    at: datetime
    channel: str
    status: RatingStatus = RatingStatus.COUNTED
    reason: ExclusionReason | None = None
    rules: int = COUNTING_RULES
    importance: int = 0
