"""One planned ask for one closing of one ticket: when it is due, and what became of it."""

from datetime import datetime
from enum import StrEnum

from dialogs.interview.model import Interview, InterviewState
from dialogs.machine import Machine, row
from scoring.values import Value, replace

__all__ = [
    "INVITATION",
    "Asked",
    "Bounced",
    "Invitation",
    "InvitationState",
    "OptedOut",
    "Overdue",
    "Reason",
    "Recalled",
    "Reopened",
    "Suppressed",
    "Waiting",
    "status_of",
]


class InvitationState(StrEnum):
    """Where an invitation stands; once asked, its interview tells the rest."""

    SCHEDULED = "scheduled"
    ASKED = "asked"
    SUPPRESSED = "suppressed"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a customer was not asked, or not yet (CONTRACT 3, Tickets)."""

    QUARANTINE = "quarantine"
    EXCLUDED = "excluded"
    SAMPLED_OUT = "sampled_out"
    DEADLINE = "deadline"
    QUIET_HOURS = "quiet_hours"
    NO_CONTACT = "no_contact"
    BLOCKED = "blocked"
    WINDOW_CLOSED = "window_closed"
    OPTED_OUT = "opted_out"
    REOPENED = "reopened"


class Invitation(Value):
    """The ask for closing number `closing` of a ticket; agent and team are a snapshot taken at closing.

    An ask that no closing caused has an `occasion` (a campaign and its occurrence, the customer's own feedback), and
    perhaps no ticket: then `source` and `ticket` are empty. `rule` names the survey rule that decided.
    `by_hand` asks skip delay, quiet hours and quarantine; `sent_at` is when the first question reached the chat.
    """

    id: str
    source: str
    ticket: str
    closing: int
    customer: str
    survey: str
    due_at: datetime
    deadline_at: datetime
    closed_at: datetime
    state: InvitationState = InvitationState.SCHEDULED
    reason: Reason | None = None
    channel: str | None = None
    agent_id: str = ""
    agent_name: str = ""
    team: str = ""
    by_hand: bool = False
    asked_at: datetime | None = None
    sent_at: datetime | None = None
    wake_at: datetime | None = None
    occasion: str = ""
    rule: str = ""
    version: int = 0

    @property
    def about(self) -> tuple[str, str] | None:
        """The ticket it is about: its source and its id there; None for an ask about no ticket."""
        return (self.source, self.ticket) if self.source else None


class Asked(Value):
    """The first question was handed to `channel`."""

    channel: str


class Waiting(Value):
    """It is due, but there is no way to the customer yet."""

    reason: Reason


class Suppressed(Value):
    """A rule forbids asking."""

    reason: Reason


class Overdue(Value):
    """The deadline has passed and no question has reached the customer."""


class Bounced(Value):
    """The channel refused the first question."""

    reason: Reason


class Recalled(Value):
    """A person wants it asked now, by hand, with this survey; it may wait for a contact until the deadline."""

    survey: str
    deadline_at: datetime


class OptedOut(Value):
    """The customer wants no questions."""


class Reopened(Value):
    """The ticket was opened again before the customer had finished."""


Moved = tuple[Invitation, tuple[object, ...]]


def never_reachable(invitation: Invitation, _event: Overdue, _now: datetime) -> bool:
    """Return whether it waited for a way to the customer."""
    return invitation.reason is not None


def never_due(invitation: Invitation, _event: Overdue, _now: datetime) -> bool:
    """Return whether nobody looked in time, as when the service was down."""
    return invitation.reason is None


def in_time(invitation: Invitation, _event: Bounced, now: datetime) -> bool:
    """Return whether another way may still be found."""
    return now < invitation.deadline_at


def too_late(invitation: Invitation, _event: Bounced, now: datetime) -> bool:
    """Return whether the deadline has passed."""
    return now >= invitation.deadline_at


def ask(invitation: Invitation, event: Asked, now: datetime) -> Moved:
    """Note the asking."""
    return replace(invitation, channel=event.channel, asked_at=now, reason=None, wake_at=None), ()


def wait(invitation: Invitation, event: Waiting, _now: datetime) -> Moved:
    """Wait for a way to the customer until the deadline."""
    return replace(invitation, reason=event.reason, wake_at=invitation.deadline_at), ()


def give_up(invitation: Invitation, event: Suppressed, _now: datetime) -> Moved:
    """End with the rule's reason."""
    return _ended(invitation, event.reason), ()


def give_up_unreached(invitation: Invitation, _event: Overdue, _now: datetime) -> Moved:
    """End with the reason for which it waited."""
    return _ended(invitation, invitation.reason or Reason.NO_CONTACT), ()


def give_up_too_late(invitation: Invitation, _event: Overdue, _now: datetime) -> Moved:
    """End because the deadline has passed."""
    return _ended(invitation, Reason.DEADLINE), ()


def wait_after_all(invitation: Invitation, event: Bounced, _now: datetime) -> Moved:
    """Go back to waiting: what was refused was not asked."""
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
    return _ended(invitation, Reason.OPTED_OUT), ()


def cancel_reopened(invitation: Invitation, _event: Reopened, _now: datetime) -> Moved:
    """End because the ticket is open again."""
    return _ended(invitation, Reason.REOPENED), ()


def _ended(invitation: Invitation, reason: Reason) -> Invitation:
    """End it; what was never sent does not count for the quarantine."""
    asked_at = invitation.asked_at if invitation.sent_at else None
    return replace(invitation, reason=reason, wake_at=None, asked_at=asked_at)


INVITATION: Machine[Invitation, datetime] = Machine(
    "invitation",
    InvitationState.SCHEDULED,
    (
        row(InvitationState.SCHEDULED, Asked, InvitationState.ASKED, ask),
        row(InvitationState.SCHEDULED, Waiting, InvitationState.SCHEDULED, wait),
        row(InvitationState.SCHEDULED, Suppressed, InvitationState.SUPPRESSED, give_up),
        row(InvitationState.SCHEDULED, Overdue, InvitationState.UNREACHABLE, give_up_unreached, never_reachable),
        row(InvitationState.SCHEDULED, Overdue, InvitationState.SUPPRESSED, give_up_too_late, never_due),
        row(InvitationState.SCHEDULED, OptedOut, InvitationState.CANCELLED, cancel_opted_out),
        row(InvitationState.SCHEDULED, Reopened, InvitationState.CANCELLED, cancel_reopened),
        *(
            row(state, Recalled, InvitationState.SCHEDULED, recall)
            for state in InvitationState
            if state is not InvitationState.ASKED
        ),
        row(InvitationState.ASKED, Bounced, InvitationState.SCHEDULED, wait_after_all, in_time),
        row(InvitationState.ASKED, Bounced, InvitationState.UNREACHABLE, give_up_refused, too_late),
        row(InvitationState.ASKED, Overdue, InvitationState.SUPPRESSED, give_up_too_late),
        row(InvitationState.ASKED, OptedOut, InvitationState.CANCELLED, cancel_opted_out),
        row(InvitationState.ASKED, Reopened, InvitationState.CANCELLED, cancel_reopened),
    ),
)


def status_of(invitation: Invitation, interview: Interview | None) -> str:
    """Return the survey's status in the words of CONTRACT 3, from the invitation and its interview."""
    if invitation.state is not InvitationState.ASKED or interview is None:
        return InvitationState.SCHEDULED.value if invitation.state is InvitationState.ASKED else invitation.state.value
    if interview.state in (InterviewState.RATING, InterviewState.REMARKING, InterviewState.COMMENTING):
        return "started"
    if interview.state is InterviewState.EXPIRED:
        return "partial" if interview.answers else "expired"
    if interview.state is InterviewState.INVITED:
        return "sent" if invitation.sent_at else "scheduled"
    return interview.state.value
