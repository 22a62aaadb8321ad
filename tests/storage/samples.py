"""One of everything that is kept, related as in life: Mei's closed ticket, her interview, the issue it became."""

from datetime import UTC, datetime, timedelta

from dialogs.interviews import Answer, Interview
from dialogs.interviews import State as Talking
from dialogs.invitation import Invitation
from dialogs.invitation import State as Inviting
from dialogs.issues import Issue, Kind
from dialogs.messages import Choice, Link, Person, Prompt, Tap, Verb
from scoring.rules import Severity
from storage.changes import Changes
from storage.records import (
    AnswerLog,
    Contact,
    Customer,
    InboxRow,
    IssueEvent,
    Member,
    Note,
    OutboxMessage,
    Purpose,
    StoredSurvey,
    Ticket,
    TicketStatus,
    Token,
)

__all__ = ["NOW", "asked", "everything", "inbox_row", "message", "person", "soon"]

NOW = datetime(2026, 11, 22, 2, 30, 0, 123456, tzinfo=UTC)


def soon(**delta: float) -> datetime:
    """Give a moment from NOW on: `soon(hours=1)`."""
    return NOW + timedelta(**delta)


def person(name: str = "mei", ticket: str = "42") -> tuple[Customer, Contact, Ticket]:
    """Give a customer with a chat and a closed ticket."""
    customer = Customer(f"c-{name}", name, "zh-Hans", "Asia/Shanghai")
    contact = Contact(customer.id, "telegram", f"chat-{name}", bound_at=NOW)
    return customer, contact, Ticket("desk", ticket, customer.id, TicketStatus.CLOSED, 1, closed_at=NOW)


def asked(name: str = "mei", ticket: str = "42", state: Talking = Talking.RATING) -> tuple[Invitation, Interview]:
    """Give that ticket's invitation and its interview."""
    inviting = {"state": Inviting.ASKED, "channel": "telegram", "asked_at": NOW}
    invitation = Invitation(
        f"inv_{ticket}", "desk", ticket, 1, f"c-{name}", "after_service", NOW, soon(hours=24), NOW, **inviting
    )
    place = ("telegram", f"chat-{name}", ("after_service", 1), "zh-Hans")
    return invitation, Interview(f"int_{ticket}", invitation.id, f"c-{name}", *place, NOW, soon(hours=72), state)


def message(id_: str = "out_1", name: str = "mei", **fields: object) -> OutboxMessage:
    """Give a message to that customer, due now."""
    known = {"customer": f"c-{name}", "about": "int_42", **fields}
    purpose = known.pop("purpose", Purpose.SURVEY)
    return OutboxMessage(id_, "telegram", f"chat-{name}", purpose, Prompt("你好"), NOW, NOW, **known)


def inbox_row(key: str = "telegram:1") -> InboxRow:
    """Give something heard."""
    return InboxRow(key, "telegram", b'{"update_id": 1}', NOW)


def everything() -> Changes:
    """Give one record of every kind, every field filled."""
    customer, contact, ticket = person()
    invitation, interview = asked()
    return Changes(
        (
            customer,
            contact,
            ticket,
            invitation,
            interview,
        )
    )
