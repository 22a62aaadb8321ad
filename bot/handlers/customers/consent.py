"""Opt-out and opt-in of a chat: they apply at once, to every customer reached in it."""

from collections.abc import Iterable

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.binding import chat_unblocked, show_open_question
from bot.handlers.surveys.interview import advance
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Declined
from dialogs.invitation.machine import INVITATION, OptedOut
from dialogs.invitation.model import Invitation
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Cancel, Changes

__all__ = ["leave_alone", "opt_in", "opt_out"]

_UNSENT = (Purpose.SURVEY, Purpose.REMINDER, Purpose.CLOSURE, Purpose.CAMPAIGN)


def opt_out(turn: TurnContext) -> Changes:
    """Record the opt-out of every customer reached in this chat."""
    return leave_alone(turn.context, turn.people, turn.key) + turn.reply_with(FixedReply.STOPPED)


def leave_alone(context: DecisionContext, people: Iterable[Customer], cause: str) -> Changes:
    """Record the opt-out of customers, cancel their unsent messages and invitations, and decline open interviews."""
    changes = Changes()
    for customer in people:
        out = replace(customer, opted_out_at=customer.opted_out_at or context.now)
        changes += Changes((out,), cancels=(Cancel(_UNSENT, customer=customer.id),))
        for invitation in context.snapshot.invitations(customer.id):
            changes += _end(context.after(changes), invitation, cause)
    return changes


def opt_in(turn: TurnContext) -> Changes:
    """Undo an opt-out, and show the open question or a confirmation."""
    changes = Changes(tuple(replace(person, opted_out_at=None) for person in turn.people if person.opted_out_at))
    changes += chat_unblocked(turn.after(changes))
    if any(isinstance(record, OutboxMessage) for record in changes.records):
        return changes
    return changes + (show_open_question(turn.after(changes)) or turn.reply_with(FixedReply.RESUMED))


def _end(context: DecisionContext, invitation: Invitation, cause: str) -> Changes:
    """Cancel an invitation before its first message, decline it afterwards (docs/reference/api.md, Tickets)."""
    interview = context.snapshot.interview_of(invitation.id)
    declined = advance(context, interview, Declined(), cause) if interview is not None else None
    unsent = invitation.sent_at is None and (interview is None or not interview.answers)
    step = INVITATION.step(invitation, OptedOut(), context.now) if unsent else None
    return (declined or Changes()) + (Changes((step.thing,)) if step else Changes())
