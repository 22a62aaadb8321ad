"""Reads for ticks, the API and the operator; none of them locks anything."""

from datetime import datetime

from sqlalchemy import Integer, Table, Text, bindparam, func, literal_column, select, union_all

from dialogs.ids import Ref, RefKind
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.connection.store import Store
from storage.model.records import Contact, Customer, InboxOutcome, InboxRow, IssueEvent, Ticket
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, text_literal
from storage.unit_of_work import selects as s

__all__ = [
    "DUE_TABLES",
    "IssueView",
    "TicketView",
    "due",
    "failed_inbox",
    "issue",
    "next_wake",
    "ticket",
]

_LIMIT = bindparam("limit", type_=Integer())

# -- what is due ----------------------------------------------------------------------------------------------

DUE_TABLES: dict[RefKind, Table] = {
    RefKind.INVITATION: t.invitations,
    RefKind.INTERVIEW: t.interviews,
    RefKind.ISSUE: t.issues,
    RefKind.REQUEST: t.requests,
    RefKind.CAMPAIGN: t.campaigns,
}
"""Every table with a `wake_at`: the moment at which something has to be done about a row."""

_DUE = (
    union_all(
        *(
            select(literal_column(f"'{kind}'", Text).label("kind"), table.c.id, table.c.wake_at).where(
                table.c.wake_at <= bindparam("now", type_=Instant())
            )
            for kind, table in DUE_TABLES.items()
        )
    )
    .order_by(literal_column("3"))
    .limit(_LIMIT)
)
_NEXT_WAKE = union_all(
    *(select(func.min(table.c.wake_at)).where(table.c.wake_at.is_not(None)) for table in DUE_TABLES.values())
)


async def due(store: Store, now: datetime, limit: int) -> list[Ref]:
    """Return what has to be looked at, what has waited longest first."""
    async with store.reading() as session:
        return [Ref(RefKind(kind), key) for kind, key, _ in await session.fetch(_DUE, now=now, limit=limit)]


async def next_wake(store: Store) -> datetime | None:
    """Return the moment at which the next thing is due, past or future; None when nothing ever is."""
    async with store.reading() as session:
        found = [moment for (moment,) in await session.fetch(_NEXT_WAKE)]
    return min((moment for moment in found if moment is not None), default=None)


# -- one thing ------------------------------------------------------------------------------------------------


class TicketView(Value):
    """A ticket with its customer, and what became of its last closing."""

    ticket: Ticket
    customer: Customer
    contacts: tuple[Contact, ...]
    invitation: Invitation | None
    interview: Interview | None


_LAST_INVITATION = (
    s.all_of(
        Invitation,
        t.invitations.c.source == bindparam("source", type_=Text()),
        t.invitations.c.ticket == bindparam("ticket", type_=Text()),
        t.invitations.c.occasion == EMPTY,
    )
    .order_by(t.invitations.c.closing.desc())
    .limit(literal_column("1"))
)


async def ticket(store: Store, source: str, id_: str) -> TicketView | None:
    """Return a ticket, None if it is not known."""
    async with store.reading() as session:
        tickets = await session.records(Ticket, s.TICKETS, tickets=[(source, id_)])
        if not tickets:
            return None
        whose = [tickets[0].customer]
        customers = await session.records(Customer, s.CUSTOMERS, customers=whose)
        contacts = await session.records(Contact, s.CONTACTS, customers=whose)
        invitations = await session.records(Invitation, _LAST_INVITATION, source=source, ticket=id_)
        interviews = await session.records(Interview, s.INTERVIEWS, invitations=[each.id for each in invitations])
    return TicketView(
        tickets[0], customers[0], tuple(contacts), next(iter(invitations), None), next(iter(interviews), None)
    )


class IssueView(Value):
    """An issue and everything that happened to it, oldest first."""

    issue: Issue
    timeline: tuple[IssueEvent, ...]


_ISSUE = s.all_of(Issue, t.issues.c.id == bindparam("issue", type_=Text()))
_TIMELINE = s.all_of(IssueEvent, t.issue_events.c.issue == bindparam("issue", type_=Text())).order_by(
    t.issue_events.c.number
)


async def issue(store: Store, id_: str) -> IssueView | None:
    """Return an issue, None if it is not known."""
    async with store.reading() as session:
        found = await session.records(Issue, _ISSUE, issue=id_)
        timeline = await session.records(IssueEvent, _TIMELINE, issue=id_)
    return IssueView(found[0], tuple(timeline)) if found else None


# -- how it goes ----------------------------------------------------------------------------------------------

_FAILED = (
    s.all_of(InboxRow, t.inbox.c.outcome == text_literal(InboxOutcome.FAILED))
    .order_by(t.inbox.c.received_at, t.inbox.c.key)
    .limit(_LIMIT)
)


async def failed_inbox(store: Store, limit: int) -> list[InboxRow]:
    """Return what could not be decided, oldest first: it is tried again at the next start."""
    async with store.reading() as session:
        return await session.records(InboxRow, _FAILED, limit=limit)
