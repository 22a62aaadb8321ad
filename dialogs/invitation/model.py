"""What an invitation is: one planned ask for one closing of one ticket, and what became of it."""

from datetime import datetime
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from dialogs.interview.model import STARTED, Interview, InterviewState
from scoring.values import Value

__all__ = ["SAMPLE_SOURCE", "Invitation", "InvitationReason", "InvitationState", "imported_occasion", "status_of"]


class InvitationState(StrEnum):
    """Where an invitation stands; once asked, its interview tells the rest."""

    SCHEDULED = "scheduled"
    ASKED = "asked"
    SUPPRESSED = "suppressed"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"


class InvitationReason(StrEnum):
    """Why a customer was not asked, or not yet; `survey.reason` of a ticket in the API says it in these words."""

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
    IMPORTED = "imported"
    """The closing came by an import, which asks nobody."""


_IMPORTED = "imported:"
SAMPLE_SOURCE = "sample"
"""The source of every ticket of the sample company, by which it is known."""


def imported_occasion(response: str) -> str:
    """Return the occasion of an ask whose response came by an import."""
    return f"{_IMPORTED}{response}"


class Invitation(Value):
    """The ask for closing number `closing` of a ticket; agent and team are a snapshot taken at closing.

    An ask that no closing caused has an `occasion` (a campaign and its occurrence, the customer's own feedback), and
    perhaps no ticket: then `source` and `ticket` are empty. `rule` names the survey rule that decided.
    `by_hand` asks skip delay, quiet hours and quarantine; `sent_at` is when the first question reached the chat.
    `entered_by` is who entered what the customer answered on another way, which nobody was asked.
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
    reason: InvitationReason | None = None
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
    entered_by: str = ""

    @property
    def ref(self) -> Ref:
        """How messages, buttons and the scheduler refer to it."""
        return Ref(RefKind.INVITATION, self.id)

    @property
    def is_real(self) -> bool:
        """Whether a customer answers it, other than by an import or in the sample company: those alert nobody."""
        return self.source != SAMPLE_SOURCE and not self.occasion.startswith(_IMPORTED)

    @property
    def about(self) -> tuple[str, str] | None:
        """The ticket's source and its id there; None for an ask about no ticket."""
        return (self.source, self.ticket) if self.source else None


def status_of(invitation: Invitation, interview: Interview | None) -> str:
    """Return the survey's status as the API tells it (`survey.status`), from the invitation and its interview."""
    if invitation.state is not InvitationState.ASKED or interview is None:
        return InvitationState.SCHEDULED.value if invitation.state is InvitationState.ASKED else invitation.state.value
    if interview.state in STARTED:
        return "started"
    if interview.state is InterviewState.EXPIRED:
        return "partial" if interview.answers else "expired"
    if interview.state is InterviewState.INVITED:
        return "sent" if invitation.sent_at else "scheduled"
    return interview.state.value
