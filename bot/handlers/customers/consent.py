"""A customer says stop, and later perhaps go on. Stop holds at once, for everybody reached in the chat."""

from collections.abc import Iterable

from bot.handlers.common.context import Scene
from bot.handlers.common.replies import customers_at, say
from bot.handlers.customers.binding import show_again, unblocked
from bot.handlers.surveys.interview import advance
from dialogs.interview import messages as showing
from dialogs.interview.events import Declined
from dialogs.invitation.machine import INVITATION, Invitation, OptedOut
from dialogs.messages import Inbound
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Cancel, Changes

__all__ = ["leave_alone", "resume", "stop"]

_UNSENT = (Purpose.SURVEY, Purpose.REMINDER, Purpose.CLOSURE, Purpose.CAMPAIGN)


def stop(scene: Scene, inbound: Inbound) -> Changes:
    """End asking and closures."""
    people = customers_at(scene, inbound)
    if not people:
        return say(scene, inbound, showing.unknown_chat)
    return leave_alone(scene, people, inbound.key) + say(scene, inbound, showing.stopped)


def leave_alone(scene: Scene, people: Iterable[Customer], cause: str) -> Changes:
    """End asking and closures for these customers, and whatever they are being asked."""
    changes = Changes()
    for customer in people:
        out = replace(customer, opted_out_at=customer.opted_out_at or scene.now)
        changes += Changes((out,), cancels=(Cancel(_UNSENT, customer=customer.id),))
        for invitation in scene.snapshot.invitations(customer.id):
            changes += _end(scene.after(changes), invitation, cause)
    return changes


def resume(scene: Scene, inbound: Inbound) -> Changes:
    """Undo an opt-out; show what is being asked, or say that all is well."""
    people = customers_at(scene, inbound)
    if not people:
        return say(scene, inbound, showing.unknown_chat)
    changes = Changes(tuple(replace(person, opted_out_at=None) for person in people if person.opted_out_at))
    changes += unblocked(scene.after(changes), inbound)
    if any(isinstance(record, OutboxMessage) for record in changes.records):
        return changes
    return changes + (show_again(scene.after(changes), inbound) or say(scene, inbound, showing.resumed))


def _end(scene: Scene, invitation: Invitation, cause: str) -> Changes:
    """Before the first message an ask is cancelled, after it the interview is declined (CONTRACT 3, Tickets)."""
    interview = scene.snapshot.interview_of(invitation.id)
    declined = advance(scene, interview, Declined(), cause) if interview is not None else None
    unsent = invitation.sent_at is None and (interview is None or not interview.answers)
    step = INVITATION.step(invitation, OptedOut(), scene.now) if unsent else None
    return (declined or Changes()) + (Changes((step.thing,)) if step else Changes())
