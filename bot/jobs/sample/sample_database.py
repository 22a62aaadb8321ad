"""Loads the sample company into a database in which nothing is but the sandbox, and takes it out again."""

import logging
import re
from asyncio import to_thread
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.handlers.common.comment_words import CommentVocabulary
from bot.handlers.common.policy import Policy
from bot.jobs.figures.figure_job import FigureJob
from bot.jobs.sample.sample_days import SampleOrder, month_from
from bot.jobs.sample.sample_findings import sample_findings
from bot.jobs.sample.sample_records import SampleCompany
from bot.jobs.text.comment_reader import lexicon_number, readable_mark, reading_of
from bot.ports import Clock
from bot.receiver import Receiver
from config.surveys.load import read_surveys
from dialogs.ids import derive
from dialogs.interview.model import Interview
from dialogs.time.local_time import wall_of
from dialogs.time.named_days import months_on
from scoring.text.known_sentences import KnownSentences
from scoring.values import Value, replace
from storage.bulk.bulk_writer import BulkWriter
from storage.bulk.import_register import begin_import, list_imports, move_import
from storage.bulk.sample_traces import first_customers, forget_import
from storage.bulk.undo_import import undo_import
from storage.connection.store import Store
from storage.model.import_records import GONE, SAMPLE_KIND, ImportRecord, ImportState
from storage.model.text_records import CommentReading
from storage.reads.reader import Reader
from storage.rollups.sums import add_up, rebuild, rollup_state
from storage.text.readings import CommentWords
from storage.unit_of_work.writer import Writer

__all__ = ["CompanySize", "SampleDatabase", "SampleRefused", "SampleStanding"]

logger = logging.getLogger(__name__)
_STORED = 1
"""The version under which a new interview is stored."""
_READ = 3
"""Months at the end whose comments are read at once."""
_MOST_CUSTOMERS, _MOST_MONTHS = 1_000_000, 36


class SampleRefused(Exception):  # noqa: N818 - named after the event
    """The sample company cannot be loaded here; the text says why, and what to do."""


class CompanySize(Value):
    """How large a company is wanted; `seed` makes another one of the same kind, its names are in `locale`.

    Without that they are in the owner's.
    """

    seed: int = 7
    customers: int = 2000
    months: int = 13
    locale: str = ""


class SampleStanding(Value):
    """How far the sample company is loaded: its last month, such as 2026-10, and so many of its portions."""

    month: str
    done: int
    of: int
    is_whole: bool


class SampleDatabase(Value, eq=False):
    """The database as the sample company sees it."""

    store: Store
    writer: Writer
    reader: Reader
    receiver: Receiver
    clock: Clock

    async def standing(self) -> SampleStanding | None:
        """Return how far the sample company is loaded, None where there is none."""
        found = await self._register()
        return None if found is None else _standing(found)

    async def load(self, size: CompanySize, within: timedelta = timedelta(seconds=5)) -> SampleStanding:
        """Load some of the sample company, for so long, and return how far that is; the same again goes on.

        Raises SampleRefused where there is anything else in the database, or a sample company of another size.
        """
        order, until = self._order(size), self.clock.now() + within
        parts = SampleCompany(order).portions + 1
        id_ = derive("imp", SAMPLE_KIND, size.seed, size.customers, size.months, order.locale, _month(order))
        wanted = ImportRecord(id_, SAMPLE_KIND, ImportState.RUNNING, _month(order), "", "", order.now, rows=parts)
        await self._make_sure(wanted, size)
        begun = await begin_import(self.writer, wanted)
        await self._sum_up(begun)
        company, bulk = SampleCompany(replace(order, now=begun.started_at)), BulkWriter(self.writer, id_)
        number = begun.position
        while number < parts and (number == begun.position or self.clock.now() < until):
            is_last = number == company.portions
            records = await (sample_findings(self.reader, company) if is_last else self._portion(company, number))
            number += 1
            await bulk.add(records, number)
            await add_up(self.writer, order.zone)
        if number == parts and begun.state is not ImportState.DONE:
            await self._look_ahead()
            return _standing(await move_import(self.writer, id_, ImportState.DONE))
        return _standing(replace(begun, position=number))

    async def remove(self) -> bool:
        """Take the sample company out of the database, all of it; return whether there was one."""
        found = await self._register()
        if found is None:
            return False
        await undo_import(self.writer, found.id, self._policy.timezone, keeps_changed=False)
        await forget_import(self.writer, found.id)
        return True

    async def _portion(self, company: SampleCompany, number: int) -> list[Value]:
        """Return the records of a portion, with what was read in the comments of its last months."""
        since = month_from(company.days.last_month, 1 - _READ, company.order.zone).since

        def made() -> list[Value]:
            records = company.portion(number)
            return [*records, *_readings_since(since, records, self._policy.comments)]

        return await to_thread(made)

    async def _sum_up(self, begun: ImportRecord) -> None:
        """Begin the sums of ratings while there are next to none, where no service has done so yet."""
        async with self.store.reading() as session:
            known, _ = await rollup_state(session)
        if not (known or begun.position):
            await rebuild(self.store, self.writer, self._policy.timezone)

    async def _look_ahead(self) -> None:
        """Compute what the reports of its last month tell, where that is much, so that none of them is waited for."""
        calendar = self._policy.calendar
        try:
            await FigureJob(self.store, self.writer, self.reader, lambda: calendar, self.clock.now).look_ahead()
        except RuntimeError as why:
            logger.warning("the figures of the sample company are computed later: %s", why)

    @property
    def _policy(self) -> Policy:
        return self.receiver.policy

    def _order(self, size: CompanySize) -> SampleOrder:
        policy = self._policy
        survey = read_surveys()["after_service"]
        locale, zone = size.locale or policy.locale, policy.timezone
        return SampleOrder(size.seed, size.customers, size.months, self.clock.now(), zone, locale, survey)

    async def _register(self) -> ImportRecord | None:
        """Return the import of the sample company that is there, whole or not."""
        found = (one for one in await list_imports(self.store) if one.kind == SAMPLE_KIND and one.state not in GONE)
        return next(found, None)

    async def _make_sure(self, wanted: ImportRecord, size: CompanySize) -> None:
        if not 1 <= size.customers <= _MOST_CUSTOMERS:
            raise SampleRefused(f"--customers {size.customers}: write a number from 1 to {_MOST_CUSTOMERS}")
        if not 1 <= size.months <= _MOST_MONTHS:
            raise SampleRefused(f"--months {size.months}: write a number from 1 to {_MOST_MONTHS}")
        there = await self._register()
        if there is not None and there.id != wanted.id:
            raise SampleRefused(
                "another sample company is loaded: take it out with `huifang sample remove`, then load this one"
            )
        if there is not None and there.state is ImportState.UNDOING:
            raise SampleRefused(
                "a part of it is taken out already: end that with `huifang sample remove`, then load it"
            )
        played = [name for name, can in self.receiver.policy.capabilities.items() if can.simulated]
        is_played = re.compile(rf"({'|'.join(map(re.escape, played))})(-.*)?").fullmatch
        if there is None and not all(map(is_played, await first_customers(self.store))):
            raise SampleRefused(
                "there are customers of your own in this database, and the sample company must not stand among them:"
                " set database.url to an empty one, such as sqlite:///sample.db, or play in the sandbox"
            )


def _month(order: SampleOrder) -> str:
    """Return the last month of an order by its name."""
    today = wall_of(order.now, order.zone).date()
    return f"{months_on(today.year, today.month, -1):%Y-%m}"


def _standing(record: ImportRecord) -> SampleStanding:
    return SampleStanding(record.file, record.position, record.rows, record.state is ImportState.DONE)


def _readings_since(since: datetime, records: Iterable[Value], comments: CommentVocabulary) -> Iterator[CommentReading]:
    """Yield what was found in the words of those of these interviews that were asked for from a moment on.

    All others are read by the service, in its own time.
    """
    lexicon, mark = lexicon_number(comments), readable_mark(comments)
    for one in records:
        if isinstance(one, Interview) and one.asked_at >= since and one.texts:
            words = CommentWords(
                response=one.id,
                version=_STORED,
                customer=one.customer,
                survey=one.survey,
                answers=one.answers,
                comment=one.comment,
                said=one.said,
                asked_at=one.asked_at,
                completed_at=one.completed_at,
            )
            yield reading_of(comments, words, lexicon, KnownSentences(mark))
