"""What a decision answers to whoever asked; HTTP and chats say it in their own way."""

from dataclasses import dataclass

from dialogs.interviews import Interview
from dialogs.invitation import Invitation
from dialogs.issues import Issue
from storage.records import IssueEvent, Ticket

__all__ = ["Conflict", "Invalid", "IssueView", "NotFound", "TicketView"]


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with its latest survey; `created` when it is new."""

    ticket: Ticket
    invitation: Invitation | None
    interview: Interview | None
    created: bool = False


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue after a command, with the timeline lines that the command added."""

    issue: Issue
    added: tuple[IssueEvent, ...] = ()
    created: bool = False


@dataclass(frozen=True, slots=True)
class NotFound:
    """There is no such thing."""

    what: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """It cannot be done as things stand."""

    detail: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """Something given is wrong: which field, and what about it."""

    field: str
    problem: str
