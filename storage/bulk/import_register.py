"""The register of imports: begun, gone on with, ended, listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import replace
from storage.connection.session import Session, Write
from storage.connection.store import Store
from storage.dialects import InputRows, among
from storage.model.errors import InUse
from storage.model.import_records import ImportRecord, ImportState
from storage.schema.register_tables import imports
from storage.unit_of_work.writer import Writer

__all__ = ["begin_import", "find_import", "list_imports", "move_import"]

_NAMES = (
    *("id", "kind", "state", "file", "by", "options", "started_at", "ended_at"),
    *("rows", "position", "added", "same", "refused", "why"),
)
_columns = tuple(imports.c[name] for name in _NAMES)
_BY_ID = select(*_columns).where(among("ids", imports.c.id))
_LISTED = select(*_columns).order_by(imports.c.started_at.desc(), imports.c.id)


def _store(rows: InputRows) -> UpdateBase:
    statement = rows.insert({name: rows.c[name] for name in _NAMES})
    fresh = {name: statement.excluded[name] for name in _NAMES if name != "id"}
    return statement.on_conflict_do_update(index_elements=["id"], set_=fresh)


_STORE = Write(imports, _columns, _store)
_ANEW = (ImportState.UNDONE, ImportState.REFUSED)


async def begin_import(writer: Writer, record: ImportRecord) -> ImportRecord:
    """Store that an import begins, and return it; one that is done is returned as it stands.

    One that was broken off goes on. One that is done but for rows that were wrong, or that were there already and may
    have been taken back since, is gone through again. Raises InUse for one of which a part is taken back already.
    """

    async def begin(session: Session, _now: datetime) -> ImportRecord:
        before = await _found(session, record.id)
        _refuse_undoing(before)
        if before is not None and before.state is ImportState.DONE and not (before.refused or before.same):
            return before
        begun = record if before is None else _again(before, record)
        await _stored(session, begun)
        return begun

    return await writer.perform(begin)


def _again(before: ImportRecord, record: ImportRecord) -> ImportRecord:
    """Return an import that was begun before as it begins again: behind what is stored, or anew."""
    if before.state in _ANEW:
        return record
    if before.state is ImportState.DONE:
        return replace(record, added=before.added, same=0)
    return replace(before, state=record.state, why="", ended_at=None)


async def move_import(
    writer: Writer, import_: str, state: ImportState, why: str = "", counts: Mapping[str, Any] | None = None
) -> ImportRecord:
    """Store a state of an import, and some of its counts by name.

    Raises LookupError for one that there is not, InUse where it is being taken back and would seem not to be.
    """

    async def move(session: Session, now: datetime) -> ImportRecord:
        before = await _found(session, import_)
        if before is None:
            raise LookupError(f"there is no import {import_}")
        if state not in {ImportState.UNDOING, ImportState.UNDONE}:
            _refuse_undoing(before)
        is_over = state not in (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
        after = replace(before, state=state, why=why, ended_at=now if is_over else None, **(counts or {}))
        await _stored(session, after)
        return after

    return await writer.perform(move)


def _refuse_undoing(before: ImportRecord | None) -> None:
    if before is not None and before.state is ImportState.UNDOING:
        raise InUse(f"import {before.id} is being taken back: `huifang import undo {before.id}` ends that first")


async def find_import(store: Store, import_: str) -> ImportRecord | None:
    """Return an import, None where there is none of this id."""
    async with store.reading() as session:
        return await _found(session, import_)


async def list_imports(store: Store) -> Sequence[ImportRecord]:
    """Return all imports, the latest first."""
    async with store.reading() as session:
        return [ImportRecord(*row) for row in await session.fetch(_LISTED)]


async def _found(session: Session, import_: str) -> ImportRecord | None:
    found = await session.fetch(_BY_ID, ids=[import_])
    return ImportRecord(*found[0]) if found else None


async def _stored(session: Session, record: ImportRecord) -> None:
    await session.write(_STORE, [tuple(getattr(record, name) for name in _NAMES)])
