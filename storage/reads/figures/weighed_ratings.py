"""Reads the ratings of surveys that ask how important they are, which the sums of ratings do not tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, func, literal_column, select, type_coerce

from dialogs.interview.model import FINAL
from storage.connection.session import Session
from storage.dialects import among
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import EMPTY, is_one_of, text_literal
from storage.schema.rating_joins import IS_GIVEN, RATED_ROWS, RATING_KEYS

__all__ = ["WEIGHED_ROWS", "asking_surveys", "read_weighed"]

_invitation, _interview, _rating, _survey = t.invitations.c, t.interviews.c, t.ratings.c, t.surveys.c
_asked_then = and_(
    _invitation.closed_at >= bindparam("since", type_=CompactInstant()),
    _invitation.closed_at < bindparam("until", type_=CompactInstant()),
)
_unfinished = case((is_one_of(_interview.state, *FINAL), EMPTY), else_=text_literal("unfinished"))
_reason = type_coerce(func.coalesce(_rating.standing, _unfinished), Text)
_ASKING = select(_survey.id).where(_survey.body.like(text_literal('%"asks_importance":true%'))).distinct()
"""Surveys are stored as canonical JSON, in which no text holds a quotation mark without a backslash."""
_is_weighed = among("surveys", RATING_KEYS["survey"])
_counted_by = (*RATING_KEYS.values(), _reason, _rating.importance)
_WEIGHED = (
    select(*_counted_by, func.count())
    .select_from(RATED_ROWS)
    .where(_asked_then, IS_GIVEN, _is_weighed)
    .group_by(*_counted_by)
)
WEIGHED_ROWS = (
    select(_invitation.source, _invitation.ticket, _interview.id, *_counted_by, literal_column("1"))
    .select_from(RATED_ROWS)
    .where(_asked_then, IS_GIVEN, _is_weighed)
    .order_by(_invitation.closed_at, _invitation.id, RATING_KEYS["item"])
)
"""Ratings of these surveys one by one: ticket, response, keys, why it does not count, its importance, and 1."""


async def read_weighed(session: Session, since: datetime, until: datetime) -> list[tuple[Any, ...]]:
    """Return the keys of ratings, why they do not count, their importance and their number; none where none asks."""
    surveys = await asking_surveys(session)
    return list(await session.fetch(_WEIGHED, since=since, until=until, surveys=surveys)) if surveys else []


async def asking_surveys(session: Session) -> list[str]:
    """Return the ids of surveys that ask for importance in some version."""
    return [survey for (survey,) in await session.fetch(_ASKING)]
