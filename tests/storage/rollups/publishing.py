"""Publishes periods of random ratings, and holds what was published against what is stored."""

from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid
from bot.handlers.publish_period import PublishOutcome, needs, publish
from bot.http.api.periods.content import FIGURES, PeriodDesk, PublishRequest, prepared, read_standing
from storage.connection.store import Store
from storage.model.publications import Publication, content_digest
from storage.reads.reader import Reader
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Job, Writer
from tests.support.stage.scene import POLICY

__all__ = ["PERIODS", "Publisher", "everything_published"]

PERIODS = ("2026-10", "2026-W41", "2026-10-05..2026-10-20")
_CUTS = ("", "team,agent", "tier", "question")


class Publisher:
    """Publishes the next revision of a period, and keeps a copy of each."""

    def __init__(self, store: Store, writer: Writer, now: datetime) -> None:
        self._store, self._writer = store, writer
        self._desk = PeriodDesk(Reader(store), {}, POLICY, now)
        self.published: dict[str, Publication] = {}

    async def publish(self, period: str) -> None:
        """Publish a period's figures, unless nothing has changed or another process is the first with this number."""
        latest = await self._desk.reader.publications.revision(FIGURES, period)
        number = 1 if latest is None else latest.number + 1
        asked = _CUTS if number == 1 else None
        made = await prepared(self._desk, PublishRequest(period, FIGURES, number, "甲", asked, reason="有变化"))

        job = Job(needs(made), lambda snapshot, now: publish(DecisionContext(snapshot, POLICY, now), made))
        answer: PublishOutcome | Conflict | Invalid = await self._writer.decide(job)
        if isinstance(answer, PublishOutcome) and answer.created:
            self.published[answer.publication.id] = answer.publication

    async def intact(self) -> None:
        """Hold every revision that was published here against what is stored by now, to the byte."""
        stored = await everything_published(self._store)
        assert {id_: stored.get(id_) for id_ in self.published} == self.published

    async def waits(self, period: str) -> bool:
        """Return whether something has happened since a period was published."""
        _, standing = await read_standing(self._desk, period)
        return any(one.waiting for one in standing)


async def everything_published(store: Store) -> dict[str, Publication]:
    """Return every revision that is stored, each with the digest of its content."""
    async with store.reading() as session:
        found = await session.records(Publication, all_of(Publication))
    assert [one.id for one in found if content_digest(one.content) != one.digest] == []
    return {one.id: one for one in found}
