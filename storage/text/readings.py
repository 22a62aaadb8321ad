"""Which responses have words that were not read yet, or have changed since; and what is written of them.

They are looked for slice by slice, outside the writer. What is written holds for the version of the interview that was
read: one that has changed meanwhile, because its person was erased, is left for the next look.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, Text, bindparam, cast, delete, or_, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.interview.model import Answer, KeptWords
from dialogs.survey import SurveyKey
from scoring.text.known_sentences import KeptSums
from scoring.values import Value
from storage.connection.codec import row_of
from storage.connection.session import Session, Write
from storage.connection.slices import KeyOrder, Slice
from storage.connection.store import Store
from storage.dialects import InputRows, among
from storage.model.note_keys import COMMENTS_READ
from storage.model.text_records import CommentReading
from storage.schema import tables as t
from storage.schema.literals import ONE, text_literal

__all__ = [
    "DROP_READINGS",
    "UNREAD",
    "WORDS",
    "WORDS_ORDER",
    "WORD_COLUMNS",
    "CommentWords",
    "PlacedText",
    "comment_words",
    "read_again_from",
    "unread_words",
    "words_since",
    "write_readings",
]

_SLICE = 2_000
_interview, _reading, _note = t.interviews.c, t.comment_readings.c, t.notes.c
_has_words = or_(
    _interview.comment.is_not(None),
    cast(_interview.answers, Text).like(text_literal('%,"%')),
    cast(_interview.said, Text) != text_literal("[]"),
)
"""Of an answer only its words are texts that something stands before."""
WORD_COLUMNS = (
    *(_interview.id, _interview.version, _interview.customer, _interview.survey, _interview.survey_number),
    *(_interview.answers, _interview.comment, _interview.said, _interview.asked_at, _interview.completed_at),
)
WORDS_ORDER = KeyOrder(_interview.asked_at, _interview.id)
WORDS = select(*WORD_COLUMNS).where(_has_words)
UNREAD = (
    select(*WORD_COLUMNS, _reading.sentences)
    .select_from(t.interviews.outerjoin(t.comment_readings, _reading.response == _interview.id))
    .where(
        or_(_has_words, _reading.response.is_not(None)),
        or_(
            _reading.response.is_(None),
            _reading.seen != _interview.version,
            _reading.lexicon != bindparam("lexicon", type_=Integer()),
        ),
    )
)
_AS_SEEN = select(_interview.id, _interview.version).where(among("responses", _interview.id)).with_for_update(read=True)

_AS_READ = select(_reading.response, _reading.lexicon).where(among("responses", _reading.response)).with_for_update()


def _put(rows: InputRows) -> UpdateBase:
    columns = t.comment_readings.columns
    inserted = rows.insert({column.name: rows.c[column.name] for column in columns})
    fresh = {column.name: inserted.excluded[column.name] for column in columns if not column.primary_key}
    return inserted.on_conflict_do_update(index_elements=["response"], set_=fresh)


_PUT = Write(t.comment_readings, tuple(t.comment_readings.columns), _put)
DROP_READINGS = Write(
    t.comment_readings,
    (Column("response", Text),),
    lambda rows: delete(t.comment_readings).where(_reading.response == rows.c["response"]),
)
_BACK_TO = Write(
    t.notes,
    (_note.at,),
    lambda rows: (
        update(t.notes)
        .where(_note.key == text_literal(COMMENTS_READ), _note.at > rows.c["at"])
        .values(at=rows.c["at"], version=_note.version + ONE)
    ),
)
_row = row_of(CommentReading)


PlacedText = tuple[str, str]
"""A text and where it stands: a remark's question, nothing for the comment, the moment of words that were no answer."""


class CommentWords(Value):
    """The words of a response, whose row has this version; there are none where they were taken back or emptied."""

    response: str
    version: int
    customer: str
    survey: SurveyKey
    answers: tuple[Answer, ...]
    comment: str | None
    said: tuple[KeptWords, ...]
    asked_at: datetime
    completed_at: datetime | None
    kept: tuple[KeptSums, ...] = ()
    """What is kept of an encoder, also where the words have changed since."""

    @property
    def texts(self) -> list[PlacedText]:
        """Return each remark with its question, and the comment with none."""
        remarks = [(one.question, one.text) for one in self.answers if one.text]
        return [*remarks, *([("", self.comment)] if self.comment else [])]

    @property
    def said_texts(self) -> list[PlacedText]:
        """Return words that were no answer, each with the moment in which they came."""
        return [(one.at.isoformat(), one.text) for one in self.said if not one.is_wish and one.text]

    @property
    def written_at(self) -> datetime:
        """Return when something was answered or said last; what is added to an answer later is not dated."""
        return max(self.at, *(one.at for one in self.said), self.at)

    @property
    def at(self) -> datetime:
        """Return when it was completed, or answered last."""
        return self.completed_at or max((one.at for one in self.answers), default=self.asked_at)


async def unread_words(store: Store, since: datetime | None, lexicon: int) -> AsyncIterator[list[CommentWords]]:
    """Yield, in portions, what was asked from `since` on and was not read as it stands by this lexicon."""
    async for part in _slices(store, since):
        async with store.reading() as session:
            found = await session.fetch(WORDS_ORDER.within(UNREAD, part), lexicon=lexicon, **part.parameters)
        yield [comment_words(row) for row in found]


async def words_since(store: Store, since: datetime) -> AsyncIterator[list[CommentWords]]:
    """Yield, in portions, all words of whoever was asked from `since` on."""
    async for part in _slices(store, since):
        async with store.reading() as session:
            found = await session.fetch(WORDS_ORDER.within(WORDS, part), **part.parameters)
        yield [comment_words(row) for row in found]


async def write_readings(
    readings: Sequence[CommentReading],
    wordless: Sequence[tuple[str, int]],
    session: Session,
    now: datetime,
    *,
    is_again: bool = False,
) -> int:
    """Write what was read, and delete it of responses without words, each as its version; return their number.

    `is_again`: only where what is stored was read by the same lexicon, so that nothing newer is written over.
    """
    del now
    versions = {**{one.response: one.seen for one in readings}, **dict(wordless)}
    stored = await session.fetch(_AS_SEEN, responses=sorted(versions))
    same = {key for key, version in stored if versions[key] == version}
    if is_again:
        lexicons = {one.response: one.lexicon for one in readings}
        read = await session.fetch(_AS_READ, responses=sorted(same & lexicons.keys()))
        same = {key for key, lexicon in read if lexicons[key] == lexicon} | (same - lexicons.keys())
    await session.write(_PUT, [_row(one) for one in readings if one.response in same])
    await session.write(DROP_READINGS, [(response,) for response, _ in wordless if response in same])
    return len(same)


async def read_again_from(session: Session, asked: Iterable[datetime]) -> None:
    """Store that the next look begins where the first of these was asked, unless it begins earlier anyway."""
    if (first := min(asked, default=None)) is not None:
        await session.write(_BACK_TO, [(first,)])


async def _slices(store: Store, since: datetime | None) -> AsyncIterator[Slice]:
    """Yield slices of the interviews in the order of their asking, from a moment on."""
    after = None if since is None else (since, "")
    while True:
        here = Slice(after).parameters
        async with store.reading() as session:
            found = await session.fetch(WORDS_ORDER.end(after is None), **here, behind=_SLICE - 1)
        until = tuple(found[0]) if found else None
        yield Slice(after, until)
        if until is None:
            return
        after = until


def comment_words(row: Sequence[Any]) -> CommentWords:
    """Return the words in a row of `WORD_COLUMNS`, behind which may stand what is kept of an encoder."""
    response, version, customer, survey, number, answers, comment, words, asked, completed, *kept = row
    sums = kept[0] or () if kept else ()
    return CommentWords(response, version, customer, (survey, number), answers, comment, words, asked, completed, sums)
