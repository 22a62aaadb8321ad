"""Reads how a survey was answered in a period: how often each value was given, where people stopped, how long."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text, and_, bindparam, case, func, select

from dialogs.interview.model import InterviewState
from scoring.values import Value
from storage.connection.store import Store
from storage.model.fact_records import RatingStatus
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal

__all__ = ["SurveyUse", "read_survey_use"]

_SINCE, _UNTIL = bindparam("since", type_=Instant()), bindparam("until", type_=Instant())
_interview, _rating = t.interviews.c, t.ratings.c
_asked_then = and_(
    _interview.survey == bindparam("survey", type_=Text()),
    _interview.asked_at >= _SINCE,
    _interview.asked_at < _UNTIL,
)
_is_completed = is_one_of(_interview.state, InterviewState.COMPLETED)
_is_started = _interview.answers != text_literal("[]")
_COUNTS = select(
    func.count(),
    func.coalesce(func.sum(case((_is_started, 1), else_=0)), 0),
    func.coalesce(func.sum(case((_is_completed, 1), else_=0)), 0),
).where(_asked_then)
_VALUES = (
    select(_rating.item, _rating.value, func.count())
    .join(t.interviews, _interview.id == _rating.response)
    .where(_asked_then, is_one_of(_rating.status, RatingStatus.COUNTED))
    .group_by(_rating.item, _rating.value)
)
_STOPPED = (
    select(_interview.at, func.count())
    .where(_asked_then, _is_started, is_one_of(_interview.state, InterviewState.DECLINED, InterviewState.EXPIRED))
    .group_by(_interview.at)
)
_TIMES = select(_interview.asked_at, _interview.completed_at).where(_asked_then, _is_completed)


class SurveyUse(Value):
    """How a survey was answered: `values` and `stopped` by question; `seconds` from first message to end, sorted.

    `values` counts what counts; `stopped` those who began, and ended it at this question without an answer to it.
    """

    asked: int
    started: int
    completed: int
    values: Mapping[str, Mapping[int, int]]
    stopped: Mapping[str, int]
    seconds: tuple[float, ...]


async def read_survey_use(store: Store, survey: str, since: datetime, until: datetime) -> SurveyUse:
    """Return how a survey was answered by those who were asked from `since` to `until`, which is excluded."""
    given = {"survey": survey, "since": since, "until": until}
    async with store.reading() as session:
        ((asked, started, completed),) = await session.fetch(_COUNTS, **given)
        values: dict[str, dict[int, int]] = {}
        for item, value, n in await session.fetch(_VALUES, **given):
            values.setdefault(item, {})[value] = n
        stopped = {at: n for at, n in await session.fetch(_STOPPED, **given) if at}
        times = await session.fetch(_TIMES, **given)
    seconds = sorted((done - begun).total_seconds() for begun, done in times if done is not None)
    return SurveyUse(asked, int(started), int(completed), values, stopped, tuple(seconds))
