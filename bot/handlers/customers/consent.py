"""A customer says stop, and later perhaps go on. Stop holds at once, for everybody reached in the chat."""

from collections.abc import Iterable

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import customers_at, say
from bot.handlers.customers.binding import show_again, unblocked
from bot.handlers.surveys.interview import advance
from dialogs.interview import messages as showing
from dialogs.interview.events import Declined
from dialogs.invitation.machine import INVITATION, OptedOut
from dialogs.invitation.model import Invitation
from dialogs.messages import Inbound
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Cancel, Changes

__all__ = ["leave_alone", "resume", "stop"]

_UNSENT = (Purpose.SURVEY, Purpose.REMINDER, Purpose.CLOSURE, Purpose.CAMPAIGN)


def stop(context: DecisionContext, inbound: Inbound) -> Changes:
    """End asking and closures."""
    people = customers_at(context, inbound)
    if not people:
        return say(context, inbound, showing.unknown_chat)
    return leave_alone(context, people, inbound.key) + say(context, inbound, showing.stopped)


def leave_alone(context: DecisionContext, people: Iterable[Customer], cause: str) -> Changes:
    """End asking and closures for these customers, and whatever they are being asked."""
    changes = Changes()
    for customer in people:
        out = replace(customer, opted_out_at=customer.opted_out_at or context.now)
        changes += Changes((out,), cancels=(Cancel(_UNSENT, customer=customer.id),))
        for invitation in context.snapshot.invitations(customer.id):
            changes += _end(context.after(changes), invitation, cause)
    return changes


def resume(context: DecisionContext, inbound: Inbound) -> Changes:
    """Undo an opt-out; show what is being asked, or say that all is well."""
    people = customers_at(context, inbound)
    if not people:
        return say(context, inbound, showing.unknown_chat)
    changes = Changes(tuple(replace(person, opted_out_at=None) for person in people if person.opted_out_at))
    changes += unblocked(context.after(changes), inbound)
    if any(isinstance(record, OutboxMessage) for record in changes.records):
        return changes
    return changes + (show_again(context.after(changes), inbound) or say(context, inbound, showing.resumed))


def _end(context: DecisionContext, invitation: Invitation, cause: str) -> Changes:
    """Cancel an invitation before its first message, decline it afterwards (docs/reference/api.md, Tickets)."""
    interview = context.snapshot.interview_of(invitation.id)
    declined = advance(context, interview, Declined(), cause) if interview is not None else None
    unsent = invitation.sent_at is None and (interview is None or not interview.answers)
    step = INVITATION.step(invitation, OptedOut(), context.now) if unsent else None
    return (declined or Changes()) + (Changes((step.thing,)) if step else Changes())
