"""What is stored already of that which the rows of a chunk are about, and what earlier rows of it have become."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import SelectBase

from dialogs.interview.model import Interview
from scoring.values import Value, fields
from storage.connection.session import Session
from storage.dialects import among
from storage.model.fact_records import Closing
from storage.model.filled_forms import FilledForm
from storage.model.records import Contact, Customer, Ticket
from storage.model.registers import Tombstone
from storage.schema import tables as t
from storage.unit_of_work.needs import RatedKey
from storage.unit_of_work.selects import all_of

__all__ = ["RowKeys", "StoredRows", "load_stored"]

TicketKey = tuple[str, str]

TICKETS = all_of(Ticket, among("keys", t.tickets.c.source, t.tickets.c.id))
CUSTOMERS = all_of(Customer, among("keys", t.customers.c.id))
CONTACTS = all_of(Contact, among("keys", t.contacts.c.customer))
CLOSINGS = all_of(Closing, among("keys", t.closings.c.source, t.closings.c.ticket))
INTERVIEWS = all_of(Interview, among("keys", t.interviews.c.id))
TOMBSTONES = all_of(Tombstone, among("keys", t.tombstones.c.hash))
SHEETS = all_of(FilledForm, among("keys", t.assessments.c.subject, t.assessments.c.form, t.assessments.c.period))


class RowKeys(Value):
    """What rows are about, by key."""

    tickets: frozenset[TicketKey] = frozenset()
    customers: frozenset[str] = frozenset()
    responses: frozenset[str] = frozenset()
    closings: frozenset[TicketKey] = frozenset()
    contacts: frozenset[str] = frozenset()
    tombstones: frozenset[str] = frozenset()
    rated: frozenset[RatedKey] = frozenset()

    @classmethod
    def all(cls, many: Iterable["RowKeys"]) -> "RowKeys":
        """Return the keys of many rows in one."""
        rows = list(many)
        return cls(*(frozenset().union(*(getattr(row, one.name) for row in rows)) for one in fields(cls)))


@dataclass
class StoredRows:
    """Rows by key: `closings` are the latest of each ticket, `sheets` by id those about the same.

    What a row becomes is added for those behind it.
    """

    tickets: dict[TicketKey, Ticket] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    contacts: dict[tuple[str, str, str], Contact] = field(default_factory=dict)
    closings: dict[TicketKey, Closing] = field(default_factory=dict)
    responses: dict[str, Interview] = field(default_factory=dict)
    tombstones: set[str] = field(default_factory=set)
    sheets: dict[RatedKey, dict[str, FilledForm]] = field(default_factory=dict)

    def add(self, records: Iterable[Any]) -> None:
        """Add records that a row has become."""
        for record in records:
            add = _ADD.get(type(record))
            if add is not None:
                add(self, record)

    def add_sheet(self, sheet: FilledForm) -> None:
        """Add a filled sheet to those about the same."""
        self.sheets.setdefault((sheet.subject, sheet.form, sheet.period), {})[sheet.id] = sheet

    def add_closing(self, closing: Closing) -> None:
        """Add a closing, if it is the latest of its ticket."""
        latest = self.closings.get((closing.source, closing.ticket))
        if latest is None or closing.number > latest.number:
            self.closings[closing.source, closing.ticket] = closing


_ADD: dict[type, Callable[[StoredRows, Any], object]] = {
    Ticket: lambda stored, one: stored.tickets.__setitem__((one.source, one.id), one),
    Customer: lambda stored, one: stored.customers.__setitem__(one.id, one),
    Contact: lambda stored, one: stored.contacts.__setitem__((one.customer, one.channel, one.chat), one),
    Interview: lambda stored, one: stored.responses.__setitem__(one.id, one),
    Tombstone: lambda stored, one: stored.tombstones.add(one.hash),
    FilledForm: StoredRows.add_sheet,
    Closing: StoredRows.add_closing,
}


async def load_stored(session: Session, keys: RowKeys) -> StoredRows:
    """Return what is stored of these keys."""
    stored = StoredRows()
    stored.add(await _found(session, Ticket, TICKETS, keys.tickets))
    stored.add(await _found(session, Customer, CUSTOMERS, keys.customers))
    stored.add(await _found(session, Contact, CONTACTS, keys.contacts))
    stored.add(await _found(session, Interview, INTERVIEWS, keys.responses))
    stored.add(await _found(session, Closing, CLOSINGS, keys.closings))
    stored.add(await _found(session, Tombstone, TOMBSTONES, keys.tombstones))
    stored.add(await _found(session, FilledForm, SHEETS, keys.rated))
    return stored


async def _found(session: Session, kind: type, statement: SelectBase, keys: Collection[Any]) -> list[Any]:
    return await session.records(kind, statement, keys=sorted(keys)) if keys else []
