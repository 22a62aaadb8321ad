"""Takes an import back: what it has stored goes, but for what has been changed or used since.

Ratings go first, and are taken out of the sums, while it can still be told where they were counted.
"""

import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Column, Select, Table, Text, delete, exists, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.forms.model import ANONYMOUS_ROLES
from storage.bulk.bulk_writer import FOLLOWERS
from storage.bulk.import_claims import drop_claims, imports_with_rest, others_claims
from storage.bulk.import_register import move_import
from storage.bulk.noted_changes import CHANGED_KINDS, CHANGED_NOW, note_name, unchanged_since, unmake
from storage.connection.codec import TABLES
from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.model.filled_forms import FilledForm
from storage.model.import_records import ImportRecord, ImportState
from storage.model.records import Customer
from storage.rollups.sums import add_up
from storage.schema import tables as t
from storage.schema.literals import ONE
from storage.schema.register_tables import import_chunks
from storage.unit_of_work.writer import Writer

__all__ = ["undo_import"]

Noted = dict[str, list[Any]]
"""Keys by the name of their table, and changes by `note_name`."""
_chunk = import_chunks.c
_NOTED = select(_chunk.noted).where(among("chunks", _chunk["import"], _chunk.number))
_NUMBERS = select(_chunk.number).where(among("imports", _chunk["import"])).order_by(_chunk.number.desc())


def _changed(table: Table) -> Select[Any]:
    """Return what finds those of some rows that have been written since they were stored."""
    key = tuple(table.primary_key)
    return select(*key).where(among("keys", *key), table.c.version != ONE)


CHANGED = {table.name: _changed(table) for table in (t.customers, t.tickets, t.contacts)}
_ABOUT = {
    t.invitations.name: select(t.invitations.c.source, t.invitations.c.ticket, t.invitations.c.id).where(
        among("keys", t.invitations.c.source, t.invitations.c.ticket)
    ),
    t.issues.name: select(*t.issue_tickets.primary_key).where(
        among("keys", t.issue_tickets.c.source, t.issue_tickets.c.ticket)
    ),
}
"""What finds by ticket the asks and issues about it, by the name of their table."""
_ASKS = select(t.invitations.c.id, t.invitations.c.source, t.invitations.c.ticket).where(
    among("keys", t.invitations.c.id)
)


def _gone(table: Table, *columns: Column[Any], unless: Sequence[Column[Any]] = ()) -> Write:
    """Return what deletes the rows with these values in `columns`, unless rows of other tables name them."""

    def build(rows: InputRows) -> UpdateBase:
        same = [column == rows.c[column.name] for column in columns]
        unused = [~exists().where(other == columns[0]) for other in unless]
        return delete(table).where(*same, *unused)

    return Write(table, columns, build)


def _naming(table: Table) -> list[Column[Any]]:
    """Return the columns that refer to a table's only key."""
    (key,) = table.primary_key
    return [
        column
        for other in t.METADATA.sorted_tables
        for column in other.columns
        if any(one.column is key for one in column.foreign_keys)
    ]


_RATINGS = _gone(t.ratings, t.ratings.c.response)
_OF_RESPONSES = [_gone(table, table.c.response) for table in (t.answer_logs, t.comment_readings, t.exclusions)]
_OF_ISSUES = [_gone(table, table.c.issue) for table in (t.issue_events, t.issue_tickets, t.issue_customers)]
_OF_FINDINGS = [_gone(t.finding_voices, t.finding_voices.c.finding)]
_OF_TICKETS = [_gone(t.closings, t.closings.c.source, t.closings.c.ticket)]
_BEFORE_PARENT = {
    t.interviews: _OF_RESPONSES,
    t.issues: _OF_ISSUES,
    t.findings: _OF_FINDINGS,
    t.tickets: _OF_TICKETS,
}
_USED = {t.customers: _naming(t.customers)}
_GONE = {
    table.name: _gone(table, *table.primary_key, unless=_USED.get(table, ()))
    for kind, table in TABLES.items()
    if kind not in FOLLOWERS and all(isinstance(column.type, Text) for column in table.primary_key)
}
"""What deletes the rows with given keys, by the name of their table."""
_FORGET = _gone(import_chunks, *import_chunks.primary_key)


def _remember(rows: InputRows) -> UpdateBase:
    same = (column == rows.c[column.name] for column in import_chunks.primary_key)
    return update(import_chunks).where(*same).values(noted=rows.c["noted"])


_REMEMBER = Write(import_chunks, tuple(import_chunks.columns), _remember)
STILL_THERE = select(t.customers.c.id).where(among("keys", t.customers.c.id))
_SHEETS, _CUSTOMERS = note_name(FilledForm), note_name(Customer)
_CALLED = {
    t.tickets.name: "tickets",
    t.customers.name: "customers",
    _CUSTOMERS: "entries about customers",
    t.contacts.name: "chats",
    t.interviews.name: "responses",
    t.assessments.name: "sheets",
}
_CLAIMABLE = (t.customers, t.contacts, t.tickets, t.invitations, t.interviews, t.assessments)
"""Of what rows name records that are there already."""
_ORDER = [table.name for table in reversed(t.METADATA.sorted_tables)]


async def undo_import(writer: Writer, import_: str, zone: ZoneInfo, *, keeps_changed: bool = True) -> ImportRecord:
    """Take an import back, and return it as it stands then; the same again goes on where it broke off.

    `keeps_changed`: what was changed since stays, what another import names, and a ticket about which somebody else has
    answers or an issue, with its customer; it stays noted, so that the same again takes back what is free by then, and
    so does the undoing of another import. A customer whom anything else names stays in any case. Raises LookupError for
    an import that there is not.
    """
    await move_import(writer, import_, ImportState.UNDOING)
    await writer.perform(lambda session, _now: drop_claims(session, import_))
    record = await _taken_back(writer, import_, zone, keeps_changed=keeps_changed)
    others = await writer.perform(lambda session, _now: imports_with_rest(session)) if keeps_changed else []
    for other in (one for one in others if one != import_):
        await _taken_back(writer, other, zone, keeps_changed=True)
    return record


async def _taken_back(writer: Writer, import_: str, zone: ZoneInfo, *, keeps_changed: bool) -> ImportRecord:
    """Delete what an import has stored, as far as it is free, and return the import."""
    numbers = await writer.perform(lambda session, _now: _numbers(session, import_))
    for number in numbers:
        await writer.perform(partial(_step, partial(_uncount, keeps_changed), import_, number))
    await add_up(writer, zone)
    left = Counter[str]()
    for number in numbers:
        left += await writer.perform(partial(_step, partial(_delete, keeps_changed), import_, number))
    what = " and ".join(f"{left[name]} {called}" for name, called in _CALLED.items() if left[name])
    why = f"{what} are used, named by another import or were changed since, and stay" if what else ""
    return await move_import(writer, import_, ImportState.UNDONE, why, {"position": 0})


async def _numbers(session: Session, import_: str) -> list[int]:
    return [number for (number,) in await session.fetch(_NUMBERS, imports=[import_])]


_Work = Callable[[Session, str, int, Noted], Awaitable[Counter[str]]]


async def _step(work: _Work, import_: str, number: int, session: Session, _now: object) -> Counter[str]:
    return await session.together(partial(_with_chunk, work, import_, number))


async def _with_chunk(work: _Work, import_: str, number: int, session: Session) -> Counter[str]:
    found = await session.fetch(_NOTED, chunks=[(import_, number)])
    if not found:
        return Counter()
    return await work(session, import_, number, msgspec.json.decode(zlib.decompress(found[0][0])))


async def _uncount(keeps_changed: bool, session: Session, import_: str, _number: int, noted: Noted) -> Counter[str]:  # noqa: FBT001 (bound by name)
    stays = await _claimed(session, import_, noted, t.interviews) if keeps_changed else []
    await session.write(_RATINGS, _without(noted.get(t.interviews.name, []), stays))
    return Counter()


async def _delete(keeps_changed: bool, session: Session, import_: str, number: int, noted: Noted) -> Counter[str]:  # noqa: FBT001 (bound by name)
    """Delete what a chunk has stored; return how much of what stays."""
    stays = await _what_stays(session, import_, noted) if keeps_changed else {}
    going = {name: _without(keys, stays.get(name, ())) for name, keys in noted.items()}
    for kind in CHANGED_KINDS:
        changed = await unchanged_since(session, kind, going.get(note_name(kind), ()))
        keys = [(note[0],) for _, note in changed] if keeps_changed else []
        claimed = await others_claims(session, import_, TABLES[kind].name, keys)
        stays.setdefault(note_name(kind), []).extend(await unmake(session, kind, changed, claimed))
    for name in (name for name in _ORDER if name in going):
        table = t.METADATA.tables[name]
        for write in _BEFORE_PARENT.get(table, ()):
            await session.write(write, going[name])
        await session.write(_GONE[name], going[name])
    left = {name: list(keys) for name, keys in (stays | await _customers_left(session, noted)).items() if keys}
    if left and keeps_changed:
        await session.write(_REMEMBER, [(import_, number, zlib.compress(msgspec.json.encode(left), 1))])
    else:
        await session.write(_FORGET, [(import_, number)])
    return Counter({name: len(keys) for name, keys in stays.items()})


def _without(keys: Iterable[Any], stays: Iterable[Any]) -> list[Any]:
    """Return keys, or changes by their key, but for those that stay."""
    staying = {_hashed(key) for key in stays}
    return [key for key in keys if _hashed(key) not in staying]


def _hashed(key: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(part for part in key if not isinstance(part, dict))


async def _customers_left(session: Session, noted: Noted) -> Noted:
    """Return the customers of a chunk who are still there, since something names them."""
    keys = sorted(key for (key,) in noted.get(t.customers.name, []))
    found = await session.fetch(STILL_THERE, keys=keys) if keys else []
    return {t.customers.name: [list(row) for row in found]}


async def _what_stays(session: Session, import_: str, noted: Noted) -> Noted:
    """Return what of a chunk was changed, is used by now, or is named by another import."""
    claimed = {table: await _claimed(session, import_, noted, table) for table in _CLAIMABLE}
    tickets = await _used(session, noted) | {*claimed[t.tickets]}
    asks = [key for (key,) in noted.get(t.invitations.name, [])] if tickets else []
    about = await session.fetch(_ASKS, keys=asks) if asks else []
    people, chats = [
        await _changed_keys(session, table, noted) | {*claimed[table]} for table in (t.customers, t.contacts)
    ]
    asked = [[id_] for id_, *ticket in about if tuple(ticket) in tickets]
    return {
        t.customers.name: sorted(people),
        t.tickets.name: sorted(tickets),
        t.invitations.name: [*asked, *(key for key in claimed[t.invitations] if list(key) not in asked)],
        t.interviews.name: claimed[t.interviews],
        t.contacts.name: sorted(chats),
        _CUSTOMERS: await _overtaken(session, Customer, noted),
        **await _sheets_that_stay(session, noted, {id_ for (id_,) in claimed[t.assessments]}),
    }


async def _claimed(session: Session, import_: str, noted: Noted, table: Table) -> list[tuple[Any, ...]]:
    """Return the keys of a chunk that another import names, too."""
    return sorted(await others_claims(session, import_, table.name, noted.get(table.name, [])))


async def _changed_keys(session: Session, table: Table, noted: Noted) -> set[tuple[str, ...]]:
    keys = [tuple(key) if len(key) > 1 else key[0] for key in noted.get(table.name, [])]
    return {tuple(row) for row in await session.fetch(CHANGED[table.name], keys=keys)} if keys else set()


async def _used(session: Session, noted: Noted) -> set[tuple[str, ...]]:
    """Return the tickets that have changed since, and those about which others have answers or issues."""
    keys = [tuple(key) for key in noted.get(t.tickets.name, [])]
    used = await _changed_keys(session, t.tickets, noted)
    for name, statement in _ABOUT.items():
        own = {key for (key,) in noted.get(name, [])}
        found = await session.fetch(statement, keys=keys) if keys else []
        used |= {(source, ticket) for source, ticket, about in found if about not in own}
    return used


async def _overtaken(session: Session, kind: type, noted: Noted) -> list[Any]:
    """Return the changes of records that somebody has changed since."""
    notes = noted.get(note_name(kind), [])
    standing = [note for _, note in await unchanged_since(session, kind, notes)]
    return [note for note in notes if note not in standing]


async def _sheets_that_stay(session: Session, noted: Noted, claimed: AbstractSet[str]) -> Noted:
    """Return the sheets that were changed since or are claimed, with the others of a role whose raters are not named.

    The mean of such a role goes back as a whole or not at all: of one sheet less it would tell what that one says.
    """
    notes = noted.get(_SHEETS, [])
    expected = {key: 1 for (key,) in noted.get(t.assessments.name, [])} | {key: version for key, version, _ in notes}
    found = await session.records(FilledForm, CHANGED_NOW[FilledForm], keys=sorted(expected)) if expected else []
    changed = {_group(one) for one in found if one.version != expected[one.id] or one.id in claimed}
    stay = {one.id for one in found if _group(one) in changed}
    return {
        t.assessments.name: [key for key in noted.get(t.assessments.name, []) if key[0] in stay],
        _SHEETS: [note for note in notes if note[0] in stay],
    }


def _group(sheet: FilledForm) -> tuple[str, ...]:
    """Return what is the same for all sheets of a mean; each sheet is its own where its rater is named."""
    rated = (sheet.subject, sheet.form, sheet.period)
    return (*rated, sheet.role) if sheet.role in ANONYMOUS_ROLES else (sheet.id,)
