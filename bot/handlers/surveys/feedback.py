"""A customer gives feedback at any time, without a ticket: it begins at once, in the chat in which they say so."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import customers_at, say
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.inviting import begin
from dialogs.ids import derive
from dialogs.interview import messages as showing
from dialogs.interview.events import Resumed
from dialogs.interview.model import Interview
from dialogs.invitation.feedback import FEEDBACK, occasion_of
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.customer_messages import finish_first
from dialogs.messages import Inbound
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes

__all__ = ["give_feedback"]


def give_feedback(context: DecisionContext, inbound: Inbound) -> Changes:
    """Open the feedback survey; where something else is being asked in this chat, show that again first.

    It is the customer's own act: no quiet hours, no quarantine, and an opt-out does not stand in its way.
    """
    people = customers_at(context, inbound)
    if not people:
        return say(context, inbound, showing.unknown_chat)
    asked = _being_asked(context, inbound, people)
    if asked is not None:
        shown = advance(context, asked, Resumed(), inbound.key) or Changes()
        return say(context, inbound, finish_first) + shown
    return _opened(context, inbound, people[0])


def _being_asked(context: DecisionContext, inbound: Inbound, people: list[Customer]) -> Interview | None:
    """Find what is being asked in this very chat; what waits elsewhere is not in the way."""
    talks = (interview for person in people for interview in context.snapshot.open_interviews(person.id))
    return next(
        (talk for talk in talks if (talk.channel, talk.chat) == (inbound.place.channel, inbound.place.chat)), None
    )


def _opened(context: DecisionContext, inbound: Inbound, customer: Customer) -> Changes:
    contact = next(c for c in context.snapshot.contacts_at(inbound.place) if c.customer == customer.id)
    invitation = _invitation(context, inbound, customer)
    begun = begin(context.after(Changes((invitation,))), invitation, contact)
    records = (_asked_for(r) if isinstance(r, OutboxMessage) else r for r in begun.records)
    undisturbed = (replace(r, remind_at=None) if isinstance(r, Interview) else r for r in records)
    return Changes((invitation, *undisturbed))


def _asked_for(first: OutboxMessage) -> OutboxMessage:
    """Make the first question an answer to the command."""
    return replace(first, purpose=Purpose.REPLY, obeys_opt_out=False)


def _invitation(context: DecisionContext, inbound: Inbound, customer: Customer) -> Invitation:
    occasion = occasion_of(inbound.key)
    return Invitation(
        id=derive("inv", customer.id, occasion),
        source="",
        ticket="",
        closing=0,
        customer=customer.id,
        survey=FEEDBACK,
        due_at=context.now,
        deadline_at=context.now + context.policy.deadline,
        closed_at=context.now,
        state=InvitationState.ASKED,
        channel=inbound.place.channel,
        by_hand=True,
        asked_at=context.now,
        sent_at=context.now,
        occasion=occasion,
    )
