"""Takes an import back: what it has stored goes, but for what has been changed or used since.

Ratings go first, and are taken out of the sums, while it can still be told where they were counted.
"""

import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Column, Table, Text, delete, exists, select
from sqlalchemy.sql.dml import UpdateBase

from storage.bulk.bulk_writer import FOLLOWERS
from storage.bulk.import_register import move_import
from storage.connection.codec import TABLES
from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.model.import_records import ImportRecord, ImportState
from storage.rollups.sums import add_up
from storage.schema import tables as t
from storage.schema.literals import ONE
from storage.schema.register_tables import import_chunks
from storage.unit_of_work.writer import Writer

__all__ = ["undo_import"]

Key = list[str]
Noted = dict[str, list[Key]]
_chunk = import_chunks.c
_NOTED = select(_chunk.noted).where(among("chunks", _chunk["import"], _chunk.number))
_NUMBERS = select(_chunk.number).where(among("imports", _chunk["import"])).order_by(_chunk.number.desc())
_CHANGED = select(t.tickets.c.source, t.tickets.c.id).where(
    among("keys", t.tickets.c.source, t.tickets.c.id), t.tickets.c.version != ONE
)
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
_ORDER = [table.name for table in reversed(t.METADATA.sorted_tables)]


async def undo_import(writer: Writer, import_: str, zone: ZoneInfo, *, keeps_changed: bool = True) -> ImportRecord:
    """Take an import back, and return it as it stands then; the same again goes on where it broke off.

    `keeps_changed`: a ticket that its help desk has told of since, or about which somebody else has answers or an
    issue, stays with its customer; a customer whom anything else names stays in any case. Raises LookupError for an
    import that there is not.
    """
    await move_import(writer, import_, ImportState.UNDOING)
    numbers = await writer.perform(lambda session, _now: _numbers(session, import_))
    for number in numbers:
        await writer.perform(partial(_step, _uncount, import_, number))
    await add_up(writer, zone)
    left = [
        await writer.perform(partial(_step, partial(_delete, keeps_changed), import_, number)) for number in numbers
    ]
    why = f"{sum(left)} tickets are used or were changed since, and stay" if sum(left) else ""
    return await move_import(writer, import_, ImportState.UNDONE, why, {"position": 0})


async def _numbers(session: Session, import_: str) -> list[int]:
    return [number for (number,) in await session.fetch(_NUMBERS, imports=[import_])]


async def _step(work: Callable[..., Any], import_: str, number: int, session: Session, _now: object) -> int:
    found: int = await session.together(partial(_with_chunk, work, import_, number))
    return found


async def _with_chunk(work: Callable[..., Any], import_: str, number: int, session: Session) -> int:
    found = await session.fetch(_NOTED, chunks=[(import_, number)])
    if not found:
        return 0
    noted: Noted = msgspec.json.decode(zlib.decompress(found[0][0]))
    left: int = await work(session, import_, number, noted)
    return left


async def _uncount(session: Session, _import: str, _number: int, noted: Noted) -> int:
    await session.write(_RATINGS, noted.get(t.interviews.name, []))
    return 0


async def _delete(keeps_changed: bool, session: Session, import_: str, number: int, noted: Noted) -> int:  # noqa: FBT001 (bound by name)
    """Delete what a chunk has stored; return how many tickets stay."""
    kept = await _used(session, noted) if keeps_changed else set()
    if kept:
        noted = await _without(session, noted, kept)
    for name in (name for name in _ORDER if name in noted):
        table = t.METADATA.tables[name]
        for write in _BEFORE_PARENT.get(table, ()):
            await session.write(write, noted[name])
        await session.write(_GONE[name], noted[name])
    await session.write(_FORGET, [(import_, number)])
    return len(kept)


async def _used(session: Session, noted: Noted) -> set[tuple[str, ...]]:
    """Return the tickets that have changed since, and those about which others have answers or issues."""
    keys = [tuple(key) for key in noted.get(t.tickets.name, [])]
    used = {tuple(row) for row in await session.fetch(_CHANGED, keys=keys)}
    for name, statement in _ABOUT.items():
        own = {key for (key,) in noted.get(name, [])}
        found = await session.fetch(statement, keys=keys)
        used |= {(source, ticket) for source, ticket, about in found if about not in own}
    return used


async def _without(session: Session, noted: Noted, kept: set[tuple[str, ...]]) -> Noted:
    """Return what a chunk has noted without some tickets and what was asked about them."""
    asks = [key for (key,) in noted.get(t.invitations.name, [])]
    stay = {id_ for id_, *about in await session.fetch(_ASKS, keys=asks) if tuple(about) in kept}
    tickets = [key for key in noted[t.tickets.name] if tuple(key) not in kept]
    return {
        **noted,
        t.tickets.name: tickets,
        t.invitations.name: [key for key in noted.get(t.invitations.name, []) if key[0] not in stay],
    }
