"""The link by which a customer without a chat opens one, written into their ticket as a public reply.

Once in `_LINK_LASTS` for a customer, however many tickets they have: so long the link before it is good for.
"""

from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.desk_writes.desk_rows import desk_row
from bot.handlers.desk_writes.ticket_link import ticket_link
from bot.signed_links import LinkPurpose
from dialogs.invitation.model import Invitation
from dialogs.issue.model import TicketKey
from dialogs.messages import DeskStep, DeskWrite, Prompt
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["invite_into_ticket", "invited_in_vain"]

_LINK_LASTS = timedelta(days=30)
_WORTH_SENDING = timedelta(days=1)
"""How long a help desk that does not answer is tried."""


def invite_into_ticket(context: DecisionContext, invitation: Invitation) -> Changes:
    """Write the link into the ticket of a survey that waits for a chat; empty where the owner does not want it."""
    customer = context.snapshot.customer(invitation.customer)
    if invitation.about is None or customer is None or not _is_wanted(context, invitation.about, customer):
        return Changes()
    link = ticket_link(*invitation.about, customer.id)
    url = context.policy.links.url(LinkPurpose.TICKET, link.text, context.now + _LINK_LASTS)
    text = context.policy.phrases.say(context.policy.locale_of(customer), "desk.invite", link=url)
    row = desk_row(
        context,
        invitation.about,
        customer.id,
        Prompt(text, desk=DeskWrite(DeskStep.REPLY, url)),
        invitation.id,
        expires_at=context.now + _WORTH_SENDING,
        obeys_opt_out=True,
    )
    return Changes((replace(customer, invited_at=context.now), row))


def invited_in_vain(context: DecisionContext, message: OutboxMessage) -> Changes:
    """Return the customer as not yet invited, so that their next ticket bears a link: this one is lost."""
    customer, desk = context.snapshot.customer(message.customer or ""), message.prompt.desk
    if customer is None or desk is None or desk.step is not DeskStep.REPLY:
        return Changes()
    return Changes((replace(customer, invited_at=None),))


def _is_wanted(context: DecisionContext, ticket: TicketKey, customer: Customer) -> bool:
    policy = context.policy
    terms = policy.desks.get(ticket[0])
    if terms is None or not terms.invite or not policy.links.key or context.snapshot.contacts(customer.id):
        return False
    is_bindable = any(policy.can(channel).binding for channel in policy.channels)
    is_fresh = customer.invited_at is not None and customer.invited_at + _LINK_LASTS > context.now
    return is_bindable and not is_fresh
