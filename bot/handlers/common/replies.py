"""Answers in the chat in which somebody spoke: who they are, which language, and the sentences that never change."""

from collections.abc import Callable
from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from dialogs.ids import derive
from dialogs.messages import Inbound, Prompt
from dialogs.phrases import Phrases
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Acknowledgement, Changes

__all__ = ["answer", "customers_at", "locale_at", "reply", "say", "say_briefly"]

_LASTS = timedelta(hours=24)


def customers_at(context: DecisionContext, inbound: Inbound) -> list[Customer]:
    """Return everybody who is reached in this chat."""
    contacts = context.snapshot.contacts_at(inbound.place)
    return [customer for contact in contacts if (customer := context.snapshot.customer(contact.customer))]


def locale_at(context: DecisionContext, inbound: Inbound) -> str:
    """Return the language for this chat: the customer's, else what their app says, else the owner's."""
    known = next((customer.locale for customer in customers_at(context, inbound) if customer.locale), "")
    return context.policy.phrases.locale(known or inbound.sender.locale or context.policy.locale)


def answer(context: DecisionContext, inbound: Inbound, prompt: Prompt, what: str = "reply") -> OutboxMessage:
    """Make the answer to something said; it goes out even after an opt-out, for it was asked for."""
    return OutboxMessage(
        id=derive("out", what, inbound.key),
        channel=inbound.place.channel,
        chat=inbound.place.chat,
        purpose=Purpose.REPLY,
        prompt=prompt,
        created_at=context.now,
        not_before=context.now,
        obeys_opt_out=False,
        expires_at=context.now + _LASTS,
    )


def reply(context: DecisionContext, inbound: Inbound, prompt: Prompt) -> Changes:
    """Answer in the same chat."""
    return Changes((answer(context, inbound, prompt),))


def say(context: DecisionContext, inbound: Inbound, drawn: Callable[[Phrases, str], Prompt]) -> Changes:
    """Answer with one of the messages of `dialogs.interview.messages` that are always the same."""
    return reply(context, inbound, drawn(context.policy.phrases, locale_at(context, inbound)))


def say_briefly(context: DecisionContext, inbound: Inbound, key: str) -> Changes:
    """Answer a tap with a phrase over the chat; where there is no such thing, with a message."""
    text = context.policy.phrases.say(locale_at(context, inbound), key)
    if not inbound.callback:
        return reply(context, inbound, Prompt(text))
    return Changes(acknowledgements=(Acknowledgement(inbound.place.channel, inbound.callback, text),))
