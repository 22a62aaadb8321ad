"""Which comments wait for the encoder in force: those of which nothing is said yet, and those of another encoder.

They wait for as long as it takes; what words and weights say of them stands meanwhile.
"""

from collections.abc import Mapping

from sqlalchemy import Integer, bindparam, func, select, union_all

from storage.connection.store import Store
from storage.model.note_keys import COMMENTS_WAITING
from storage.schema import tables as t
from storage.schema.literals import text_literal
from storage.text.readings import WORD_COLUMNS, CommentWords, comment_words

__all__ = ["count_waiting", "noted_waiting", "waiting_words"]

_interview, _reading = t.interviews.c, t.comment_readings.c
_IN_FORCE = bindparam("encoder", type_=Integer())
_count = select(_reading.encoder, func.count())
_WAITING = union_all(
    *(
        _count.where(each).group_by(_reading.encoder)
        for each in (_reading.encoder < _IN_FORCE, _reading.encoder > _IN_FORCE)
    )
)
_NOTED = select(t.notes.c.value).where(t.notes.c.key == text_literal(COMMENTS_WAITING))
_LATEST = (
    select(*WORD_COLUMNS, _reading.sentences)
    .select_from(t.comment_readings.join(t.interviews, _reading.response == _interview.id))
    .where(
        _reading.encoder == _IN_FORCE,
        _reading.lexicon == bindparam("lexicon", type_=Integer()),
        _reading.seen == _interview.version,
    )
    .order_by(_reading.at.desc())
    .limit(bindparam("limit", type_=Integer()))
)


async def count_waiting(store: Store, encoder: int) -> Mapping[int, int]:
    """Return how many responses wait for this encoder, by the number of the one that has read them, 0 for none."""
    async with store.reading() as session:
        return dict(await session.fetch(_WAITING, encoder=encoder))


async def waiting_words(store: Store, by: int, lexicon: int, limit: int) -> list[CommentWords]:
    """Return the latest words that were read by this lexicon as they stand and by the encoder `by`, 0 for none."""
    async with store.reading() as session:
        return [comment_words(row) for row in await session.fetch(_LATEST, encoder=by, lexicon=lexicon, limit=limit)]


async def noted_waiting(store: Store) -> int:
    """Return how many responses waited when it was noted last."""
    async with store.reading() as session:
        return sum([int(value) for (value,) in await session.fetch(_NOTED)])
