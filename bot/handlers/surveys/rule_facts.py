"""Evaluates the owner's survey rules for a closing: the facts that they look at, taken from the rows."""

from bot.handlers.common.contact_choice import usable_contact
from bot.handlers.common.context import DecisionContext
from dialogs.invitation.survey_rules import RuleFacts, Ruling
from storage.model.records import Ticket

__all__ = ["rule_facts_of", "ruling_on"]


def ruling_on(context: DecisionContext, ticket: Ticket) -> Ruling:
    """Return what the rules decide about this ticket's latest closing."""
    return context.policy.rules.ruling(rule_facts_of(context, ticket))


def rule_facts_of(context: DecisionContext, ticket: Ticket) -> RuleFacts:
    """Return the facts that rules may look at."""
    customer = context.snapshot.customer(ticket.customer)
    contact = usable_contact(context, ticket.customer)
    return RuleFacts(
        source=ticket.source,
        ticket=ticket.id,
        closing=ticket.closing,
        customer=ticket.customer,
        team=ticket.team,
        category=ticket.category,
        product=ticket.product,
        agent=ticket.agent_id,
        channel=contact.channel if contact is not None else "",
        tier=customer.tier if customer is not None else "",
        tags=ticket.tags,
        asked_before=_asked_before(context, ticket),
    )


def _asked_before(context: DecisionContext, ticket: Ticket) -> bool:
    """Return whether an earlier closing was asked about; an unsent ask does not count."""
    asks = context.snapshot.invitations_of(ticket.source, ticket.id)
    closings = (ask for ask in asks if not ask.occasion and ask.closing < ticket.closing)
    return any(ask.asked_at is not None for ask in closings)
