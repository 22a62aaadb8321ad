"""The invitation's table: scheduled, then asked, or not asked for a reason."""

from datetime import datetime

from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.machine import Machine, row
from scoring.values import Value, replace

__all__ = [
    "INVITATION",
    "Asked",
    "Bounced",
    "DeadlinePassed",
    "OptedOut",
    "Recalled",
    "Suppressed",
    "TicketReopened",
    "Unreached",
]


class Asked(Value):
    """The first question was handed to `channel`."""

    channel: str


class Unreached(Value):
    """It is due, but there is no way to the customer yet."""

    reason: InvitationReason


class Suppressed(Value):
    """A rule forbids asking."""

    reason: InvitationReason


class DeadlinePassed(Value):
    """The deadline has passed and no question has reached the customer."""


class Bounced(Value):
    """The channel refused the first question."""

    reason: InvitationReason


class Recalled(Value):
    """A person wants it asked now, by hand, with this survey; it may wait for a contact until the deadline."""

    survey: str
    deadline_at: datetime


class OptedOut(Value):
    """The customer wants no questions."""


class TicketReopened(Value):
    """The ticket was opened again before the customer had finished."""


Moved = tuple[Invitation, tuple[object, ...]]


def never_reachable(invitation: Invitation, _event: DeadlinePassed, _now: datetime) -> bool:
    """Return whether it waited for a way to the customer."""
    return invitation.reason is not None


def never_due(invitation: Invitation, _event: DeadlinePassed, _now: datetime) -> bool:
    """Return whether it was never due in time, as when the service was down."""
    return invitation.reason is None


def in_time(invitation: Invitation, _event: Bounced, now: datetime) -> bool:
    """Return whether another way may still be found."""
    return now < invitation.deadline_at


def too_late(invitation: Invitation, _event: Bounced, now: datetime) -> bool:
    """Return whether the deadline has passed."""
    return now >= invitation.deadline_at


def ask(invitation: Invitation, event: Asked, now: datetime) -> Moved:
    """Record that the question was sent."""
    return replace(invitation, channel=event.channel, asked_at=now, reason=None, wake_at=None), ()


def wait(invitation: Invitation, event: Unreached, _now: datetime) -> Moved:
    """Wait for a way to the customer until the deadline."""
    return replace(invitation, reason=event.reason, wake_at=invitation.deadline_at), ()


def give_up(invitation: Invitation, event: Suppressed, _now: datetime) -> Moved:
    """End with the rule's reason."""
    return _ended(invitation, event.reason), ()


def give_up_unreached(invitation: Invitation, _event: DeadlinePassed, _now: datetime) -> Moved:
    """End with the reason for which it waited."""
    return _ended(invitation, invitation.reason or InvitationReason.NO_CONTACT), ()


def give_up_too_late(invitation: Invitation, _event: DeadlinePassed, _now: datetime) -> Moved:
    """End because the deadline has passed."""
    return _ended(invitation, InvitationReason.DEADLINE), ()


def wait_after_all(invitation: Invitation, event: Bounced, _now: datetime) -> Moved:
    """Wait again: a question that was refused was not asked."""
    unasked = replace(invitation, asked_at=None, sent_at=None, channel=None)
    return replace(unasked, reason=event.reason, wake_at=invitation.deadline_at), ()


def give_up_refused(invitation: Invitation, event: Bounced, _now: datetime) -> Moved:
    """End because the channel refused and the deadline has passed."""
    return _ended(replace(invitation, asked_at=None, sent_at=None), event.reason), ()


def recall(invitation: Invitation, event: Recalled, now: datetime) -> Moved:
    """Plan it for now, whatever was decided before."""
    deadline = max(invitation.deadline_at, event.deadline_at)
    planned = replace(invitation, survey=event.survey, due_at=now, deadline_at=deadline, wake_at=now)
    return replace(planned, by_hand=True, reason=None), ()


def cancel_opted_out(invitation: Invitation, _event: OptedOut, _now: datetime) -> Moved:
    """End because the customer wants no questions."""
    return _ended(invitation, InvitationReason.OPTED_OUT), ()


def cancel_reopened(invitation: Invitation, _event: TicketReopened, _now: datetime) -> Moved:
    """End because the ticket is open again."""
    return _ended(invitation, InvitationReason.REOPENED), ()


def _ended(invitation: Invitation, reason: InvitationReason) -> Invitation:
    """End it; what was never sent does not count for the quarantine."""
    asked_at = invitation.asked_at if invitation.sent_at else None
    return replace(invitation, reason=reason, wake_at=None, asked_at=asked_at)


INVITATION: Machine[Invitation, datetime] = Machine(
    "invitation",
    InvitationState.SCHEDULED,
    (
        row(InvitationState.SCHEDULED, Asked, InvitationState.ASKED, ask),
        row(InvitationState.SCHEDULED, Unreached, InvitationState.SCHEDULED, wait),
        row(InvitationState.SCHEDULED, Suppressed, InvitationState.SUPPRESSED, give_up),
        row(InvitationState.SCHEDULED, DeadlinePassed, InvitationState.UNREACHABLE, give_up_unreached, never_reachable),
        row(InvitationState.SCHEDULED, DeadlinePassed, InvitationState.SUPPRESSED, give_up_too_late, never_due),
        row(InvitationState.SCHEDULED, OptedOut, InvitationState.CANCELLED, cancel_opted_out),
        row(InvitationState.SCHEDULED, TicketReopened, InvitationState.CANCELLED, cancel_reopened),
        *(
            row(state, Recalled, InvitationState.SCHEDULED, recall)
            for state in InvitationState
            if state is not InvitationState.ASKED
        ),
        row(InvitationState.ASKED, Bounced, InvitationState.SCHEDULED, wait_after_all, in_time),
        row(InvitationState.ASKED, Bounced, InvitationState.UNREACHABLE, give_up_refused, too_late),
        row(InvitationState.ASKED, DeadlinePassed, InvitationState.SUPPRESSED, give_up_too_late),
        row(InvitationState.ASKED, OptedOut, InvitationState.CANCELLED, cancel_opted_out),
        row(InvitationState.ASKED, TicketReopened, InvitationState.CANCELLED, cancel_reopened),
    ),
)
