"""One ticket with its latest survey, one issue with its timeline, one customer; none of these reads locks anything."""

from collections.abc import Collection, Sequence

from sqlalchemy import Text, bindparam, func, literal_column, select

from dialogs.exclusion.model import Exclusion
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.model.fact_records import Closing, RatingFact
from storage.model.records import Contact, Customer, IssueEvent, Ticket
from storage.schema import tables as t
from storage.schema.literals import EMPTY
from storage.unit_of_work import selects as s

__all__ = [
    "IssueWithTimeline",
    "ResponseFacts",
    "TicketWithSurvey",
    "find_issue",
    "find_reached",
    "find_response_facts",
    "find_ticket",
    "with_timelines",
]


class TicketWithSurvey(Value):
    """A ticket with its customer, their contacts, and the survey of its last closing."""

    ticket: Ticket
    customer: Customer
    contacts: tuple[Contact, ...]
    invitation: Invitation | None
    interview: Interview | None


class IssueWithTimeline(Value):
    """An issue and the events of its timeline, oldest first."""

    issue: Issue
    timeline: tuple[IssueEvent, ...]


class ResponseFacts(Value):
    """An interview with the closing that it is about, its ratings in the order in which they were given, exclusions."""

    interview: Interview
    closing: Closing | None
    ratings: tuple[RatingFact, ...]
    exclusions: tuple[Exclusion, ...] = ()


_customer, _contact = t.customers.c, t.contacts.c
_has_chat = select(_contact.customer).where(_contact.customer == _customer.id).exists()
_BY_PHONE = select(_customer.id).where(_customer.phone != EMPTY, among("phones", _customer.phone), _has_chat)
_small_email = func.lower(_customer.email)
_BY_EMAIL = select(_customer.id).where(_customer.email != EMPTY, among("emails", _small_email), _has_chat)
_ITSELF = select(_customer.id).where(among("ids", _customer.id), _has_chat)
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
_ASKED = s.all_of(Invitation, among("invitations", t.invitations.c.id))
_closing = t.closings.c
_CLOSING = s.all_of(Closing, among("closings", _closing.source, _closing.ticket, _closing.number))
_ISSUE = s.all_of(Issue, t.issues.c.id == bindparam("issue", type_=Text()))
_TIMELINES = s.all_of(IssueEvent, among("issues", t.issue_events.c.issue)).order_by(t.issue_events.c.number)


async def find_ticket(store: Store, source: str, id_: str) -> TicketWithSurvey | None:
    """Return a ticket, None if there is no such ticket."""
    async with store.reading() as session:
        tickets = await session.records(Ticket, s.TICKETS, tickets=[(source, id_)])
        if not tickets:
            return None
        owner = [tickets[0].customer]
        customers = await session.records(Customer, s.CUSTOMERS, customers=owner)
        contacts = await session.records(Contact, s.CONTACTS, customers=owner)
        invitations = await session.records(Invitation, _LAST_INVITATION, source=source, ticket=id_)
        interviews = await session.records(Interview, s.INTERVIEWS, invitations=[each.id for each in invitations])
    return TicketWithSurvey(
        tickets[0], customers[0], tuple(contacts), next(iter(invitations), None), next(iter(interviews), None)
    )


async def find_response_facts(store: Store, id_: str) -> ResponseFacts | None:
    """Return what is counted of a response, None if there is no such response."""
    async with store.reading() as session:
        found = await session.records(Interview, s.RESPONSES, interviews=[id_])
        asked = await session.records(Invitation, _ASKED, invitations=[each.invitation for each in found])
        if not asked:
            return None
        closing = (asked[0].source, asked[0].ticket, asked[0].closing)
        closings = await session.records(Closing, _CLOSING, closings=[closing])
        ratings = await session.records(RatingFact, s.RATINGS, responses=[id_])
        exclusions = await session.records(Exclusion, s.EXCLUSIONS, responses=[id_])
    return ResponseFacts(found[0], next(iter(closings), None), tuple(ratings), tuple(exclusions))


async def find_issue(store: Store, id_: str) -> IssueWithTimeline | None:
    """Return an issue with its timeline, None if there is no such issue."""
    async with store.reading() as session:
        found = await session.records(Issue, _ISSUE, issue=id_)
    return next(iter(await with_timelines(store, found)), None)


async def with_timelines(store: Store, issues: Sequence[Issue]) -> tuple[IssueWithTimeline, ...]:
    """Return these issues with their timelines, in the same order."""
    async with store.reading() as session:
        events = await session.records(IssueEvent, _TIMELINES, issues=[issue.id for issue in issues])
    return tuple(IssueWithTimeline(each, tuple(one for one in events if one.issue == each.id)) for each in issues)


async def find_reached(store: Store, own: str, phones: Collection[str], emails: Collection[str]) -> set[str]:
    """Return who has a chat: the customer `own` and those with one of these numbers or (lower-case) addresses."""
    async with store.reading() as session:
        found = [*(await session.fetch(_ITSELF, ids=[own]))]
        found += await session.fetch(_BY_PHONE, phones=sorted(phones)) if phones else []
        found += await session.fetch(_BY_EMAIL, emails=sorted(emails)) if emails else []
    return {customer for (customer,) in found}
