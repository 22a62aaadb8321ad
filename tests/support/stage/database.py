"""The Stage's database: before somebody reads, the real unit of work writes all that was decided to a SQLite file."""

import asyncio
import shutil
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar, cast

from config.surveys.canonical_json import survey_json
from dialogs.messages import Prompt
from dialogs.outbox.model import FINAL, SendingState
from dialogs.survey import Survey
from scoring.values import replace
from storage.connection.codec import TABLES
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.records import OutboxMessage, StoredSurvey
from storage.reads.reader import Reader
from storage.unit_of_work.apply import apply
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.selects import all_of
from storage.verification.verify import verify_database
from tests.support.database.migrated import copy_migrated
from tests.support.stage.rows import Rows

__all__ = ["Database"]

T = TypeVar("T")


class Database:
    """What `storage.reads` finds on the Stage; there is no file before something is read."""

    def __init__(self, rows: Rows, now: Callable[[], datetime]) -> None:
        """Write to the file what is written to these rows."""
        self._rows = rows
        self._now = now
        self._written = 0
        self._file: Path | None = None

    def run(self, work: Callable[[Reader], Awaitable[T]]) -> T:
        """Run what reads, may decide, and reads again; return what it returns."""

        async def run() -> T:
            async with AsyncExitStack() as stack:
                return await work(Reader(cast("Store", _Opening(self, stack))))  # reads use `reading`, nothing else

        return asyncio.run(run())

    def differences(self) -> list[str]:
        """Name the kinds of records that are not the same in the file as in the rows."""

        async def look() -> list[str]:
            async with AsyncExitStack() as stack, _Opening(self, stack).reading() as session:
                kept: dict[type, list[Any]] = {one: await session.records(one, all_of(one)) for one in TABLES}
            shown: dict[type, list[Any]] = {kind: self._rows.listed(kind) for kind in TABLES}
            shown[OutboxMessage] = _as_kept(shown[OutboxMessage], kept[OutboxMessage])
            return [kind.__name__ for kind in TABLES if not _same(kept[kind], shown[kind])]

        return asyncio.run(look())

    def violations(self, surveys: Iterable[Survey]) -> list[str]:
        """Return what `huifang doctor --verify` says of the file, with these surveys stored as a start stores them."""
        stored = tuple(StoredSurvey(one.id, one.version, survey_json(one), self._now()) for one in surveys)

        async def look() -> list[str]:
            async with AsyncExitStack() as stack:
                store = await self.opened(stack)
                await self.write(store)
                await store.transaction(partial(apply, decided=[Changes(stored)], now=self._now()))
            return [str(one) for one in (await verify_database(f"sqlite:///{self._file}", self._now())).violations]

        return asyncio.run(look())

    async def opened(self, stack: AsyncExitStack) -> Store:
        """Open the file until the stack is left."""
        if self._file is None:
            folder = mkdtemp()
            weakref.finalize(self, shutil.rmtree, folder)
            self._file = copy_migrated(Path(folder, "stage.db"))
        return await stack.enter_async_context(Store.open(f"sqlite:///{self._file}"))

    async def write(self, store: Store) -> None:
        """Write what was decided since the last time, each decision in a transaction of its own."""
        while self._written < len(self._rows.written):
            changes = self._rows.written[self._written]
            await store.transaction(partial(apply, decided=[changes], now=self._now()))
            self._written += 1


class _Opening:
    """A store that is opened when it is first read from."""

    def __init__(self, database: Database, stack: AsyncExitStack) -> None:
        self._database = database
        self._stack = stack
        self._store: Store | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Lend a session that sees all that was decided."""
        self._store = self._store or await self._database.opened(self._stack)
        await self._database.write(self._store)
        async with self._store.reading() as session:
            yield session


def _same(kept: list[T], listed: list[T]) -> bool:
    return sorted(map(repr, kept)) == sorted(map(repr, listed))


def _as_kept(listed: list[OutboxMessage], kept: list[OutboxMessage]) -> list[OutboxMessage]:
    """Return the Stage's messages as the database keeps them: of a message that was edited only its last wording.

    Overtaken edits may be gone, and what they and the message said; a settled message may have lost the moment until
    which it was to go. Whatever else is missing stays a difference.
    """
    there = {message.id: message for message in kept}
    overtaken = {message.id for message in listed if _is_overtaken(message, listed)}
    left = [message for message in listed if message.id in there or message.id not in overtaken]
    emptied = {one.id for one in left if one.id in overtaken and there[one.id].prompt == Prompt("")}
    said = [replace(one, prompt=Prompt("")) if one.id in emptied else one for one in left]
    return [replace(one, expires_at=None) if _has_no_end(there.get(one.id)) else one for one in said]


def _has_no_end(kept: OutboxMessage | None) -> bool:
    return kept is not None and kept.status in FINAL and kept.expires_at is None


def _is_overtaken(message: OutboxMessage, listed: list[OutboxMessage]) -> bool:
    """Return whether a later edit of the same message was delivered."""
    root, at = message.edits or message.id, listed.index(message)
    return any(later.edits == root and later.status is SendingState.SENT for later in listed[at + 1 :])
