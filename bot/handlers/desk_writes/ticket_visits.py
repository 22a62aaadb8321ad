"""What the page behind a ticket's link shows: whose it is, and whether they may still bind a chat by it."""

from enum import StrEnum

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.tombstones import tombstone_hash
from bot.handlers.desk_writes.ticket_link import TicketLink
from scoring.values import Value
from storage.model.records import ContactState
from storage.unit_of_work.needs import Needs

__all__ = ["TicketStanding", "TicketVisit", "ticket_needs", "visit_by_link"]


class TicketStanding(StrEnum):
    """How it stands with a ticket's customer."""

    OPEN = "open"
    BOUND = "bound"
    """They have a chat with us: the link, which anybody may have, binds no other."""
    UNKNOWN = "unknown"
    """The ticket is not there, or is another customer's now."""


class TicketVisit(Value):
    """Who opens the page; `customer` is empty where that is unknown, `locale` the language that they speak."""

    state: TicketStanding
    customer: str = ""
    locale: str = ""


def ticket_needs(link: TicketLink, customer: str, policy: Policy) -> Needs:
    """Return the need for a ticket and its customer, who is empty where not known yet."""
    people = frozenset({customer} if customer else ())
    tombstones = frozenset(tombstone_hash(policy, one) for one in people)
    return Needs(tickets=frozenset({(link.source, link.ticket)}), customers=people, tombstones=tombstones)


def visit_by_link(context: DecisionContext, link: TicketLink) -> TicketVisit:
    """Return whose page this is; nothing is stored."""
    ticket = context.snapshot.ticket(link.source, link.ticket)
    customer = context.snapshot.customer(ticket.customer) if ticket is not None else None
    if customer is None or not link.is_of(customer.id):
        return TicketVisit(TicketStanding.UNKNOWN)
    is_bound = any(contact.state is ContactState.OK for contact in context.snapshot.contacts(customer.id))
    state = TicketStanding.BOUND if is_bound else TicketStanding.OPEN
    return TicketVisit(state, customer.id, context.policy.locale_of(customer))
