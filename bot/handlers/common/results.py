"""What a decision answers to whoever asked; HTTP and chats say it in their own way."""

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
    """There is no such thing."""

    what: str


class Conflict(Value):
    """It cannot be done as things stand."""

    detail: str


class Erased(Value):
    """There was such a thing, and there never will be again."""

    detail: str


class Invalid(Value):
    """Something given is wrong: which field, and what about it."""

    field: str
    problem: str
