"""A ticket as it is shown: the answer to PUT, GET, and the ticket webhook."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import asdict
from pydantic import BaseModel

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import TicketOutcome
from bot.handlers.common.tombstones import is_anonymous
from bot.http.field_errors import FieldProblem
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState, status_of
from dialogs.messages import Address
from dialogs.phone_number import dialled, is_email
from dialogs.time.zones import find_zone
from scoring.values import Value, replace
from storage.model.records import Contact, Customer, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes

__all__ = [
    "CustomerOut",
    "TicketAnswer",
    "TicketDetails",
    "ticket_answer",
    "ticket_details",
    "ticket_out",
    "with_details",
]


class AgentOut(BaseModel):
    """Who served the customer."""

    id: str | None
    name: str | None


class ContactOut(BaseModel):
    """One chat of the customer."""

    channel: str
    address: str


class CustomerOut(BaseModel):
    """Whose ticket it is."""

    id: str
    name: str | None
    locale: str | None
    timezone: str | None
    tier: str | None
    phone: str | None
    email: str | None
    postal_address: str | None
    contacts: tuple[ContactOut, ...]


class DetailsOut(BaseModel):
    """What is known of the service visit; null where nothing is."""

    requested_at: datetime | None
    assigned_at: datetime | None
    onsite_at: datetime | None
    solved_at: datetime | None
    area: str | None
    station: str | None
    contract: str | None
    device: str | None
    fault: str | None
    service_type: str | None
    source_channel: str | None
    order_no: str | None
    repair_form_no: str | None
    customer_signed: bool | datetime | None
    report_reviewed: bool | datetime | None
    stage: str | None
    outcome: str | None
    contact_problem: str | None
    warranty: bool | str | None
    cause: str | None
    measure: str | None
    resent: bool | None
    solved_first_time: bool | None
    rework: str | None
    rework_of: str | None
    fields: dict[str, str | bool | int | float]


class TicketOut(DetailsOut):
    """A ticket as it is stored; null where nothing is known."""

    status: TicketStatus
    opened_at: datetime | None
    first_replied_at: datetime | None
    closed_at: datetime | None
    appointment_at: datetime | None
    updated_at: datetime | None
    subject: str | None
    category: str | None
    product: str | None
    team: str | None
    agent: AgentOut | None
    tags: tuple[str, ...]
    url: str | None
    customer: CustomerOut


class SurveyOut(BaseModel):
    """The survey about the latest closing: whether, where and when it is asked."""

    id: str
    status: str
    reason: str | None
    channel: str | None
    due_at: datetime
    deadline_at: datetime


class WarningOut(BaseModel):
    """A value that was taken and is not followed: its field, and what holds instead."""

    field: str
    problem: str


class TicketAnswer(BaseModel):
    """A ticket, the survey of its latest closing, and what of the customer is not followed."""

    ticket: TicketOut
    survey: SurveyOut | None
    warnings: tuple[WarningOut, ...] = ()


class TicketDetails(Value):
    """Everything that an answer about a ticket shows.

    `way` is the channel on which the customer would be asked now, or why there is none; `warnings` are about what is
    stored of the customer and not followed.
    """

    view: TicketOutcome
    customer: Customer
    contacts: tuple[Contact, ...]
    way: str | InvitationReason
    warnings: tuple[FieldProblem, ...] = ()


def with_details(context: DecisionContext, changes: Changes, view: TicketOutcome) -> TicketDetails:
    """Return the details that the answer about a ticket shows after these changes."""
    return ticket_details(context.after(changes), view)


def ticket_details(context: DecisionContext, view: TicketOutcome) -> TicketDetails:
    """Return the details that an answer about a ticket shows."""
    customer = view.ticket.customer
    known = context.snapshot.customer(customer) or Customer(customer)
    if is_anonymous(customer):
        known = replace(known, name=context.policy.phrases.say(context.policy.locale, "card.erased"))
    contact = usable_contact(context, customer)
    way = contact.channel if contact else why_unreachable(context, customer)
    contacts = tuple(context.snapshot.contacts(customer))
    return TicketDetails(view, known, contacts, way, tuple(_warnings(context.policy, known, contacts)))


def _warnings(policy: Policy, customer: Customer, contacts: Sequence[Contact]) -> Iterator[FieldProblem]:
    """Yield what of a customer is stored and not followed, with what holds instead."""
    if customer.locale and not policy.phrases.spoken(customer.locale):
        instead = policy.locale_of(customer)
        yield FieldProblem("customer.locale", f"is no language spoken here; messages go out in {instead}")
    if customer.timezone and find_zone(customer.timezone) is None:
        yield FieldProblem("customer.timezone", f"is no zone known here; times follow {policy.timezone.key}")
    if customer.phone and not dialled(customer.phone):
        yield FieldProblem("customer.phone", "holds no number that can be rung; the holder reads it as it is")
    if customer.email and not is_email(customer.email):
        yield FieldProblem("customer.email", "is no e-mail address; the holder reads it as it is")
    for place, contact in enumerate(contacts):
        problem = policy.address_problem(Address(contact.channel, contact.chat))
        if problem:
            yield FieldProblem(f"customer.contacts.{place}.address", f"{problem}; nothing is sent there")


def ticket_answer(with_details: TicketDetails) -> TicketAnswer:
    """Return the answer to PUT and GET."""
    view = with_details.view
    survey = _survey_out(view.invitation, view.interview, with_details.way) if view.invitation else None
    warnings = tuple(WarningOut(field=one.field, problem=one.problem) for one in with_details.warnings)
    return TicketAnswer(ticket=ticket_out(view.ticket, _customer_out(with_details)), survey=survey, warnings=warnings)


def ticket_out(ticket: Ticket, customer: CustomerOut) -> TicketOut:
    """Return a ticket as the API shows it."""
    agent = AgentOut(id=ticket.agent_id or None, name=ticket.agent_name or None)
    return TicketOut(
        status=ticket.status,
        opened_at=ticket.opened_at,
        first_replied_at=ticket.first_replied_at,
        closed_at=ticket.closed_at,
        appointment_at=ticket.appointment_at,
        updated_at=ticket.updated_at,
        subject=ticket.subject or None,
        category=ticket.category or None,
        product=ticket.product or None,
        team=ticket.team or None,
        agent=agent if agent.id or agent.name else None,
        tags=ticket.tags,
        url=ticket.url or None,
        customer=customer,
        **asdict(ticket.details),
    )


def _customer_out(with_details: TicketDetails) -> CustomerOut:
    customer = with_details.customer
    return CustomerOut(
        id=customer.id,
        name=customer.name or None,
        locale=customer.locale or None,
        timezone=customer.timezone or None,
        tier=customer.tier or None,
        phone=customer.phone or None,
        email=customer.email or None,
        postal_address=customer.postal_address or None,
        contacts=tuple(ContactOut(channel=contact.channel, address=contact.chat) for contact in with_details.contacts),
    )


def _survey_out(invitation: Invitation, interview: Interview | None, way: str | InvitationReason) -> SurveyOut:
    """Return the survey as the API shows it; a planned one already with its channel, or the reason against it."""
    is_planned = invitation.state is InvitationState.SCHEDULED
    reason = invitation.reason or (way if is_planned and isinstance(way, InvitationReason) else None)
    planned = way if is_planned and not isinstance(way, InvitationReason) else None
    return SurveyOut(
        id=invitation.id,
        status=status_of(invitation, interview),
        reason=reason.value if reason else None,
        channel=invitation.channel or planned,
        due_at=invitation.due_at,
        deadline_at=invitation.deadline_at,
    )
