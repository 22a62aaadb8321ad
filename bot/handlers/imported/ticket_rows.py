"""A row of tickets: the ticket, its customer, and its closing, about which nobody is asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.handlers.common.tombstones import tombstone_hash
from bot.handlers.imported.contact_rows import chat_mistakes, erased_mistakes
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow
from bot.handlers.surveys.fact_rows import closing_record
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.ticket_times import wrong_order, wrong_times
from dialogs.ids import RefKind, derive
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.known_words import folded_word
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.import_records import RowMistake
from storage.model.records import Contact, Customer, Ticket, TicketStatus
from storage.model.service_details import SERVICE_DETAILS, ServiceDetails, merged_details

__all__ = ["judge_ticket", "ticket_keys"]

Cells = Mapping[str, Any]
_PLAIN = (
    *("opened_at", "first_replied_at", "closed_at", "appointment_at", "updated_at"),
    *("subject", "category", "product", "team", "tags", "url"),
)
_DETAILS = tuple(name for name in SERVICE_DETAILS if name != "fields")
_OWN, _MOST_OWN = "fields.", 50
_OF_CUSTOMER = ("name", "locale", "timezone", "tier", "phone", "email", "postal_address")
_SOURCE = "import"
"""The help desk of a ticket of which nobody says whence it came."""


def ticket_keys(terms: ImportTerms, cells: Cells) -> RowKeys:
    """Return what a row is about."""
    customer = cells["customer"]
    return RowKeys(
        tickets=frozenset({(cells.get("source", _SOURCE), cells["ticket"])}),
        customers=frozenset({customer}),
        contacts=frozenset({customer}) if "contacts" in cells else frozenset(),
        tombstones=frozenset({tombstone_hash(terms.policy, customer)}),
    )


def judge_ticket(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the records of a row, or what is wrong with it; what is stored otherwise is left as it is."""
    status = _status(terms, cells)
    if not status:
        words = ", ".join(TicketStatus)
        return RefusedRow(
            (RowMistake("status", cells["status"], "stands in no list", f"write {words}, or add it to lists.toml"),)
        )
    event = _event(cells, TicketStatus(status))
    details = merged_details(ServiceDetails(), event.details)
    mistakes = tuple(_mistakes(terms, event, details, cells, stored))
    if mistakes:
        return RefusedRow(mistakes)
    before = stored.tickets.get((event.source, event.id))
    if before is not None:
        differing = tuple(_differing(event, before))
        return RefusedRow(differing) if differing else TakenRow()
    return TakenRow(tuple(_records(terms, event, details, stored)))


def _status(terms: ImportTerms, cells: Cells) -> str:
    """Return the status that a row tells, or which follows from whether it was closed; empty for an unknown word."""
    if "status" not in cells:
        return TicketStatus.CLOSED if "closed_at" in cells else TicketStatus.OPEN
    return terms.policy.lists.status_of(cells["status"])


def _event(cells: Cells, status: TicketStatus) -> TicketEvent:
    own = {name.removeprefix(_OWN): value for name, value in cells.items() if name.startswith(_OWN)}
    details = {name: cells[name] for name in _DETAILS if name in cells} | ({"fields": own} if own else {})
    if "status" in cells and folded_word(cells["status"]) != status:
        details = {"stage": cells["status"]} | details
    customer = {name: cells[f"customer.{name}"] for name in _OF_CUSTOMER if f"customer.{name}" in cells}
    return TicketEvent(
        source=cells.get("source", _SOURCE),
        id=cells["ticket"],
        status=status,
        customer=CustomerEvent(cells["customer"], contacts=cells.get("contacts", ()), **customer),
        agent_id=cells.get("agent.id"),
        agent_name=cells.get("agent.name"),
        details=details,
        **{name: cells[name] for name in _PLAIN if name in cells},
    )


def _mistakes(
    terms: ImportTerms, event: TicketEvent, details: ServiceDetails, cells: Cells, stored: StoredRows
) -> Iterator[RowMistake]:
    if event.status is TicketStatus.CLOSED and event.closed_at is None:
        yield RowMistake("closed_at", "", "is missing for a closed ticket", "say when it was closed")
    for wrong in (*wrong_times(event, terms.now, None), *wrong_order(event, details)):
        yield RowMistake(wrong.field, str(cells.get(wrong.field, "")), wrong.problem, "correct it")
    if len(details.fields) > _MOST_OWN:
        yield RowMistake("fields", "", f"are {len(details.fields)}", f"map at most {_MOST_OWN} columns to fields")
    yield from erased_mistakes(terms, event.customer.id, stored)
    for channel, chat in event.customer.contacts:
        yield from chat_mistakes(terms, channel, chat)


def _differing(event: TicketEvent, before: Ticket) -> Iterator[RowMistake]:
    """Yield what a row says otherwise than it is stored."""
    told = {name: getattr(event, name) for name in (*_PLAIN, "status", "agent_id", "agent_name")}
    told |= {"customer": event.customer.id}
    pairs = [(name, value, getattr(before, name)) for name, value in told.items() if value is not None]
    pairs += [(name, value, getattr(before.details, name)) for name, value in event.details.items()]
    for name, value, kept in pairs:
        if value != kept:
            fix = "leave it out, or undo the import that brought it"
            yield RowMistake(name, str(value), f"this ticket is stored with {kept or 'nothing'!s} there", fix)


def _records(terms: ImportTerms, event: TicketEvent, details: ServiceDetails, stored: StoredRows) -> Iterator[Any]:
    said = event.customer
    customer = stored.customers.get(said.id)
    if customer is None:
        given = {name: value for name in _OF_CUSTOMER if (value := getattr(said, name)) is not None}
        customer = Customer(said.id, **given)
        yield customer
    for channel, chat in dict.fromkeys(said.contacts):
        if (said.id, channel, chat) not in stored.contacts:
            yield Contact(said.id, channel, chat)
    is_closed = event.status is TicketStatus.CLOSED
    given = {name: value for name in (*_PLAIN, "agent_id", "agent_name") if (value := getattr(event, name)) is not None}
    ticket = Ticket(
        event.source,
        event.id,
        said.id,
        event.status,
        closing=int(is_closed),
        details=details,
        imported=terms.import_id,
        **given,
    )
    yield ticket
    if is_closed and ticket.closed_at is not None:
        yield closing_record(ticket, customer, ticket.closed_at, terms.policy.links.key)
        yield Invitation(
            id=derive(RefKind.INVITATION, ticket.source, ticket.id, ticket.closing),
            source=ticket.source,
            ticket=ticket.id,
            closing=ticket.closing,
            customer=ticket.customer,
            survey=terms.policy.default_survey,
            due_at=ticket.closed_at,
            deadline_at=ticket.closed_at,
            closed_at=ticket.closed_at,
            state=InvitationState.SUPPRESSED,
            reason=InvitationReason.IMPORTED,
            agent_id=ticket.agent_id,
            agent_name=ticket.agent_name,
            team=ticket.team,
        )
