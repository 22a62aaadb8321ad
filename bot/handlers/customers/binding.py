"""A chat opens to us or shuts us out: bound by a link, blocked, unblocked."""

from collections.abc import Callable

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import customers_at, say
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.inviting import ask
from dialogs.interview import messages as showing
from dialogs.interview.events import Resumed
from dialogs.invitation.model import InvitationState
from dialogs.messages import Inbound, Prompt
from dialogs.phrases import Phrases
from scoring.values import replace
from storage.model.records import Contact, ContactState, Customer, Token
from storage.unit_of_work.changes import Changes

Drawn = Callable[[Phrases, str], Prompt]

__all__ = ["ask_waiting", "bind", "left", "show_again", "unblocked"]


def bind(context: DecisionContext, inbound: Inbound, secret: str) -> Changes:
    """Bind this chat to the customer for whom the link was made, and ask what has been waiting."""
    token = context.snapshot.token(token_hash(secret))
    place = f"{inbound.place.channel}:{inbound.place.chat}"
    refusal = _refusal(context, inbound, token, place)
    if token is None or refusal is not None:
        return say(context, inbound, refusal or showing.link_unknown)
    used = replace(token, used_at=token.used_at or context.now, used_by=place)
    changes = Changes((used,)) + _bound(context, inbound, token.customer)
    return changes + _welcome(context.after(changes), inbound, token.customer)


def left(context: DecisionContext, inbound: Inbound) -> Changes:
    """Remember that this chat shut us out."""
    contacts = context.snapshot.contacts_at(inbound.place)
    return Changes(tuple(replace(contact, state=ContactState.BLOCKED) for contact in contacts))


def unblocked(context: DecisionContext, inbound: Inbound) -> Changes:
    """Remember that this chat can be written to, and ask what has been waiting for that."""
    contacts = context.snapshot.contacts_at(inbound.place)
    changes = Changes(tuple(replace(contact, state=ContactState.OK) for contact in contacts))
    for contact in contacts:
        changes += ask_waiting(context.after(changes), contact.customer)
    return changes


def show_again(context: DecisionContext, inbound: Inbound) -> Changes:
    """Show the question being asked once more, at the end of the chat; empty when none is."""
    people = customers_at(context, inbound)
    interview = next((i for person in people for i in context.snapshot.open_interviews(person.id)), None)
    if interview is None:
        return Changes()
    return advance(context, interview, Resumed(), inbound.key) or Changes()


def _refusal(
    context: DecisionContext, inbound: Inbound, token: Token | None, place: str
) -> Callable[[Phrases, str], Prompt] | None:
    if token is None or token.channel != inbound.place.channel:
        return showing.link_unknown
    if token.used_by:
        return None if token.used_by == place else showing.link_used
    return showing.link_expired if token.expires_at <= context.now else None


def _bound(context: DecisionContext, inbound: Inbound, key: str) -> Changes:
    place = inbound.place
    known = (contact for contact in context.snapshot.contacts_at(place) if contact.customer == key)
    contact = next(known, None) or Contact(key, place.channel, place.chat)
    contact = replace(contact, state=ContactState.OK, bound_at=contact.bound_at or context.now, heard_at=context.now)
    customer = context.snapshot.customer(key) or Customer(key)
    locale = customer.locale or inbound.sender.locale
    return Changes((contact, replace(customer, locale=locale, opted_out_at=None)))


def _welcome(context: DecisionContext, inbound: Inbound, customer: str) -> Changes:
    """Ask at once what has been waiting, or show what is being asked; else say that the chat is bound."""
    asked = ask_waiting(context, customer, everything=True) or show_again(context, inbound)
    return asked or say(context, inbound, showing.bound)


def ask_waiting(context: DecisionContext, customer: str, *, everything: bool = False) -> Changes:
    """Ask the newest invitation that waits for a way to the customer; `everything` counts those not yet due."""
    mine = (i for i in context.snapshot.invitations(customer) if i.state is InvitationState.SCHEDULED)
    waiting = [i for i in mine if everything or i.reason is not None]
    newest = max(waiting, key=lambda invitation: invitation.closed_at, default=None)
    return ask(context, newest, is_here=True) if newest is not None else Changes()
