"""What a help desk reports of a ticket and of its customer."""

from collections.abc import Mapping
from datetime import datetime

from scoring.values import Value, field
from storage.model.records import TicketStatus

__all__ = ["CustomerEvent", "TicketEvent"]


class CustomerEvent(Value):
    """A customer as a help desk reports them; None keeps the stored value, `contacts` are only added."""

    id: str
    name: str | None = None
    locale: str | None = None
    timezone: str | None = None
    tier: str | None = None
    phone: str | None = None
    email: str | None = None
    postal_address: str | None = None
    contacts: tuple[tuple[str, str], ...] = ()


class TicketEvent(Value):
    """A ticket as a help desk reports it; None keeps the stored value.

    `details` are the fields of `ServiceDetails` that the report has, by name. What is `excluded` nobody is asked about,
    such as a ticket that was closed because it was merged into another one.
    """

    source: str
    id: str
    status: TicketStatus
    customer: CustomerEvent
    opened_at: datetime | None = None
    first_replied_at: datetime | None = None
    closed_at: datetime | None = None
    appointment_at: datetime | None = None
    updated_at: datetime | None = None
    subject: str | None = None
    category: str | None = None
    product: str | None = None
    team: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    tags: tuple[str, ...] | None = None
    url: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    excluded: bool = False
