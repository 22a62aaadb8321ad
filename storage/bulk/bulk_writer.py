"""Adds records in bulk: what is there already stays as it is, what is new is noted with its import."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, Select, func, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.bulk.import_claims import claim_records
from storage.bulk.noted_changes import note_name, noted_change
from storage.connection.codec import TABLES, row_of
from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.model.errors import InUse, WriteConflict
from storage.model.fact_records import Closing, RatingFact
from storage.model.import_records import ImportState, NamedRecord
from storage.model.records import AnswerLog, IssueEvent, StoredSurvey, Ticket
from storage.model.text_records import CommentReading
from storage.schema.literals import ZERO
from storage.schema.register_tables import import_chunks, imports
from storage.text.readings import read_again_from
from storage.unit_of_work import writes as w
from storage.unit_of_work.layers import key_of
from storage.unit_of_work.writer import Writer

__all__ = ["FOLLOWERS", "BulkWriter", "Chunk", "add_chunk", "position_of"]

_FIRST = attrgetter("response")
FOLLOWERS: dict[type, tuple[type, Callable[[Any], Any]]] = {
    Closing: (Ticket, attrgetter("source", "ticket")),
    AnswerLog: (Interview, _FIRST),
    RatingFact: (Interview, _FIRST),
    CommentReading: (Interview, _FIRST),
    IssueEvent: (Issue, attrgetter("issue")),
    Voice: (Finding, attrgetter("finding")),
}
"""What comes and goes with another record, and by which key: only that one's is noted."""
_UNDYING = (StoredSurvey,)
"""What stays when an import is undone: others may use it by then."""
_TAKEN_BACK = (ImportState.UNDOING, ImportState.UNDONE)


class Chunk(Value):
    """What one commit of an import brings: `records`, of rows up to the one with number `upto` of its file."""

    upto: int
    records: Sequence[Any] = ()
    same: int = 0
    """Rows that were there already."""
    refused: int = 0
    rows: int = 0
    """Rows that are new."""
    changes: Sequence[tuple[Any, Any]] = ()
    """Records that are there already, as they are stored and as this makes them."""
    looked_up: frozenset[type] = frozenset()
    """Kinds of which this transaction has looked up that all records are new, each once."""
    named: Sequence[NamedRecord] = ()
    """What rows name that was there already."""


def _primary(kind: type) -> tuple[Column[Any], ...]:
    return tuple(TABLES[kind].primary_key)


def _known(kind: type) -> Select[Any]:
    columns = _primary(kind)
    return select(*columns).where(among("keys", *columns))


_KNOWN = {
    kind: _known(kind)
    for kind, table in TABLES.items()
    if kind is not RatingFact and not any(isinstance(column.type, BigInteger) for column in table.primary_key)
}
"""What finds those keys that there are, by the kind of record; nobody brings keys that the database gives."""
_ROW_OF: dict[type, Callable[[Any], Sequence[Any]]] = {kind: row_of(kind) for kind in TABLES if kind is not RatingFact}
_import, _chunk = imports.c, import_chunks.c


def _note(rows: InputRows) -> UpdateBase:
    return rows.insert({column.name: rows.c[column.name] for column in import_chunks.columns})


def _advance(rows: InputRows) -> UpdateBase:
    counted = {name: imports.c[name] + rows.c[name] for name in ("added", "same", "refused")}
    return update(imports).where(_import.id == rows.c["id"]).values(position=rows.c["position"], **counted)


_NOTE = Write(import_chunks, tuple(import_chunks.columns), _note)
_ADVANCE = Write(imports, (_import.id, _import.position, _import.added, _import.same, _import.refused), _advance)
POSITION = select(_import.position, _import.state).where(among("ids", _import.id))
LATEST = select(func.coalesce(func.max(_chunk.number), ZERO)).where(among("ids", _chunk["import"]))


class BulkWriter:
    """Adds the chunks of an import that is begun (`storage.bulk.import_register`), each in a commit of its own."""

    def __init__(self, writer: Writer, import_: str) -> None:
        self._writer, self._import = writer, import_

    async def add(self, records: Iterable[Any], upto: int) -> int:
        """Add records of any kinds, parents in this call or before; return how many are new.

        What is there already, by its key, stays as it is. A chunk up to a number that is stored is passed over.
        """
        chunk = Chunk(upto, tuple(records))
        return await self._writer.perform(
            lambda session, _now: session.together(partial(add_chunk, import_=self._import, chunk=chunk))
        )


async def position_of(session: Session, import_: str) -> int:
    """Return up to which number an import is stored.

    Raises LookupError for one that was never begun, InUse for one that somebody takes back, or has taken back.
    """
    found = await session.fetch(POSITION, ids=[import_])
    if not found:
        raise LookupError(f"import {import_} was never begun")
    ((position, state),) = found
    if state in _TAKEN_BACK:
        raise InUse(f"import {import_} was taken back meanwhile")
    return int(position)


async def add_chunk(session: Session, import_: str, chunk: Chunk) -> int:
    """Add a chunk in the transaction under way, unless it is stored; return how many records are new."""
    if chunk.upto <= await position_of(session, import_):
        return 0
    by_kind: dict[type, list[Any]] = {}
    for record in chunk.records:
        by_kind.setdefault(type(record), []).append(record)
    noted, new = dict[str, list[Any]](), dict[type, set[Any]]()
    count = 0
    for kind in (kind for kind in TABLES if kind in by_kind):
        fresh = by_kind[kind] if kind in chunk.looked_up else await _fresh(session, kind, by_kind[kind], new)
        await _insert(session, kind, fresh)
        count += len(fresh)
        if kind is Interview and CommentReading not in by_kind:
            await read_again_from(session, (one.asked_at for one in fresh if one.texts))
        if kind not in FOLLOWERS:
            keys = [key_of(record) for record in fresh]
            new[kind] = {key[0] if len(key) == 1 else key for key in keys}
            if keys and kind not in _UNDYING:
                noted[TABLES[kind].name] = [list(key) for key in keys]
    for before, after in chunk.changes:
        noted.setdefault(note_name(type(after)), []).append(noted_change(before, after))
    await _change(session, [after for _, after in chunk.changes])
    await claim_records(session, import_, chunk.named)
    if noted:
        packed = zlib.compress(msgspec.json.encode(noted), 1)
        ((number,),) = await session.fetch(LATEST, ids=[import_])
        await session.write(_NOTE, [(import_, number + 1, packed)])
    await session.write(_ADVANCE, [(import_, chunk.upto, chunk.rows, chunk.same, chunk.refused)])
    return count


async def _fresh(session: Session, kind: type, records: list[Any], new: dict[type, set[Any]]) -> list[Any]:
    """Return those that are not there yet, each once: what follows a record of this chunk is as new as that."""
    if kind in FOLLOWERS and FOLLOWERS[kind][0] in new:
        parent, key = FOLLOWERS[kind]
        return [record for record in records if key(record) in new[parent]]
    if kind is RatingFact:
        return records
    by_key = {key_of(record): record for record in reversed(records)}
    keys = [key if len(key) > 1 else key[0] for key in by_key]
    known = {tuple(row) for row in await session.fetch(_KNOWN[kind], keys=keys)}
    return [record for key, record in reversed(by_key.items()) if key not in known]


async def _change(session: Session, records: Sequence[Any]) -> None:
    """Write records anew; raises WriteConflict where another process has just changed one of them."""
    for kind in dict.fromkeys(map(type, records)):
        rows = [_ROW_OF[kind](record) for record in records if type(record) is kind]
        written = await session.write(w.UPDATE[kind], rows)
        if written != len(rows):
            raise WriteConflict(f"{kind.__name__}: {len(rows) - written} of {len(rows)} were changed meanwhile")


async def _insert(session: Session, kind: type, records: list[Any]) -> None:
    """Insert records; raises WriteConflict where another process has just stored one of them."""
    if kind is RatingFact:
        await w.write_ratings(session, records)
        return
    written = await session.write(w.INSERT[kind], [_ROW_OF[kind](record) for record in records])
    if written != len(records):
        raise WriteConflict(f"{kind.__name__}: {len(records) - written} of {len(records)} were there already")
    if kind is Issue:
        await session.write(w.ISSUE_TICKETS, [(*ticket, one.id) for one in records for ticket in one.tickets])
        await session.write(w.ISSUE_CUSTOMERS, [(each, one.id) for one in records for each in one.customers])
