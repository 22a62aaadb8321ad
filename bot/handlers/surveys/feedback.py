"""Feedback that a customer gives without a ticket: the survey begins at once in their chat."""

from bot.handlers.common.turn import TurnContext
from bot.handlers.surveys.interview import Showing, advance
from bot.handlers.surveys.invitations import begin
from dialogs.fixed_replies import FixedReply
from dialogs.ids import RefKind, derive
from dialogs.interview.events import Resumed
from dialogs.interview.model import Interview
from dialogs.invitation.feedback import FEEDBACK, feedback_occasion
from dialogs.invitation.model import Invitation, InvitationState
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes

__all__ = ["give_feedback"]


def give_feedback(turn: TurnContext) -> Changes:
    """Begin the feedback survey; where another interview is open in this chat, show that again first.

    The customer asks for it: quiet hours, quarantine and opt-out do not apply.
    """
    asked = _being_asked(turn)
    if asked is None:
        return _opened(turn, turn.people[0])
    shown = advance(turn.context, asked, Resumed(), turn.key, Showing.BELOW) or Changes()
    return turn.reply_with(FixedReply.FINISH_FIRST) + shown


def _being_asked(turn: TurnContext) -> Interview | None:
    """Return the open interview of this chat; those in other chats do not matter."""
    here = (turn.place.channel, turn.place.chat)
    talks = (interview for person in turn.people for interview in turn.snapshot.open_interviews(person.id))
    return next((talk for talk in talks if (talk.channel, talk.chat) == here), None)


def _opened(turn: TurnContext, customer: Customer) -> Changes:
    contact = next(c for c in turn.snapshot.contacts_at(turn.place) if c.customer == customer.id)
    invitation = _invitation(turn, customer)
    begun = begin(turn.context.after(Changes((invitation,))), invitation, contact)
    records = (_asked_for(r) if isinstance(r, OutboxMessage) else r for r in begun.records)
    undisturbed = (replace(r, remind_at=None) if isinstance(r, Interview) else r for r in records)
    return Changes((invitation, *undisturbed))


def _asked_for(first: OutboxMessage) -> OutboxMessage:
    """Return the first question as an answer to the command."""
    return replace(first, purpose=Purpose.REPLY, obeys_opt_out=False)


def _invitation(turn: TurnContext, customer: Customer) -> Invitation:
    occasion, now = feedback_occasion(turn.key), turn.context.now
    return Invitation(
        id=derive(RefKind.INVITATION, customer.id, occasion),
        source="",
        ticket="",
        closing=0,
        customer=customer.id,
        survey=FEEDBACK,
        due_at=now,
        deadline_at=now + turn.policy.deadline,
        closed_at=now,
        state=InvitationState.ASKED,
        channel=turn.place.channel,
        by_hand=True,
        asked_at=now,
        sent_at=now,
        occasion=occasion,
    )
