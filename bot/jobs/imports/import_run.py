"""Imports a file: looks through all of it first, then stores it chunk by chunk, each once whatever happens."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any

from bot.handlers.common.policy import Policy
from bot.handlers.common.tombstones import tombstone_hash
from bot.handlers.imported.contact_rows import contact_keys, judge_contact
from bot.handlers.imported.response_rows import judge_response, judge_review, response_keys, review_keys
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow, told_value
from bot.handlers.imported.sheet_rows import judge_sheet, sheet_keys
from bot.handlers.imported.survey_rows import judge_survey, survey_keys
from bot.handlers.imported.ticket_rows import judge_ticket, ticket_keys
from bot.imports.cell_values import CellTerms
from bot.imports.imported_table import TableRow, opened_table
from bot.imports.mapping_file import read_column_map
from bot.imports.table_columns import ImportKind
from bot.imports.table_head import HeadGuess
from bot.imports.unreadable import UnreadableFile
from bot.jobs.imports.import_progress import ErrorFile, ImportProgress
from bot.ports import Clock
from config.import_words import header_key, import_words, told_mistake
from dialogs.forms.model import Form
from dialogs.ids import derive
from scoring.values import Value, replace
from storage.bulk.bulk_writer import Chunk, add_chunk
from storage.bulk.import_register import begin_import, move_import
from storage.bulk.stored_rows import LOOKED_UP, RowKeys, StoredRows, load_stored
from storage.bulk.undo_import import undo_import
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.import_records import ImportRecord, ImportState, NamedRecord, RowMistake
from storage.rollups.sums import add_up
from storage.unit_of_work.layers import key_of
from storage.unit_of_work.writer import Writer

__all__ = ["ImportOrder", "Importer", "import_id", "own_headers"]

_ADDED_UP_EVERY = 25
"""Chunks between two times that new ratings are added to the sums."""


class ImportOrder(Value):
    """What is to be imported: a file, called `name`, and how; `map` is the text of the owner's file of columns.

    `take_good`: where rows are wrong, the others are taken; else none is. `is_trial`: nothing is stored.
    """

    kind: ImportKind
    path: Path
    name: str
    by: str = ""
    map: str = ""
    map_name: str = ""
    take_good: bool = False
    is_trial: bool = False
    errors: Path | None = None
    """Where mistakes are written; beside the file where it is None."""
    chunk: int = 200
    """Rows that one commit stores: so many keep the writer for some twenty milliseconds."""


Cells = Mapping[str, Any]


class RecordChanges:
    """The changes that rows of a chunk make, in their order: each record once, as it was first and is at last."""

    def __init__(self) -> None:
        self._made: dict[tuple[type, Any], tuple[Any, Any]] = {}

    def add(self, changes: Iterable[tuple[Any, Any]]) -> None:
        """Take the changes of a row."""
        for before, after in changes:
            key = type(after), key_of(after)
            first, _ = self._made.get(key, (before, after))
            self._made[key] = first, after

    def on_new(self, records: Sequence[Any]) -> Sequence[Any]:
        """Return new records as they are after all changes, which are made with that."""
        if not self._made:
            return records
        return [self._made.pop((type(one), key_of(one)), (one, one))[1] for one in records]

    @property
    def on_stored(self) -> Sequence[tuple[Any, Any]]:
        """The changes of records that are stored."""
        return tuple(self._made.values())


class RowJudge(Value):
    """`keys` adds what a row is about, `judge` says what it becomes."""

    keys: Callable[[ImportTerms, Cells, RowKeys], None]
    judge: Callable[[ImportTerms, Cells, StoredRows], RowOutcome]


JUDGES: Mapping[ImportKind, RowJudge] = {
    ImportKind.TICKETS: RowJudge(ticket_keys, judge_ticket),
    ImportKind.CONTACTS: RowJudge(contact_keys, judge_contact),
    ImportKind.RESPONSES: RowJudge(response_keys, judge_response),
    ImportKind.REVIEWS: RowJudge(review_keys, judge_review),
    ImportKind.ASSESSMENTS: RowJudge(sheet_keys, judge_sheet),
    ImportKind.SURVEYS: RowJudge(survey_keys, judge_survey),
}


def import_id(kind: ImportKind, digest: str, map_: str) -> str:
    """Return the id of the import of a file with this SHA-256 (in hex), whose columns mean what a map says."""
    return derive("imp", kind, digest, map_)


def own_headers(kind: ImportKind, policy: Policy) -> Mapping[str, str]:
    """Return the columns that names of questions mean at the head of a table, by their keys."""
    if kind is ImportKind.ASSESSMENTS:
        return _names_of_forms(policy.forms.values())
    if kind is not ImportKind.RESPONSES:
        return {}
    surveys = sorted(policy.surveys.values(), key=lambda one: (one.id == policy.default_survey, one.version))
    return {
        header_key(name): f"answers.{question.id}"
        for survey in surveys
        for question in survey.questions
        for name in (question.id, *question.name.values())
    }


def _names_of_forms(forms: Iterable[Form]) -> Mapping[str, str]:
    """Return the columns that names of items and fields mean, where they mean the same in all forms that have them."""
    meant: dict[str, set[str]] = {}
    for form in forms:
        named = [(f"values.{item.id}", item.name) for item in form.items]
        named += [(f"words.{line.id}", line.name) for line in (*form.head, *form.foot)]
        for column, names in named:
            for key in map(header_key, names.values()):
                meant.setdefault(key, set()).add(column)
    return {key: min(columns) for key, columns in meant.items() if len(columns) == 1}


class Importer:
    """Runs imports on a database, one at a time; `policy` gives that of the moment, with all stored surveys."""

    def __init__(self, store: Store, writer: Writer, policy: Callable[[], Awaitable[Policy]], clock: Clock) -> None:
        self._store, self._writer, self._policy, self._clock = store, writer, policy, clock
        self._turn = asyncio.Lock()

    async def run(self, order: ImportOrder, progress: ImportProgress) -> ImportProgress:
        """Import a file, and return how it went; the same again goes on where it broke off, or changes nothing.

        Raises UnreadableFile, OSError, and what the writer raises.
        """
        async with self._turn:
            policy = await self._policy()
            with _told_in(policy.phrases.default):
                await _Run(self._store, self._writer, policy, self._clock, order, progress).all()
            return progress

    async def undo(self, import_: str) -> ImportRecord:
        """Take an import back once none runs, and return it. Raises LookupError, and what the writer raises."""
        async with self._turn:
            return await undo_import(self._writer, import_, (await self._policy()).timezone)


class _Run:
    def __init__(  # noqa: PLR0913, PLR0917 (what an importer has, and what it is given)
        self,
        store: Store,
        writer: Writer,
        policy: Policy,
        clock: Clock,
        order: ImportOrder,
        progress: ImportProgress,
    ) -> None:
        self._store, self._writer, self._policy, self._clock = store, writer, policy, clock
        self._order, self._progress, self._locale = order, progress, policy.phrases.default
        words = import_words()
        column_map = read_column_map(order.map, order.map_name or "--map", order.kind) if order.map else None
        self._guess = HeadGuess(order.kind, words, own=own_headers(order.kind, policy))
        if column_map is not None:
            self._guess = replace(self._guess, map=column_map)
        self._cells = CellTerms(policy.timezone, words.cells)
        self._judge = JUDGES[order.kind]
        errors = order.errors or order.path.with_name(f"{order.name}.errors.csv")
        self._errors = ErrorFile(errors, partial(policy.phrases.say, self._locale))

    async def all(self) -> None:
        order, progress = self._order, self._progress
        id_ = await asyncio.to_thread(self._id)
        terms = ImportTerms(id_, self._policy, self._clock.now(), order.by)
        record = None if order.is_trial else await begin_import(self._writer, self._record(terms))
        if record is not None and record.state is ImportState.DONE:
            progress.ended(record)
            return
        try:
            with _told_in(self._locale):
                await self._check(terms)
                record = await self._store_all(terms) if record is not None else None
        except BaseException as error:
            if record is not None:
                why = str(error) if isinstance(error, UnreadableFile) else type(error).__name__
                await asyncio.shield(move_import(self._writer, id_, ImportState.FAILED, why))
            raise
        finally:
            self._errors.close()
        progress.ended(record, str(self._errors.path) if progress.refused else "")

    def _id(self) -> str:
        with self._order.path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        return import_id(self._order.kind, digest, self._order.map)

    def _record(self, terms: ImportTerms) -> ImportRecord:
        order = self._order
        options = json.dumps({"take_good": order.take_good, "map": order.map_name})
        state = ImportState.CHECKING
        return ImportRecord(terms.import_id, order.kind, state, order.name, order.by, options, terms.now)

    async def _check(self, terms: ImportTerms) -> None:
        """Check all rows, and count what would become of them."""
        self._errors.begin()
        async for rows in self._chunks():
            async with self._store.reading() as session:
                stored = await self._load(terms, rows, session)
            self._progress.count(await asyncio.to_thread(self._judged, terms, rows, stored, is_trial=True))
        self._progress.checked()

    async def _store_all(self, terms: ImportTerms) -> ImportRecord:
        progress, move = self._progress, partial(move_import, self._writer, terms.import_id)
        if progress.refused and not self._order.take_good:
            why = f"{progress.refused} of {progress.rows} rows are wrong"
            return await move(ImportState.REFUSED, why, {"rows": progress.rows, "refused": progress.refused})
        record = await move(ImportState.RUNNING, counts={"rows": progress.rows})
        progress.storing(record)
        number = 0
        async for rows in self._chunks(record.position):
            progress.count(await self._writer.perform(partial(self._stored, terms, rows)))
            number += 1
            if number % _ADDED_UP_EVERY == 0:
                await add_up(self._writer, self._policy.timezone)
        await add_up(self._writer, self._policy.timezone)
        return await move(ImportState.DONE)

    async def _stored(self, terms: ImportTerms, rows: Sequence[TableRow], session: Session, _now: datetime) -> Chunk:
        return await session.together(partial(self._add, terms, rows))

    async def _add(self, terms: ImportTerms, rows: Sequence[TableRow], session: Session) -> Chunk:
        chunk = self._judged(terms, rows, await self._load(terms, rows, session))
        await add_chunk(session, terms.import_id, chunk)
        return chunk

    async def _chunks(self, behind: int = 0) -> AsyncIterator[list[TableRow]]:
        """Yield the rows behind a number, some at a time; they are read in a thread."""
        order = self._order
        with ExitStack() as stack:
            table = await asyncio.to_thread(
                lambda: stack.enter_context(opened_table(order.path, order.name, self._guess, self._cells))
            )
            self._progress.understand(table.head)
            rows = (row for row in table.rows() if row.number > behind)
            while some := await asyncio.to_thread(_some, rows, order.chunk):
                yield some

    async def _load(self, terms: ImportTerms, rows: Sequence[TableRow], session: Session) -> StoredRows:
        keys = RowKeys()
        for row in rows:
            if not row.problems:
                self._judge.keys(terms, row.values, keys)
        return await load_stored(session, keys, partial(tombstone_hash, terms.policy))

    def _judged(
        self, terms: ImportTerms, rows: Sequence[TableRow], stored: StoredRows, *, is_trial: bool = False
    ) -> Chunk:
        """Return what rows become; in a trial, as all are looked through, without what is stored beside them."""
        records: list[Any] = []
        changes, named = RecordChanges(), list[NamedRecord]()
        new = same = refused = 0
        for row in rows:
            if row.problems:
                self._refuse(row, row.problems)
                refused += 1
                continue
            judged = self._judge.judge(terms, row.values, stored)
            if isinstance(judged, RefusedRow):
                self._refuse(row, judged.mistakes)
                refused += 1
            elif judged.records or judged.changes:
                stored.add(judged.records)
                stored.add(after for _, after in judged.changes)
                records += judged.records if is_trial else (*judged.records, *judged.followers())
                changes.add(judged.changes)
                new += 1
            else:
                same += 1
            named += judged.named if isinstance(judged, TakenRow) else ()
            if is_trial and not self._progress.has_first:
                self._progress.show(row.number, {name: told_value(terms, one) for name, one in row.values.items()})
        fresh = changes.on_new(records)
        changed = changes.on_stored
        return Chunk(rows[-1].number, fresh, same, refused, new, changed, looked_up=LOOKED_UP, named=named)

    def _refuse(self, row: TableRow, mistakes: Sequence[RowMistake]) -> None:
        if self._progress.refuse(row.number, told := [self._told(one) for one in mistakes]):
            self._errors.add(row.number, told)

    def _told(self, mistake: RowMistake) -> RowMistake:
        problem, fix = (told_mistake(self._locale, text) for text in (mistake.problem, mistake.fix))
        return replace(mistake, problem=problem, fix=fix)


@contextmanager
def _told_in(locale: str) -> Iterator[None]:
    """Raise UnreadableFile in the language of whoever imports."""
    try:
        yield
    except UnreadableFile as wrong:
        raise UnreadableFile(told_mistake(locale, str(wrong))) from None


def _some(rows: Iterator[TableRow], count: int) -> list[TableRow]:
    return list(islice(rows, count))
