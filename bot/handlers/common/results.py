"""What a decision answers to its caller; API, command line and chats word it in their own way."""

from dialogs.campaign.model import Campaign, Figures, Run
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.model.records import IssueEvent, Ticket

__all__ = ["CampaignOutcome", "Conflict", "Erased", "Invalid", "IssueOutcome", "NotFound", "TicketOutcome"]


class TicketOutcome(Value):
    """A ticket with its latest survey; `created` when it is new."""

    ticket: Ticket
    invitation: Invitation | None
    interview: Interview | None
    created: bool = False


class IssueOutcome(Value):
    """An issue after a command, with the timeline lines that the command added."""

    issue: Issue
    added: tuple[IssueEvent, ...] = ()
    created: bool = False


class CampaignOutcome(Value):
    """A campaign with the occurrence under way, and its figures where they are known; `created` when it is new."""

    campaign: Campaign
    run: Run | None = None
    figures: Figures | None = None
    created: bool = False


class NotFound(Value):
    """There is nothing under this id."""

    what: str


class Conflict(Value):
    """The state does not allow it."""

    detail: str


class Erased(Value):
    """The customer was erased, and is not created again."""

    detail: str


class Invalid(Value):
    """A given value is wrong: its field, and what is wrong with it."""

    field: str
    problem: str
