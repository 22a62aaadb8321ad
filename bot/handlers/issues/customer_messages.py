"""The team writes to a customer while an issue is in hand: how it goes, a question, and where neither arrives.

These answer a matter that runs, so that no quiet hours hold them back: somebody has just written them, as with "we
fixed it". An opt-out does.
"""

from collections.abc import Callable

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.messages import customer_lost, subject_of
from bot.handlers.issues.open import latest_of, note_on, with_line
from dialogs.ids import derive
from dialogs.invitation.model import InvitationReason
from dialogs.issue import customer_messages
from dialogs.issue.machine import ISSUE, QuestionUndelivered
from dialogs.issue.model import Draft, Issue
from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from storage.model.records import Contact, Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes

__all__ = ["is_reachable", "preview", "talk_lost", "tell_customers", "who_is_not"]

Drawn = Callable[[str, str, Phrases, str], Prompt]

_DRAWN: dict[Draft, Drawn] = {
    Draft.PROGRESS: customer_messages.progress_note,
    Draft.QUESTION: customer_messages.question,
}


def is_reachable(context: DecisionContext, issue: Issue) -> bool:
    """Return whether anybody whom the issue is about can be written to."""
    return any(isinstance(_way_to(context, customer), Contact) for customer in _people(context, issue))


def who_is_not(context: DecisionContext, issue: Issue) -> str:
    """Return why nobody can be written to: `c-1: opted_out`; empty where there is no customer."""
    ways = ((customer, _way_to(context, customer)) for customer in _people(context, issue))
    return ", ".join(f"{customer.id}: {way}" for customer, way in ways if isinstance(way, InvitationReason))


def preview(context: DecisionContext, issue: Issue, text: str, kind: Draft) -> Prompt:
    """Return what the issue's first customer will read, word for word."""
    first = next(iter(_people(context, issue)), None)
    subject = subject_of(context, issue, first.id) if first is not None else ""
    return _DRAWN[kind](text, subject, context.policy.phrases, context.policy.locale_of(first))


def tell_customers(context: DecisionContext, issue: Issue, text: str, kind: Draft) -> Changes:
    """Write to each customer of the issue, about their own ticket; who cannot be written to is written down."""
    changes, number = Changes((issue,)), issue.events
    for customer in _people(context, issue):
        way = _way_to(context, customer)
        if isinstance(way, Contact):
            changes += Changes((_message(context, issue, way, _drawn(context, issue, customer, text, kind), number),))
        else:
            changes += with_line(latest_of(changes, issue), context.now, "not_delivered", None, f"{customer.id}: {way}")
    return changes


def talk_lost(context: DecisionContext, issue: Issue, message: OutboxMessage, why: str) -> Changes:
    """Write down that a customer was not reached, and tell the team; a question that nobody got waits no longer."""
    is_question = issue.question is not None and issue.asked_at == message.created_at
    others = [
        c for c in _people(context, issue) if c.id != message.customer and isinstance(_way_to(context, c), Contact)
    ]
    step = ISSUE.step(issue, QuestionUndelivered(), context.handling) if is_question and not others else None
    issue = step.thing if step is not None else issue
    changes = note_on(context, issue, "not_delivered", None, f"{message.customer}: {why}")
    return changes + customer_lost(context.after(changes), latest_of(changes, issue), why, message.id)


def _people(context: DecisionContext, issue: Issue) -> list[Customer]:
    return [customer for key in issue.customers if (customer := context.snapshot.customer(key)) is not None]


def _way_to(context: DecisionContext, customer: Customer) -> Contact | InvitationReason:
    if customer.opted_out_at is not None:
        return InvitationReason.OPTED_OUT
    return usable_contact(context, customer.id) or why_unreachable(context, customer.id)


def _drawn(context: DecisionContext, issue: Issue, customer: Customer, text: str, kind: Draft) -> Prompt:
    subject = subject_of(context, issue, customer.id)
    return _DRAWN[kind](text, subject, context.policy.phrases, context.policy.locale_of(customer))


def _message(context: DecisionContext, issue: Issue, contact: Contact, prompt: Prompt, number: int) -> OutboxMessage:
    """Make the message; `number` is that of the timeline's line which tells of it."""
    return OutboxMessage(
        id=derive("out", "talk", issue.id, number, contact.customer, contact.channel, contact.chat),
        channel=contact.channel,
        chat=contact.chat,
        purpose=Purpose.REPLY,
        prompt=prompt,
        created_at=context.now,
        not_before=context.now,
        customer=contact.customer,
        about=issue.id,
        round=issue.resolution,
        expires_at=context.now + context.policy.expires_after,
    )
