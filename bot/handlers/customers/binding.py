"""Chats that are bound by a link, blocked or unblocked; invitations that waited for a chat are asked then."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.surveys.interview import Showing, advance
from bot.handlers.surveys.invitations import ask
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Resumed
from dialogs.invitation.model import InvitationState
from scoring.values import replace
from storage.model.records import Contact, ContactState, Customer, Token
from storage.unit_of_work.changes import Changes

__all__ = ["ask_waiting", "bind_chat", "chat_blocked", "chat_unblocked", "show_open_question"]


def bind_chat(turn: TurnContext, secret: str) -> Changes:
    """Bind this chat to the customer for whom the link was made, and ask the invitation that waits."""
    token, chat = turn.snapshot.token(token_hash(secret)), f"{turn.place.channel}:{turn.place.chat}"
    refusal = _refusal(turn, token, chat)
    if token is None or refusal is not None:
        return turn.reply_with(refusal or FixedReply.LINK_UNKNOWN)
    used = replace(token, used_at=token.used_at or turn.context.now, used_by=chat)
    changes = Changes((used,)) + _bound(turn, token.customer)
    return changes + _welcome(turn.after(changes), token.customer)


def chat_blocked(turn: TurnContext) -> Changes:
    """Record that this chat has blocked us."""
    contacts = turn.snapshot.contacts_at(turn.place)
    return Changes(tuple(replace(contact, state=ContactState.BLOCKED) for contact in contacts))


def chat_unblocked(turn: TurnContext) -> Changes:
    """Record that this chat can be written to, and ask the invitations that waited for it."""
    contacts = turn.snapshot.contacts_at(turn.place)
    changes = Changes(tuple(replace(contact, state=ContactState.OK) for contact in contacts))
    for contact in contacts:
        changes += ask_waiting(turn.context.after(changes), contact.customer)
    return changes


def show_open_question(turn: TurnContext) -> Changes:
    """Send the open question once more, at the end of the chat; empty where there is none."""
    interviews = (i for person in turn.people for i in turn.snapshot.open_interviews(person.id))
    interview = next(interviews, None)
    if interview is None:
        return Changes()
    return advance(turn.context, interview, Resumed(), turn.key, Showing.BELOW) or Changes()


def ask_waiting(context: DecisionContext, customer: str, *, everything: bool = False) -> Changes:
    """Ask the newest invitation that waits for a chat of the customer; `everything` includes those not yet due."""
    mine = (i for i in context.snapshot.invitations(customer) if i.state is InvitationState.SCHEDULED)
    waiting = [i for i in mine if everything or i.reason is not None]
    newest = max(waiting, key=lambda invitation: invitation.closed_at, default=None)
    return ask(context, newest, is_here=True) if newest is not None else Changes()


def _refusal(turn: TurnContext, token: Token | None, chat: str) -> FixedReply | None:
    if token is None or token.channel != turn.place.channel or turn.policy.address_problem(turn.place):
        return FixedReply.LINK_UNKNOWN
    if token.used_by:
        return None if token.used_by == chat else FixedReply.LINK_USED
    return FixedReply.LINK_EXPIRED if token.expires_at <= turn.context.now else None


def _bound(turn: TurnContext, key: str) -> Changes:
    place, now = turn.place, turn.context.now
    known = (contact for contact in turn.snapshot.contacts_at(place) if contact.customer == key)
    contact = next(known, None) or Contact(key, place.channel, place.chat)
    contact = replace(contact, state=ContactState.OK, bound_at=contact.bound_at or now, last_received_at=now)
    customer = turn.snapshot.customer(key) or Customer(key)
    locale = customer.locale or turn.inbound.sender.locale
    opted_out_at = customer.opted_out_at if turn.is_overtaken(customer.opted_out_at) else None
    return Changes((contact, replace(customer, locale=locale, opted_out_at=opted_out_at)))


def _welcome(turn: TurnContext, customer: str) -> Changes:
    """Ask the invitation that waits, or show the open question, or confirm that the chat is bound."""
    asked = ask_waiting(turn.context, customer, everything=True) or show_open_question(turn)
    return asked or turn.reply_with(FixedReply.BOUND)
