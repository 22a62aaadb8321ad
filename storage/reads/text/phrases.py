"""Reads of what was found in the words of a period, with who wrote them and what they rated, and of stored phrases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, cast, func, select

from dialogs.interview.model import Answer
from dialogs.survey import SurveyKey
from scoring.validity import ExclusionReason
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.model.service_details import ServiceDetails
from storage.model.text_records import FoundPhrase, PhraseStanding, StoredPhrase, TextVerdict
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.literals import is_one_of
from storage.schema.rating_joins import CUT_KEYS, ITS_CLOSING
from storage.unit_of_work.selects import all_of

__all__ = [
    "MOST_COMMENTS",
    "PHRASE_KEYS",
    "MentioningComment",
    "ReadComment",
    "ResponseWords",
    "TextReads",
    "TicketCase",
]

PHRASE_KEYS = tuple(CUT_KEYS)
"""By which keys phrases are cut."""
MOST_COMMENTS = 100_000
"""A period with more is not read."""
_reading, _interview, _invitation = t.comment_readings.c, t.interviews.c, t.invitations.c
_begin, _end = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_OF_READINGS = (
    t.comment_readings.join(t.interviews, _interview.id == _reading.response)
    .join(t.invitations, _invitation.id == _interview.invitation)
    .outerjoin(t.closings, ITS_CLOSING)
)
FOUND = (
    select(
        *(_reading.response, _reading.at, _reading.found, _interview.customer, _interview.survey),
        *(_interview.survey_number, _interview.answers, _interview.exclusion, _invitation.source, _invitation.ticket),
        _reading.verdicts,
        *CUT_KEYS.values(),
    )
    .select_from(_OF_READINGS)
    .where(_reading.at >= _begin, _reading.at < _end)
    .order_by(_reading.at, _reading.response)
    .limit(MOST_COMMENTS + 1)
)
MENTIONED = (
    select(_reading.found, _interview.customer, _interview.exclusion, *CUT_KEYS.values())
    .select_from(_OF_READINGS)
    .where(_reading.at >= _begin, _reading.at < _end)
    .limit(MOST_COMMENTS + 1)
)
STANDING = (
    select(
        func.count(),
        *(func.coalesce(func.sum(cast(one, BigInteger)), 0) for one in (_interview.version, _reading.seen)),
        *(func.coalesce(func.sum(cast(one, BigInteger)), 0) for one in (_reading.lexicon, _reading.encoder)),
    )
    .select_from(t.comment_readings.join(t.interviews, _interview.id == _reading.response))
    .where(_reading.at >= _begin, _reading.at < _end)
)
WORDS = (
    select(_interview.id, _interview.answers, _interview.comment, t.customers.c.name)
    .select_from(t.interviews.join(t.customers, t.customers.c.id == _interview.customer))
    .where(among("responses", _interview.id))
)
_issue, _ticket = t.issues.c, t.tickets.c
_MOST_CASES = 5_000
CASES = (
    select(
        *(_ticket.source, _ticket.id, _ticket.customer, _issue.opened_at),
        *(_ticket.category, _ticket.product, _ticket.details),
    )
    .select_from(
        t.issues.join(t.issue_tickets, t.issue_tickets.c.issue == _issue.id).join(
            t.tickets, and_(_ticket.source == t.issue_tickets.c.source, _ticket.id == t.issue_tickets.c.ticket)
        )
    )
    .where(
        _issue.opened_at >= bindparam("since", type_=Instant()),
        _issue.opened_at < bindparam("until", type_=Instant()),
        _issue.merged_into.is_(None),
    )
    .order_by(_issue.opened_at, _issue.id)
    .limit(_MOST_CASES)
)
_STORED = all_of(StoredPhrase).order_by(t.phrases.c.people.desc(), t.phrases.c.phrase)
_MAPPED = all_of(StoredPhrase, is_one_of(t.phrases.c.state, PhraseStanding.MAPPED)).order_by(t.phrases.c.phrase)


class ReadComment(Value):
    """What was found in the words of one response, with who gave it, its answers, and what it is about."""

    response: str
    at: datetime
    found: tuple[FoundPhrase, ...]
    customer: str
    survey: SurveyKey
    answers: tuple[Answer, ...]
    exclusion: ExclusionReason | None
    source: str
    ticket: str
    verdicts: tuple[TextVerdict, ...]
    keys: Mapping[str, str]

    def gainsays(self, mention: tuple[str, str, int]) -> bool:
        """Return whether a phrase of this dimension and polarity stands only in texts that say the opposite."""
        opposite = {question for question, polarity, _ in self.verdicts if polarity and polarity == -mention[-1]}
        return bool(opposite) and all(question in opposite for question, *one in self.found if (*one,) == mention)


class MentioningComment(Value):
    """What was found in the words of one response, with who gave it, and what it is about."""

    found: tuple[FoundPhrase, ...]
    customer: str
    exclusion: ExclusionReason | None
    keys: Mapping[str, str]


class ResponseWords(Value):
    """The words of a response: remarks by question, the comment with none; and the name of who wrote them."""

    response: str
    texts: Mapping[str, str]
    name: str


class TicketCase(Value):
    """A ticket with an issue, opened at a moment, and what the help desk told of its problem."""

    source: str
    ticket: str
    customer: str
    opened_at: datetime
    category: str
    product: str
    details: ServiceDetails

    @property
    def name(self) -> str:
        """How people name it."""
        return f"{self.source}/{self.ticket}"


class TextReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def found(self, since: datetime, until: datetime) -> list[ReadComment]:
        """Return what was found in the words of a time, oldest first."""
        async with self._store.reading() as session:
            rows = await session.fetch(FOUND, since=since, until=until)
        return [_comment(row) for row in rows]

    async def mentioned(self, since: datetime, until: datetime) -> list[MentioningComment]:
        """Return the same without what was rated, in no order: half the work."""
        async with self._store.reading() as session:
            rows = await session.fetch(MENTIONED, since=since, until=until)
        return [_mentioning(row) for row in rows]

    async def standing(self, since: datetime, until: datetime) -> tuple[int, ...]:
        """Return numbers that are other ones as soon as anything has changed in what was found in a time.

        Versions only grow, so that the sum of as many of them is the same only where each is.
        """
        async with self._store.reading() as session:
            (row,) = await session.fetch(STANDING, since=since, until=until)
        return tuple(int(one) for one in row)

    async def cases(self, since: datetime, until: datetime) -> list[TicketCase]:
        """Return the tickets of the issues opened in a time, oldest first."""
        async with self._store.reading() as session:
            rows = await session.fetch(CASES, since=since, until=until)
        return [TicketCase(*row) for row in rows]

    async def words(self, responses: Sequence[str]) -> dict[str, ResponseWords]:
        """Return the words of these responses, by id."""
        if not responses:
            return {}
        async with self._store.reading() as session:
            rows = await session.fetch(WORDS, responses=sorted(set(responses)))
        return {row[0]: _written(*row) for row in rows}

    async def phrases(self) -> list[StoredPhrase]:
        """Return every stored phrase, that of most people first."""
        async with self._store.reading() as session:
            return await session.records(StoredPhrase, _STORED)

    async def mapped(self) -> list[StoredPhrase]:
        """Return the phrases that were mapped, in alphabetical order."""
        async with self._store.reading() as session:
            return await session.records(StoredPhrase, _MAPPED)


def _comment(row: Sequence[Any]) -> ReadComment:
    response, at, found, customer, survey, number, answers, exclusion, source, ticket, verdicts, *keys = row
    named = dict(zip(PHRASE_KEYS, keys, strict=True))
    about = source, ticket, verdicts
    return ReadComment(response, at, found, customer, (survey, number), answers, exclusion, *about, named)


def _mentioning(row: Sequence[Any]) -> MentioningComment:
    found, customer, exclusion, *keys = row
    return MentioningComment(found, customer, exclusion, dict(zip(PHRASE_KEYS, keys, strict=True)))


def _written(response: str, answers: Sequence[Answer], comment: str | None, name: str) -> ResponseWords:
    texts = {one.question: one.text for one in answers if one.text} | ({"": comment} if comment else {})
    return ResponseWords(response, texts, name)
