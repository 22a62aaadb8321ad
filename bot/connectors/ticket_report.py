"""What a delivery turns out to be: a ticket, something that does not concern us, or a help desk's test."""

from collections.abc import Iterable
from datetime import datetime

from scoring.values import Value
from storage.model.records import TicketStatus

__all__ = ["DeskReading", "DeskTest", "IgnoredDelivery", "TicketReport", "exclusion_by", "status_named"]

_CLOSED = frozenset({"closed", "resolved", "solved", "done", "complete", "completed", "closed successful"})
_PENDING = frozenset(
    {"pending", "pending reminder", "pending close", "hold", "on-hold", "snoozed", "waiting on customer"}
)
_EXCLUDING = {
    "merged": ("merged", "closed_by_merge", "merge", "duplicate"),
    "spam": ("spam", "junk"),
    "deleted": ("deleted",),
    "auto-closed": ("auto-closed", "auto_closed", "autoclosed", "auto-resolved", "auto_resolved", "stale"),
}


class TicketReport(Value):
    """A ticket as a help desk tells of it; empty and None are not told.

    `id` is what people see, `customer` the help desk's id of the person. `excluded` says why nobody shall be asked:
    `merged`, `spam`, `deleted`, `auto-closed`. `chats` are pairs of channel and address.
    """

    id: str
    status: TicketStatus
    customer: str = ""
    updated_at: datetime | None = None
    opened_at: datetime | None = None
    first_replied_at: datetime | None = None
    closed_at: datetime | None = None
    subject: str = ""
    category: str = ""
    product: str = ""
    team: str = ""
    agent: str = ""
    agent_name: str = ""
    tags: tuple[str, ...] | None = None
    url: str = ""
    customer_name: str = ""
    phone: str = ""
    email: str = ""
    locale: str = ""
    chats: tuple[tuple[str, str], ...] = ()
    excluded: str = ""


class IgnoredDelivery(Value):
    """A delivery that changes nothing, and why, as a sentence."""

    why: str


class DeskTest(Value):
    """A delivery by which the help desk tries the address."""


DeskReading = TicketReport | IgnoredDelivery | DeskTest


def status_named(state: str, closed: Iterable[str] = ()) -> TicketStatus:
    """Return the status that a help desk's word stands for; `closed` are the owner's own words for closed ones."""
    word = state.strip().casefold()
    if word in _CLOSED or word in {each.casefold() for each in closed}:
        return TicketStatus.CLOSED
    return TicketStatus.PENDING if word in _PENDING else TicketStatus.OPEN


def exclusion_by(words: Iterable[str]) -> str:
    """Return why nobody shall be asked, by a ticket's tags or the word for its state; empty for no reason."""
    given = {word.strip().casefold() for word in words}
    return next((why for why, names in _EXCLUDING.items() if not given.isdisjoint(names)), "")
