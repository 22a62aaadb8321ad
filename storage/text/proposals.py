"""The phrases that are proposed: each search replaces those of the one before; what was decided stays."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Integer, Text, delete, select
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.model.text_records import PhraseStanding
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, ONE, is_one_of, text_literal

__all__ = ["PROPOSED", "replace_proposals"]

_phrase = t.phrases.c
_is_proposed = is_one_of(_phrase.state, PhraseStanding.PROPOSED)
PROPOSED = select(_phrase.phrase).where(_is_proposed)


def _put(rows: InputRows) -> UpdateBase:
    inserted = rows.insert(
        {
            "phrase": rows.c["phrase"],
            "state": text_literal(PhraseStanding.PROPOSED),
            "people": rows.c["people"],
            "at": rows.c["at"],
            "dimension": EMPTY,
            "polarity": rows.c["polarity"],
            "by": EMPTY,
            "version": ONE,
        }
    )
    fresh = {"people": inserted.excluded.people, "at": inserted.excluded.at, "version": _phrase.version + ONE}
    return inserted.on_conflict_do_update(index_elements=["phrase"], set_=fresh, where=_is_proposed)


_PUT = Write(
    t.phrases,
    (Column("phrase", Text), Column("people", Integer), Column("at", Instant), Column("polarity", Integer)),
    _put,
)
_DROP = Write(
    t.phrases,
    (Column("phrase", Text),),
    lambda rows: delete(t.phrases).where(_phrase.phrase == rows.c["phrase"], _is_proposed),
)


async def replace_proposals(found: Sequence[tuple[str, int]], session: Session, now: datetime) -> int:
    """Store phrases with the number of people who used each; drop proposals that are not among them; return these."""
    gone = sorted({row[0] for row in await session.fetch(PROPOSED)} - {phrase for phrase, _ in found})
    await session.write(_PUT, [(phrase, people, now, 0) for phrase, people in sorted(found)])
    return await session.write(_DROP, [(phrase,) for phrase in gone])
