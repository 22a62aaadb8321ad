"""What follows when a message about an issue has not reached its customer: another chat, a call, a word to the team."""

from bot.handlers.common.contact_choice import usable_contact
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.customer_messages import customers_of, way_to
from bot.handlers.issues.team_messages import undelivered_messages
from bot.handlers.issues.transitions import latest_of, move, tell_closure
from dialogs.issue.events import ClosureUndelivered, MessageUndelivered, QuestionUndelivered
from dialogs.issue.model import Issue
from storage.model.records import Contact, OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["closure_lost", "talk_lost", "tell_again"]


def closure_lost(context: DecisionContext, issue: Issue, customer: str, why: str) -> Changes:
    """Take back that a customer was told, on the card too: nobody waits for the word of whom it never reached."""
    return move(context, issue, ClosureUndelivered(customer, why)) or Changes()


def tell_again(context: DecisionContext, issue: Issue, customer_id: str, shut: str = "") -> Changes:
    """Try a customer's next chat after one failed, or is `shut` now; empty when there is none."""
    customer = context.snapshot.customer(customer_id)
    if customer is None or customer.opted_out_at is not None or usable_contact(context, customer_id, shut) is None:
        return Changes()
    return tell_closure(context, issue, customer, shut)


def talk_lost(context: DecisionContext, issue: Issue, message: OutboxMessage, why: str) -> Changes:
    """Write down that a customer was not reached, and tell the team; a question that nobody got waits no longer."""
    customer = message.customer or ""
    is_question = issue.question is not None and issue.asked_at == message.created_at
    others = (other for other in customers_of(context, issue) if other.id != customer)
    has_others = any(isinstance(way_to(context, other), Contact) for other in others)
    is_unasked = is_question and not has_others
    event = QuestionUndelivered(customer, why) if is_unasked else MessageUndelivered(customer, why)
    changes = move(context, issue, event) or Changes()
    return changes + undelivered_messages(context.after(changes), latest_of(changes, issue), why, message.id)
