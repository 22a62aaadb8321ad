"""Responses with words, stored as they lie in the database once everything is over; and the jobs that read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.jobs.text.comment_reader import CommentReadingJob
from bot.jobs.text.phrase_search import PhraseMiningJob
from bot.jobs.text.sentence_reader import SentenceReadingJob
from bot.process.alarms import Alarms
from dialogs.interview.model import Interview
from scoring.values import replace
from storage.model.records import Customer
from storage.unit_of_work.changes import Record
from storage.unit_of_work.writer import Writer
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

__all__ = ["comment_reader", "miner", "sentence_reader", "worded_visit", "wrote"]


def worded_visit(
    number: str,
    at: datetime,
    ratings: Mapping[str, int],
    comment: str | None,
    remarks: Mapping[str, str] | None = None,
    **cut: str,
) -> Sequence[Record]:
    """Return what `closed_visit` does, with a comment and with remarks by question; `name` is the customer's."""
    name, cuts = cut.pop("name", ""), dict[str, Any](cut)

    def worded(record: Record) -> Record:
        if isinstance(record, Interview):
            answers = tuple(replace(one, text=(remarks or {}).get(one.question)) for one in record.answers)
            return replace(record, answers=answers, comment=comment, completed_at=at)
        return replace(record, name=name) if isinstance(record, Customer) and name else record

    return list(map(worded, closed_visit(number, at, ratings, **cuts)))


async def wrote(service: Service, *visits: Sequence[Record]) -> None:
    """Store responses."""
    await store_records(service.house.store, service.now, *(record for visit in visits for record in visit))


def _inside(service: Service) -> tuple[Any, ...]:
    web, clock = service.house.web, service.house.clock
    return service.house.store, Writer(service.house.store, clock.now), web.receiver, web.reader, clock, Alarms(clock)


def comment_reader(service: Service) -> CommentReadingJob:
    """Return the job of a process that reads comments by the shipped lexicon."""
    return CommentReadingJob(*_inside(service))


def sentence_reader(service: Service) -> SentenceReadingJob:
    """Return the job of a process that has comments read by the encoder in force."""
    return SentenceReadingJob(*_inside(service))


def miner(service: Service) -> PhraseMiningJob:
    """Return the job of a process that looks for phrases."""
    return PhraseMiningJob(*_inside(service))
