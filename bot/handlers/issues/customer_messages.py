"""Messages to the customers of an issue: progress notes, questions, closures; and who can be reached.

Somebody has just written them about an open matter, so quiet hours do not delay them; an opt-out stops them.
"""

from collections.abc import Callable
from datetime import timedelta

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_customer
from bot.signed_links import LinkPurpose
from dialogs.ids import derive
from dialogs.invitation.model import InvitationReason
from dialogs.issue import customer_prompts
from dialogs.issue.closure_message import closure
from dialogs.issue.model import Draft, Issue
from dialogs.messages import Address, Prompt
from dialogs.phrases import Phrases
from scoring.values import replace
from storage.model.records import Contact, Customer, OutboxMessage, Purpose

__all__ = [
    "closure_id",
    "closure_message",
    "closure_of",
    "closure_subject",
    "customers_of",
    "is_reachable",
    "preview_message",
    "subject_of",
    "talk_message",
    "way_to",
    "who_is_not",
]

_PAGE_LASTS = timedelta(days=14)

Drawn = Callable[[str, str, Phrases, str], Prompt]

_DRAWN: dict[Draft, Drawn] = {
    Draft.PROGRESS: customer_prompts.progress_note,
    Draft.QUESTION: customer_prompts.question_message,
}


def customers_of(context: DecisionContext, issue: Issue) -> list[Customer]:
    """Return the customers of the issue."""
    return [customer for key in issue.customers if (customer := context.snapshot.customer(key)) is not None]


def way_to(context: DecisionContext, customer: Customer) -> Contact | InvitationReason:
    """Return the chat in which a customer is written to, or why there is none."""
    if customer.opted_out_at is not None:
        return InvitationReason.OPTED_OUT
    return usable_contact(context, customer.id) or why_unreachable(context, customer.id)


def is_reachable(context: DecisionContext, issue: Issue) -> bool:
    """Return whether any customer of the issue can be written to."""
    return any(isinstance(way_to(context, customer), Contact) for customer in customers_of(context, issue))


def who_is_not(context: DecisionContext, issue: Issue) -> str:
    """Return why nobody can be written to: `c-1: opted_out`; empty where there is no customer."""
    ways = ((customer, way_to(context, customer)) for customer in customers_of(context, issue))
    return ", ".join(f"{customer.id}: {way}" for customer, way in ways if isinstance(way, InvitationReason))


def subject_of(context: DecisionContext, issue: Issue, customer: str) -> str:
    """Return the subject of the customer's own ticket in the issue, never of somebody else's."""
    tickets = (context.snapshot.ticket(*key) for key in issue.tickets)
    return next((t.subject for t in tickets if t is not None and t.customer == customer), "")


def preview_message(context: DecisionContext, issue: Issue, text: str, kind: Draft) -> Prompt:
    """Return the message as the issue's first customer will read it."""
    first = next(iter(customers_of(context, issue)), None)
    subject = subject_of(context, issue, first.id) if first is not None else ""
    return _DRAWN[kind](text, subject, context.policy.phrases, context.policy.locale_of(first))


def talk_message(
    context: DecisionContext, issue: Issue, customer: Customer, contact: Contact, said: tuple[Draft, str, int]
) -> OutboxMessage:
    """Return a progress note or a question; `said` is its kind, its text, and the number of the issue's next line.

    That number tells this message from others of the same text.
    """
    kind, text, number = said
    subject, locale = subject_of(context, issue, customer.id), context.policy.locale_of(customer)
    message = message_to_customer(
        context,
        contact,
        Purpose.REPLY,
        _DRAWN[kind](text, subject, context.policy.phrases, locale),
        message_id=derive("out", "talk", issue.id, number, contact.customer, contact.channel, contact.chat),
        about=issue.ref,
        expires_at=context.now + context.policy.expires_after,
    )
    return replace(message, round=issue.resolution)


def closure_message(context: DecisionContext, issue: Issue, customer: Customer, contact: Contact) -> OutboxMessage:
    """Return the closure message for one customer, one for each resolution and chat.

    Where messages may have to go as notices of a few characters, a page shows it whole.
    """
    prompt = closure_of(context, issue, customer)
    if context.policy.can(contact.channel).page_links:
        prompt = replace(prompt, page=_page(context, issue, customer))
    message = message_to_customer(
        context,
        contact,
        Purpose.CLOSURE,
        prompt,
        message_id=closure_id(issue, customer.id, Address(contact.channel, contact.chat)),
        about=issue.ref,
        expires_at=context.now + context.policy.expires_after,
    )
    return replace(message, round=issue.resolution)


def _page(context: DecisionContext, issue: Issue, customer: Customer) -> str:
    return context.policy.links.url(
        LinkPurpose.CLOSURE, closure_subject(issue.id, issue.resolution, customer.id), context.now + _PAGE_LASTS
    )


def closure_subject(issue: str, resolution: int, customer: str) -> str:
    """Return what the link of a closure's page is about; the customer's id comes last, as it may hold blanks."""
    return f"{issue} {resolution} {customer}"


def closure_of(context: DecisionContext, issue: Issue, customer: Customer) -> Prompt:
    """Return the closure in the customer's language, about their own ticket."""
    locale, subject = context.policy.locale_of(customer), subject_of(context, issue, customer.id)
    return closure(issue.note or issue.draft or "", subject, issue.id, issue.resolution, context.policy.phrases, locale)


def closure_id(issue: Issue, customer: str, place: Address) -> str:
    """Return the id of the closure message of this resolution in a customer's chat."""
    return derive("out", "closure", issue.id, issue.resolution, customer, place.channel, place.chat)
