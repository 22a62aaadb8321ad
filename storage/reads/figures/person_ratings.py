"""Reads ratings one by one, each with who gave it and whether its closing has a tag."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, func, literal_column, select, type_coerce

from dialogs.interview.model import FINAL
from scoring.effects.before_after import PersonRating
from scoring.values import replace
from storage.connection.store import Store
from storage.dialects import holds_any
from storage.reads.figures.rating_counts import rating_count
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import EMPTY, is_one_of, text_literal
from storage.schema.rating_joins import IS_GIVEN, RATED_ROWS, RATING_KEYS

__all__ = ["TAGGED", "read_person_ratings"]

TAGGED = "tagged"
"""The key, beside those of a rating, that tells whether the closing has the tag that was asked for: yes or no."""

_invitation, _interview, _rating, _closing = t.invitations.c, t.interviews.c, t.ratings.c, t.closings.c
_asked_then = and_(
    _invitation.closed_at >= bindparam("since", type_=CompactInstant()),
    _invitation.closed_at < bindparam("until", type_=CompactInstant()),
)
_unfinished = case((is_one_of(_interview.state, *FINAL), EMPTY), else_=text_literal("unfinished"))
_has_tag = case((holds_any("tags", _closing.tags), text_literal("yes")), else_=text_literal("no"))
_RATINGS = (
    select(
        _invitation.customer,
        type_coerce(_has_tag, Text),
        *RATING_KEYS.values(),
        type_coerce(func.coalesce(_rating.standing, _unfinished), Text),
        literal_column("1"),
    )
    .select_from(RATED_ROWS)
    .where(_asked_then, IS_GIVEN)
)


async def read_person_ratings(store: Store, since: datetime, until: datetime, tag: str) -> list[PersonRating]:
    """Read the ratings of closings from `since` to `until`, which is excluded; those that do not count too."""
    async with store.reading() as session:
        rows = await session.fetch(_RATINGS, since=since, until=until, tags=[tag])
    return [_person_rating(row) for row in rows]


def _person_rating(row: tuple[Any, ...]) -> PersonRating:
    person, tagged, *rest = row
    found = rating_count(tuple(rest))
    return PersonRating(person, replace(found, keys={**found.keys, TAGGED: tagged}))
