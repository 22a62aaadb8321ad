"""Files that came by the API, and what is wanted of each, from their first byte until they are imported."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import fields
from storage.connection.session import Session, Write
from storage.connection.store import Store
from storage.dialects import InputRows, among
from storage.model.errors import InUse
from storage.model.import_records import Upload, UploadState
from storage.schema.literals import text_literal
from storage.schema.register_tables import upload_parts, uploads
from storage.unit_of_work.writer import Writer

__all__ = ["UploadRegister"]

_NAMES = tuple(one.name for one in fields(Upload))
_columns = tuple(uploads.c[name] for name in _NAMES)
_part = upload_parts.c
FOUND = select(*_columns).where(among("ids", uploads.c.import_id))
WAITING = (
    select(*_columns)
    .where(uploads.c.state != text_literal(UploadState.OVER))
    .order_by(uploads.c.at, uploads.c.import_id)
    .limit(1)
)
PART = select(_part.content).where(among("parts", _part.name, _part.number))
_wanted_by = select(uploads.c.import_id).where((uploads.c.parts == _part.name) | (uploads.c.errors == _part.name))
_old = delete(upload_parts).where(_part.at < bindparam("before", type_=_part.at.type))
STALE = _old.returning(_part.name, _part.number)
HALVES = _old.where(~_wanted_by.exists()).returning(_part.name, _part.number)


def _store(rows: InputRows) -> UpdateBase:
    statement = rows.insert({name: rows.c[name] for name in _NAMES})
    fresh = {name: statement.excluded[name] for name in _NAMES if name != "import_id"}
    return statement.on_conflict_do_update(index_elements=["import_id"], set_=fresh)


def _add(rows: InputRows) -> UpdateBase:
    statement = rows.insert({column.name: rows.c[column.name] for column in upload_parts.columns})
    fresh = {name: statement.excluded[name] for name in ("at", "content")}
    return statement.on_conflict_do_update(index_elements=["name", "number"], set_=fresh)


def _gone(rows: InputRows) -> UpdateBase:
    return delete(upload_parts).where(_part.name == rows.c["name"])


_STORE = Write(uploads, _columns, _store)
_ADD = Write(upload_parts, tuple(upload_parts.columns), _add)
_GONE = Write(upload_parts, (_part.name,), _gone)


class UploadRegister:
    """Stores files piece by piece, so that no piece of one is lost, and none has to be in memory."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self._store, self._writer = store, writer

    async def add_part(self, name: str, number: int, content: bytes) -> None:
        """Store a piece of a file; the same piece again replaces it."""
        packed = await asyncio.to_thread(zlib.compress, content, 1)
        await self._writer.perform(lambda session, now: session.write(_ADD, [(name, number, now, packed)]))

    async def parts(self, name: str) -> AsyncIterator[bytes]:
        """Yield the pieces of a file, one in memory at a time."""
        number = 0
        while True:
            async with self._store.reading() as session:
                found = await session.fetch(PART, parts=[(name, number)])
            if not found:
                return
            yield await asyncio.to_thread(zlib.decompress, found[0][0])
            number += 1

    async def find(self, import_: str) -> Upload | None:
        """Return what is wanted of an import that came by the API, None for another one."""
        async with self._store.reading() as session:
            return _one(await session.fetch(FOUND, ids=[import_]))

    async def next_one(self) -> Upload | None:
        """Return what has waited longest, or was broken off; None where there is nothing to do."""
        async with self._store.reading() as session:
            return _one(await session.fetch(WAITING))

    async def want(self, upload: Upload) -> Upload:
        """Store what is wanted of an import, and return it; where that waits or runs it stays, and the new file goes.

        Raises InUse where something else is under way with it.
        """
        return await self._writer.perform(partial(_wanted, upload))

    async def move(self, upload: Upload, *, drops: Sequence[str] = ()) -> None:
        """Store how far it is, and delete files that nobody needs any more."""

        async def moved(session: Session, _now: datetime) -> None:
            await session.write(_STORE, [_row(upload)])
            await session.write(_GONE, [(name,) for name in drops if name])

        await self._writer.perform(moved)

    async def drop(self, name: str) -> None:
        """Delete a file."""
        await self._writer.perform(lambda session, _now: session.write(_GONE, [(name,)]))

    async def tidy(self, before: datetime, halves_before: datetime) -> int:
        """Delete pieces that were stored before a moment; return how many.

        `halves_before` is that moment for what no import asks for: an upload that broke off has no other way to end.
        """
        return await self._writer.perform(lambda session, _now: _tidied(session, before, halves_before))


async def _wanted(upload: Upload, session: Session, _now: datetime) -> Upload:
    before = _one(await session.fetch(FOUND, ids=[upload.import_id]))
    if before is not None and before.state is not UploadState.OVER:
        if before.task is upload.task:
            await session.write(_GONE, [(upload.parts,)] if upload.parts else [])
            return before
        if before.state is UploadState.RUNNING:
            raise InUse(f"import {upload.import_id} is under way; wait until it has ended")
    await session.write(_GONE, [(name,) for name in (before.parts, before.errors) if name] if before else [])
    await session.write(_STORE, [_row(upload)])
    return upload


async def _tidied(session: Session, before: datetime, halves_before: datetime) -> int:
    halves = await session.fetch(HALVES, before=halves_before)
    return len(halves) + len(await session.fetch(STALE, before=before))


def _row(upload: Upload) -> tuple[object, ...]:
    return tuple(getattr(upload, name) for name in _NAMES)


def _one(rows: Sequence[tuple[Any, ...]]) -> Upload | None:
    return Upload(*rows[0]) if rows else None
