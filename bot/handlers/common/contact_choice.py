"""The choice of the chat in which a customer is written to."""

from bot.handlers.common.context import DecisionContext
from dialogs.invitation.model import InvitationReason
from dialogs.messages import Address
from storage.model.records import Contact, ContactState

__all__ = ["usable_contact", "why_unreachable"]


def usable_contact(context: DecisionContext, customer: str, shut: str = "") -> Contact | None:
    """Return the chat to write to: where the customer spoke last, else the preferred channel; none on `shut`."""
    usable = [
        c
        for c in context.snapshot.contacts(customer)
        if c.state is ContactState.OK and c.channel != shut and _is_possible(context, c)
    ]
    return min(usable, key=lambda contact: _preference(context, contact), default=None)


def why_unreachable(context: DecisionContext, customer: str) -> InvitationReason:
    """Return why a customer without a usable contact cannot be written to."""
    blocked = (c.state is ContactState.BLOCKED for c in context.snapshot.contacts(customer) if _is_possible(context, c))
    return InvitationReason.BLOCKED if any(blocked) else InvitationReason.NO_CONTACT


def _is_possible(context: DecisionContext, contact: Contact) -> bool:
    """Return whether a chat is on a channel in use, and one in which a customer can be."""
    policy = context.policy
    return contact.channel in policy.channels and not policy.address_problem(Address(contact.channel, contact.chat))


def _preference(context: DecisionContext, contact: Contact) -> tuple[float, int, str]:
    latest = -contact.last_received_at.timestamp() if contact.last_received_at else 0.0
    return latest, context.policy.channels.index(contact.channel), contact.chat
