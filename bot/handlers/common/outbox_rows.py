"""The rows of the outbox that decisions make: to a customer, to a team chat, in answer to whoever spoke.

A row's id is derived from what caused it, so that the same cause makes the same row and sends one message.
"""

from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from dialogs.ids import Ref, derive
from dialogs.messages import Address, Inbound, Prompt
from scoring.values import replace
from storage.model.records import Contact, OutboxMessage, Purpose

__all__ = ["answer_to", "message_in_chat", "message_to_customer", "message_to_team"]

_ANSWER_LASTS = timedelta(hours=24)


def message_to_customer(  # noqa: PLR0913 (what tells one message to a customer from another)
    context: DecisionContext,
    contact: Contact,
    purpose: Purpose,
    prompt: Prompt,
    *,
    message_id: str,
    about: Ref,
    expires_at: datetime,
) -> OutboxMessage:
    """Return a message to a customer about an interview, an issue or a campaign; an opt-out stops it."""
    message = _message(context, Address(contact.channel, contact.chat), purpose, prompt, message_id)
    return replace(message, customer=contact.customer, about=about, expires_at=expires_at)


def message_to_team(context: DecisionContext, place: Address, prompt: Prompt, message_id: str) -> OutboxMessage:
    """Return a message to one of the team's chats; it does not expire."""
    return _message(context, place, Purpose.ALERT, prompt, message_id)


def message_in_chat(context: DecisionContext, place: Address, prompt: Prompt, message_id: str) -> OutboxMessage:
    """Return a message in a chat in which somebody has asked for it, so that no opt-out stops it."""
    return replace(_message(context, place, Purpose.REPLY, prompt, message_id), obeys_opt_out=False)


def answer_to(context: DecisionContext, inbound: Inbound, prompt: Prompt, what: str = "reply") -> OutboxMessage:
    """Return the answer to an inbound message, good for 24 hours; `what` tells it from other answers to the same."""
    answer = message_in_chat(context, inbound.place, prompt, derive("out", what, inbound.key))
    return replace(answer, expires_at=context.now + _ANSWER_LASTS)


def _message(
    context: DecisionContext, place: Address, purpose: Purpose, prompt: Prompt, message_id: str
) -> OutboxMessage:
    return OutboxMessage(
        id=message_id,
        channel=place.channel,
        chat=place.chat,
        purpose=purpose,
        prompt=prompt,
        created_at=context.now,
        not_before=context.now,
    )
