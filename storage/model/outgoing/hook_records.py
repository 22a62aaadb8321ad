"""Outgoing webhooks: who listens, what happened, and how each delivery of it stands."""

from datetime import datetime
from enum import StrEnum

from scoring.values import Value

__all__ = [
    "RULES_ORIGIN",
    "EndpointStatus",
    "HookDelivery",
    "HookDeliveryStatus",
    "HookEndpoint",
    "HookEvent",
    "HookEventType",
    "customer_subject",
]


class HookEventType(StrEnum):
    """What an endpoint can listen to."""

    RESPONSE_COMPLETED = "response.completed"
    RESPONSE_PARTIAL = "response.partial"
    ISSUE_OPENED = "issue.opened"
    ISSUE_CLAIMED = "issue.claimed"
    ISSUE_RESOLVED = "issue.resolved"
    ISSUE_REOPENED = "issue.reopened"
    ISSUE_CLOSED = "issue.closed"
    CUSTOMER_OPTED_OUT = "customer.opted_out"
    INVITATION_UNDELIVERABLE = "invitation.undeliverable"
    CAMPAIGN_FINISHED = "campaign.finished"
    TEST = "webhook.test"
    """Nothing happened: somebody tests whether an endpoint receives."""


class EndpointStatus(StrEnum):
    """Whether an endpoint is sent anything."""

    ACTIVE = "active"
    DISABLED = "disabled"
    """Nothing is sent; what happens is kept for it as long as deliveries are kept."""
    REMOVED = "removed"
    """It is sent nothing any more, and nothing is kept for it."""


RULES_ORIGIN = "rules"
"""The origin of endpoints that stand in the owner's rules.toml."""


class HookEndpoint(Value):
    """An address that is told of what happens; `events` are the types that it listens to, empty for all.

    Its secret is the one of `secret_number`; until `overlap_until` the one before signs as well. `why` tells why it was
    disabled by the service itself. `origin` is `rules` for one from the rules file.
    """

    id: str
    name: str
    url: str
    created_at: datetime
    events: tuple[HookEventType, ...] = ()
    state: EndpointStatus = EndpointStatus.ACTIVE
    secret_number: int = 1
    overlap_until: datetime | None = None
    why: str = ""
    origin: str = ""
    version: int = 0

    @property
    def is_from_file(self) -> bool:
        """Whether it stands in rules.toml, where alone it is changed."""
        return self.origin == RULES_ORIGIN


class HookEvent(Value):
    """Something that happened to a subject, with the body as endpoints get it."""

    id: str
    type: HookEventType
    subject: str
    at: datetime
    body: str


def customer_subject(customer: str) -> str:
    """Return the subject of what happens to a customer, whose id is the help desk's and may look like any other."""
    return f"customer:{customer}"


class HookDeliveryStatus(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """It was not taken for a day, while others were: it is sent no more, and holds up nothing."""


class HookDelivery(Value):
    """One event for one endpoint; `number` is its place in the order of all deliveries.

    It is sent when it is due; of one that is being sent `due_at` is when its sender is taken for dead. `since` is
    when it was tried first, `attempted_at` last. `code` is the last answer's status, 0 without one; it took
    `milliseconds` and began with `answer`. `why` tells why that was no success.
    """

    number: int
    endpoint: str
    event: str
    type: HookEventType
    subject: str
    state: HookDeliveryStatus
    attempts: int
    created_at: datetime
    due_at: datetime
    since: datetime | None
    attempted_at: datetime | None
    code: int
    milliseconds: int
    answer: str
    why: str
