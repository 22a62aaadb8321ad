"""What is stored already of that which the rows of a chunk are about, and what earlier rows of it have become."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import SelectBase, select

from dialogs.interview.model import Interview
from dialogs.survey import SurveyKey
from storage.connection.session import Session
from storage.dialects import among
from storage.model.fact_records import Closing
from storage.model.filled_forms import FilledForm
from storage.model.records import Contact, Customer, StoredSurvey, Ticket
from storage.schema import tables as t
from storage.unit_of_work.needs import RatedKey
from storage.unit_of_work.selects import all_of

__all__ = ["LOOKED_UP", "RowKeys", "StoredRows", "load_stored"]

TicketKey = tuple[str, str]

TICKETS = all_of(Ticket, among("keys", t.tickets.c.source, t.tickets.c.id))
CUSTOMERS = all_of(Customer, among("keys", t.customers.c.id))
CONTACTS = all_of(Contact, among("keys", t.contacts.c.customer))
CLOSINGS = all_of(Closing, among("keys", t.closings.c.source, t.closings.c.ticket))
INTERVIEWS = all_of(Interview, among("keys", t.interviews.c.id))
ANY_TOMBSTONE = select(t.tombstones.c.hash).limit(1)
TOMBSTONES = select(t.tombstones.c.hash).where(among("keys", t.tombstones.c.hash))
SURVEYS = all_of(StoredSurvey, among("keys", t.surveys.c.id, t.surveys.c.number))
SHEETS = all_of(FilledForm, among("keys", t.assessments.c.subject, t.assessments.c.form, t.assessments.c.period))


@dataclass
class RowKeys:
    """What rows are about, by key; each row adds its own. `people` are customers who may have been erased."""

    tickets: set[TicketKey] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)
    responses: set[str] = field(default_factory=set)
    closings: set[TicketKey] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    rated: set[RatedKey] = field(default_factory=set)
    surveys: set[SurveyKey] = field(default_factory=set)


@dataclass
class StoredRows:
    """Rows by key: `closings` are the latest of each ticket, `sheets` by id those about the same, `erased` customers.

    What a row becomes is added for those behind it.
    """

    tickets: dict[TicketKey, Ticket] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    contacts: dict[tuple[str, str, str], Contact] = field(default_factory=dict)
    closings: dict[TicketKey, Closing] = field(default_factory=dict)
    responses: dict[str, Interview] = field(default_factory=dict)
    surveys: dict[SurveyKey, StoredSurvey] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
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
    StoredSurvey: lambda stored, one: stored.surveys.__setitem__(one.key, one),
    FilledForm: StoredRows.add_sheet,
    Closing: StoredRows.add_closing,
}
LOOKED_UP = frozenset(_ADD) - {Closing}
"""Kinds of which rows know each record that is stored; of closings they know the latest."""


async def load_stored(session: Session, keys: RowKeys, hash_of: Callable[[str], str]) -> StoredRows:
    """Return what is stored of these keys; an erased customer is known by their hash alone."""
    stored = StoredRows()
    stored.add(await _found(session, Ticket, TICKETS, keys.tickets))
    stored.add(await _found(session, Customer, CUSTOMERS, keys.customers))
    stored.add(await _found(session, Contact, CONTACTS, keys.contacts))
    stored.add(await _found(session, Interview, INTERVIEWS, keys.responses))
    stored.add(await _found(session, Closing, CLOSINGS, keys.closings))
    stored.add(await _found(session, FilledForm, SHEETS, keys.rated))
    stored.add(await _found(session, StoredSurvey, SURVEYS, keys.surveys))
    stored.erased.update(await _erased(session, keys.people, hash_of))
    return stored


async def _erased(session: Session, people: AbstractSet[str], hash_of: Callable[[str], str]) -> set[str]:
    """Return who of these people was erased; where nobody was, no hash is computed."""
    if not people or not await session.fetch(ANY_TOMBSTONE):
        return set()
    by_hash = {hash_of(person): person for person in people}
    return {by_hash[found] for (found,) in await session.fetch(TOMBSTONES, keys=sorted(by_hash))}


async def _found(session: Session, kind: type, statement: SelectBase, keys: AbstractSet[Any]) -> list[Any]:
    return await session.records(kind, statement, keys=sorted(keys)) if keys else []
