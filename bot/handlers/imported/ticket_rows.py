"""A row of tickets: the ticket, its customer, and its closing, about which nobody is asked."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from bot.handlers.imported.contact_rows import chat_mistakes, erased_mistakes, named_chats
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow, told_value
from bot.handlers.surveys.fact_rows import closing_record
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.ticket_times import AHEAD, wrong_order, wrong_times
from dialogs.ids import RefKind, derive
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.known_words import folded_word
from scoring.values import Value
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.import_records import NamedRecord, RowMistake
from storage.model.records import Contact, Customer, Ticket, TicketStatus
from storage.model.service_details import SERVICE_DETAILS, ServiceDetails, merged_details

__all__ = ["judge_ticket", "ticket_keys"]

Cells = Mapping[str, Any]
_PLAIN = (
    *("opened_at", "first_replied_at", "closed_at", "appointment_at", "updated_at"),
    *("subject", "category", "product", "team", "tags", "url"),
)
_OF_CUSTOMER = ("name", "locale", "timezone", "tier", "phone", "email", "postal_address")
_OWN, _MOST_OWN = "fields.", 50
_SOURCE = "import"
"""The help desk of a ticket of which nobody says whence it came."""
_TICKET, _PERSON, _VISIT, _FIELDS = range(4)
_PLACES: Mapping[str, tuple[int, str]] = {
    **{name: (_TICKET, name) for name in _PLAIN},
    **{f"agent.{name}": (_TICKET, f"agent_{name}") for name in ("id", "name")},
    **{f"customer.{name}": (_PERSON, name) for name in _OF_CUSTOMER},
    **{name: (_VISIT, name) for name in SERVICE_DETAILS if name != "fields"},
}
"""To what a column belongs, and the name of the field there."""
_NO_DETAILS = ServiceDetails()


class ToldTicket(Value):
    """What a row tells: fields of the ticket and of its customer by name, and how the visit went."""

    source: str
    id: str
    customer: str
    contacts: tuple[tuple[str, str], ...]
    status: TicketStatus
    plain: dict[str, Any]
    person: dict[str, Any]
    visit: dict[str, Any]
    details: ServiceDetails

    def event(self) -> TicketEvent:
        """Return it as a help desk would report it."""
        customer = CustomerEvent(self.customer, contacts=self.contacts, **self.person)
        return TicketEvent(self.source, self.id, self.status, customer, details=self.visit, **self.plain)


def ticket_keys(_terms: ImportTerms, cells: Cells, keys: RowKeys) -> None:
    """Add what a row is about."""
    customer = cells["customer"]
    keys.tickets.add((cells.get("source", _SOURCE), cells["ticket"]))
    keys.customers.add(customer)
    keys.people.add(customer)
    if "contacts" in cells:
        keys.contacts.add(customer)


def judge_ticket(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the records of a row, or what is wrong with it; what is stored otherwise is left as it is."""
    status = _status(terms, cells)
    if not status:
        words = ", ".join(TicketStatus)
        return RefusedRow(
            (RowMistake("status", cells["status"], "stands in no list", f"write {words}, or add it to lists.toml"),)
        )
    told = _told(cells, TicketStatus(status))
    mistakes = tuple(_mistakes(terms, told, cells, stored))
    if mistakes:
        return RefusedRow(mistakes)
    before = stored.tickets.get((told.source, told.id))
    if before is not None:
        differing = tuple(_differing(terms, told, before))
        same = ((Ticket, (told.source, told.id), ()), (Customer, (told.customer,), ()))
        return RefusedRow(differing) if differing else TakenRow(named=(*same, *_named_chats(told, stored)))
    return _taken(terms, told, stored)


def _named_chats(told: ToldTicket, stored: StoredRows) -> Iterator[NamedRecord]:
    return named_chats(told.customer, told.contacts, stored)


def _status(terms: ImportTerms, cells: Cells) -> str:
    """Return the status that a row tells, or which follows from whether it was closed; empty for an unknown word."""
    if "status" not in cells:
        return TicketStatus.CLOSED if "closed_at" in cells else TicketStatus.OPEN
    return terms.policy.lists.status_of(cells["status"])


def _told(cells: Cells, status: TicketStatus) -> ToldTicket:
    plain, person, visit, own = groups = dict[str, Any](), dict[str, Any](), dict[str, Any](), dict[str, Any]()
    if "status" in cells and folded_word(cells["status"]) != status:
        visit["stage"] = cells["status"]
    for name, value in cells.items():
        place = _PLACES.get(name)
        if place is not None:
            groups[place[0]][place[1]] = value
        elif name.startswith(_OWN):
            own[name.removeprefix(_OWN)] = value
    if own:
        visit["fields"] = own
    return ToldTicket(
        source=cells.get("source", _SOURCE),
        id=cells["ticket"],
        customer=cells["customer"],
        contacts=cells.get("contacts", ()),
        status=status,
        plain=plain,
        person=person,
        visit=visit,
        details=merged_details(_NO_DETAILS, visit) if visit else _NO_DETAILS,
    )


def _mistakes(terms: ImportTerms, told: ToldTicket, cells: Cells, stored: StoredRows) -> Iterator[RowMistake]:
    if told.status is TicketStatus.CLOSED and "closed_at" not in told.plain:
        yield RowMistake("closed_at", "", "is missing for a closed ticket", "say when it was closed")
    if told.visit or _may_lie_ahead(told, terms.now):
        event, zone = told.event(), terms.policy.timezone
        for wrong in (*wrong_times(event, terms.now, None, zone), *wrong_order(event, told.details, zone)):
            yield RowMistake(wrong.field, told_value(terms, cells.get(wrong.field, "")), wrong.problem, "correct it")
    if len(told.details.fields) > _MOST_OWN:
        yield RowMistake("fields", "", f"are {len(told.details.fields)}", f"map at most {_MOST_OWN} columns to fields")
    yield from erased_mistakes(told.customer, stored)
    for channel, chat in told.contacts:
        yield from chat_mistakes(terms, channel, chat)


def _may_lie_ahead(told: ToldTicket, now: datetime) -> bool:
    """Return whether any moment lies ahead: mostly none does, and no rule about them has to be asked."""
    latest = now + AHEAD
    return any(isinstance(value, datetime) and value > latest for value in told.plain.values())


def _differing(terms: ImportTerms, told: ToldTicket, before: Ticket) -> Iterator[RowMistake]:
    """Yield what a row says otherwise than it is stored."""
    said = told.plain | {"status": told.status, "customer": told.customer}
    pairs = [(name, value, getattr(before, name)) for name, value in said.items()]
    pairs += [(name, value, getattr(before.details, name)) for name, value in told.visit.items()]
    for name, value, kept in pairs:
        if value != kept:
            fix = "leave it out, or undo the import that brought it"
            problem = f"this ticket is stored with {told_value(terms, kept or 'nothing')} there"
            yield RowMistake(name, told_value(terms, value), problem, fix)


def _taken(terms: ImportTerms, told: ToldTicket, stored: StoredRows) -> TakenRow:
    records: list[Any] = []
    customer = stored.customers.get(told.customer)
    if customer is None:
        customer = Customer(told.customer, **told.person)
        records.append(customer)
    for channel, chat in dict.fromkeys(told.contacts):
        if (told.customer, channel, chat) not in stored.contacts:
            records.append(Contact(told.customer, channel, chat))
    is_closed = told.status is TicketStatus.CLOSED
    ticket = Ticket(
        told.source,
        told.id,
        told.customer,
        told.status,
        closing=int(is_closed),
        details=told.details,
        imported=terms.import_id,
        **told.plain,
    )
    records.append(ticket)
    named, followers = tuple(_named_chats(told, stored)), partial(_closed, terms, ticket, customer)
    return TakenRow(tuple(records), named=named, followers=followers if is_closed else tuple)


def _closed(terms: ImportTerms, ticket: Ticket, customer: Customer) -> Iterator[Any]:
    """Yield the closing of a ticket, and the ask about it that nobody gets."""
    closed_at = ticket.closed_at
    if closed_at is None:
        return
    yield closing_record(ticket, customer, closed_at, terms.policy.links.key)
    yield Invitation(
        id=derive(RefKind.INVITATION, ticket.source, ticket.id, ticket.closing),
        source=ticket.source,
        ticket=ticket.id,
        closing=ticket.closing,
        customer=ticket.customer,
        survey=terms.policy.default_survey,
        due_at=closed_at,
        deadline_at=closed_at,
        closed_at=closed_at,
        state=InvitationState.SUPPRESSED,
        reason=InvitationReason.IMPORTED,
        agent_id=ticket.agent_id,
        agent_name=ticket.agent_name,
        team=ticket.team,
    )
