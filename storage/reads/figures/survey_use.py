"""Reads how one survey was answered: how many began and ended it, what was rated, where people stopped."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text, and_, bindparam, case, func, select

from dialogs.interview.model import InterviewState
from scoring.values import Value
from storage.connection.store import Store
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal

__all__ = ["SurveyUse", "read_survey_use"]

_SINCE, _UNTIL = bindparam("since", type_=Instant()), bindparam("until", type_=Instant())
_invitation, _interview, _rating = t.invitations.c, t.interviews.c, t.ratings.c
_is_asked = (
    select(_invitation.id)
    .where(_invitation.id == _interview.invitation, _invitation.entered_by == text_literal(""))
    .correlate(t.interviews)
    .exists()
)
"""Whether a customer was asked: what a colleague has entered tells nothing of how they go through a survey."""
_asked_survey = and_(
    _is_asked,
    _interview.survey == bindparam("survey", type_=Text()),
    _interview.asked_at >= _SINCE,
    _interview.asked_at < _UNTIL,
)
_is_whole = is_one_of(_interview.state, InterviewState.COMPLETED)
_is_begun = _interview.answers != text_literal("[]")
_USE = select(
    func.count(),
    func.coalesce(func.sum(case((_is_begun, 1), else_=0)), 0),
    func.coalesce(func.sum(case((_is_whole, 1), else_=0)), 0),
).where(_asked_survey)
_STOPPED = (
    select(_interview.at, func.count())
    .where(_asked_survey, _is_begun, is_one_of(_interview.state, InterviewState.DECLINED, InterviewState.EXPIRED))
    .group_by(_interview.at)
)
_TIMES = select(_interview.asked_at, _interview.completed_at).where(_asked_survey, _is_whole)


class SurveyUse(Value):
    """How a survey was answered: `seconds` from first message to end, sorted.

    `stopped` counts by question those who began, and ended it there without an answer to it.
    """

    asked: int
    started: int
    completed: int
    stopped: Mapping[str, int]
    seconds: tuple[float, ...]


async def read_survey_use(store: Store, survey: str, since: datetime, until: datetime) -> SurveyUse:
    """Return how a survey was answered by those who were asked from `since` to `until`, which is excluded."""
    given = {"survey": survey, "since": since, "until": until}
    async with store.reading() as session:
        ((asked, started, completed),) = await session.fetch(_USE, **given)
        stopped = {at: n for at, n in await session.fetch(_STOPPED, **given) if at}
        times = await session.fetch(_TIMES, **given)
    seconds = sorted((done - begun).total_seconds() for begun, done in times if done is not None)
    return SurveyUse(asked, int(started), int(completed), stopped, tuple(seconds))
