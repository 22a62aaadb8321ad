"""Tickets are created and updated; closing one plans its survey, reopening cancels it."""

from datetime import datetime
from typing import Any

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Invalid, TicketOutcome
from bot.handlers.common.tombstones import forgotten, is_anonymous, is_forgotten_chat, tombstone_hash
from bot.handlers.surveys.fact_rows import closing_of
from bot.handlers.surveys.interview import withdraw
from bot.handlers.surveys.scheduling import plan
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.ticket_times import AHEAD, closed_at, open_since
from dialogs.interview.model import OPEN, InterviewState
from dialogs.invitation.machine import INVITATION, Suppressed, TicketReopened
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.messages import Address
from scoring.values import fields, replace
from storage.model.records import Contact, Customer, Ticket, TicketStatus
from storage.model.service_details import PERSONAL_DETAILS, merged_details
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["latest", "needs", "put", "wrong_contacts"]


_MERGED = {"source", "id", "status", "customer", "closed_at", "details", "excluded"}
_KEPT = [f.name for f in fields(TicketEvent) if f.name not in _MERGED]
_KEPT_OF_CUSTOMER = [f.name for f in fields(CustomerEvent) if f.name not in {"id", "contacts"}]


def needs(event: TicketEvent, policy: Policy) -> Needs:
    """Return the need for the ticket, its customer, and tombstones of both."""
    names = ((event.customer.id,), *event.customer.contacts)
    return Needs(
        tickets=frozenset({(event.source, event.id)}),
        customers=frozenset({event.customer.id}),
        tombstones=frozenset(tombstone_hash(policy, *name) for name in names),
    )


def wrong_contacts(policy: Policy, customer: CustomerEvent) -> list[Invalid]:
    """Return what is wrong with the chats reported of a customer, by field; a door refuses the report then."""
    problems = (policy.address_problem(Address(*pair)) for pair in customer.contacts)
    named = enumerate(problems)
    return [Invalid(f"customer.contacts.{place}.address", problem) for place, problem in named if problem]


def put(context: DecisionContext, event: TicketEvent) -> Decision[TicketOutcome]:
    """Store a report of a ticket, and plan or cancel its survey; a repetition changes nothing."""
    event = _without_the_forgotten(context, event)
    before = context.snapshot.ticket(event.source, event.id)
    if before is not None and _older(event, before, context.now):
        return Decision(Changes(), latest(context, before))
    replaced = _misdirected(context, event, before)
    ticket = _merged(event, before, context.now, is_again=replaced is not None)
    people = _people(context, event)
    fresh = () if ticket == before else (ticket,)
    changes = Changes((*people, *fresh, *_revived(context, event, people)))
    context = context.after(changes)
    if replaced is not None:
        changes += _withdrawn(context, replaced)
        context = context.after(changes)
    changes += _consequences(context, before, ticket, is_excluded=event.excluded)
    context = context.after(changes)
    return Decision(changes, replace(latest(context, ticket), created=before is None))


def _without_the_forgotten(context: DecisionContext, event: TicketEvent) -> TicketEvent:
    """Remove what would recreate an erased customer: the ticket stays, under their anonymous id."""
    tombstone, id_ = forgotten(context, event.customer.id), event.customer.id
    if tombstone is not None or is_anonymous(id_):
        anonymous = CustomerEvent(tombstone.stands_for if tombstone is not None else id_)
        details = {name: value for name, value in event.details.items() if name not in PERSONAL_DETAILS}
        return replace(event, customer=anonymous, subject=None, url=None, details=details)
    said = event.customer
    known = {(contact.channel, contact.chat) for contact in context.snapshot.contacts(said.id)}
    chats = tuple(pair for pair in said.contacts if pair in known or not is_forgotten_chat(context, *pair))
    return event if chats == said.contacts else replace(event, customer=replace(said, contacts=chats))


def latest(context: DecisionContext, ticket: Ticket) -> TicketOutcome:
    """Return a ticket with the survey of its latest closing."""
    asks = (ask for ask in context.snapshot.invitations_of(ticket.source, ticket.id) if not ask.occasion)
    newest = max(asks, key=lambda invitation: invitation.closing, default=None)
    return TicketOutcome(ticket, newest, context.snapshot.interview_of(newest.id) if newest else None)


def _older(event: TicketEvent, before: Ticket, now: datetime) -> bool:
    """Return whether a newer report is stored; one of the future is no measure, since its clock was wrong."""
    if event.updated_at is None or before.updated_at is None:
        return False
    return event.updated_at < before.updated_at <= now + AHEAD


def _misdirected(context: DecisionContext, event: TicketEvent, before: Ticket | None) -> Invitation | None:
    """Return the survey of this closing that is not asked yet, where the report names another customer.

    It was another's: it is withdrawn, and the closing counts anew for the customer named now. Who has been asked goes
    on.
    """
    if (
        before is None
        or before.customer == event.customer.id
        or not before.status == event.status == TicketStatus.CLOSED
    ):
        return None
    newest = latest(context, before).invitation
    if newest is None or newest.closing != before.closing or newest.state is InvitationState.ASKED:
        return None
    return newest if newest.customer != event.customer.id else None


def _merged(event: TicketEvent, before: Ticket | None, now: datetime, *, is_again: bool) -> Ticket:
    base = before or Ticket(event.source, event.id, event.customer.id, event.status)
    said: dict[str, Any] = {name: value for name in _KEPT if (value := getattr(event, name)) is not None}
    opened = open_since(event, before, now)
    stale = {"stage": ""} if event.status is not base.status else {}
    details = merged_details(base.details, stale | dict(event.details))
    said |= {"open_since": opened, "details": details, "imported": ""}
    merged = replace(base, customer=event.customer.id, status=event.status, **said)
    if event.status is not TicketStatus.CLOSED:
        return merged
    closing = base.closing + 1 if is_again or _is_closing(before, merged) else base.closing
    return replace(merged, closing=closing, closed_at=closed_at(event, before, now))


def _is_closing(before: Ticket | None, after: Ticket) -> bool:
    was_closed = before is not None and before.status is TicketStatus.CLOSED
    return after.status is TicketStatus.CLOSED and not was_closed


def _people(context: DecisionContext, event: TicketEvent) -> tuple[Record, ...]:
    said = event.customer
    before = context.snapshot.customer(said.id)
    after = before or Customer(said.id)
    known = {name: value for name in _KEPT_OF_CUSTOMER if (value := getattr(said, name)) is not None}
    after = replace(after, **known)
    have = {(contact.channel, contact.chat) for contact in context.snapshot.contacts(said.id)}
    new = (Contact(said.id, *pair) for pair in dict.fromkeys(said.contacts) if pair not in have)
    return (*(() if after == before else (after,)), *new)


def _revived(context: DecisionContext, event: TicketEvent, people: tuple[Record, ...]) -> tuple[Invitation, ...]:
    """Wake invitations that waited for a chat of the customer, now that there is one more."""
    if not any(isinstance(record, Contact) for record in people):
        return ()
    mine = context.snapshot.invitations(event.customer.id)
    waiting = (i for i in mine if i.state is InvitationState.SCHEDULED and i.reason is not None)
    return tuple(replace(invitation, wake_at=context.now) for invitation in waiting)


def _consequences(context: DecisionContext, before: Ticket | None, ticket: Ticket, *, is_excluded: bool) -> Changes:
    if _is_closing(before, ticket) or (before is not None and ticket.closing > before.closing):
        invitation = plan(context, ticket)
        closed = Changes((closing_of(context, ticket, invitation.closed_at), invitation))
        return closed + (_unplanned(context.after(closed), ticket) if is_excluded else Changes())
    if is_excluded and ticket.status is TicketStatus.CLOSED:
        return _unplanned(context, ticket)
    left_closed = before is not None and before.status is TicketStatus.CLOSED
    return _cancel(context, ticket) if left_closed and ticket.status is not TicketStatus.CLOSED else Changes()


def _unplanned(context: DecisionContext, ticket: Ticket) -> Changes:
    """Suppress the ask about the latest closing, where nobody has been asked yet."""
    invitation = latest(context, ticket).invitation
    if invitation is None:
        return Changes()
    step = INVITATION.step(invitation, Suppressed(InvitationReason.EXCLUDED), context.now)
    return Changes((step.thing,)) if step else Changes()


def _cancel(context: DecisionContext, ticket: Ticket) -> Changes:
    changes = Changes()
    for invitation in context.snapshot.invitations_of(ticket.source, ticket.id):
        changes += _withdrawn(context.after(changes), invitation)
    return changes


def _withdrawn(context: DecisionContext, invitation: Invitation) -> Changes:
    """Cancel an unfinished ask; an interview that is completed stays, or becomes it where all but one doubt is said."""
    interview = context.snapshot.interview_of(invitation.id) if invitation.state is InvitationState.ASKED else None
    if interview is not None and interview.state not in OPEN:
        return Changes()
    if interview is not None and interview.state is InterviewState.CLARIFYING:
        return withdraw(context, interview)
    step = INVITATION.step(invitation, TicketReopened(), context.now)
    taken_back = withdraw(context, interview) if interview is not None else Changes()
    return taken_back + Changes((step.thing,)) if step else Changes()
