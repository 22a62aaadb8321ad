"""The statements by which ratings are counted: one by one, as noted changes, and as sums; all with the same columns."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
    union_all,
)

from dialogs.interview.model import OPEN
from storage.model.fact_records import RatingStatus
from storage.model.note_keys import ROLLUP_ZONE
from storage.rollups.calendar import Grain
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, ONE, ZERO, is_one_of, text_literal
from storage.schema.rollup_tables import COUNTED_BY

__all__ = ["DAY_DIFFERENCES", "ENDS", "MONTH_DIFFERENCES", "RATED", "ROLLED", "STATE"]

UNFINISHED = "unfinished"
"""The reason by which a rating does not count while its interview goes on."""

_invitation, _interview, _rating, _closing = t.invitations.c, t.interviews.c, t.ratings.c, t.closings.c
_sums, _deltas = t.rating_rollups.c, t.rating_deltas.c


def _moment(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Instant())


def _within(column: ColumnElement[Any], since: str, until: str) -> ColumnElement[bool]:
    return and_(column >= _moment(since), column < _moment(until))


def _rated(reason: ColumnElement[Any], *conditions: ColumnElement[bool], n: ColumnElement[Any] = ONE) -> Select[Any]:
    """Return a row for each rating, the asks of a period first: by their moments the ratings are found."""
    agent = case((_invitation.agent_id != EMPTY, _invitation.agent_id), else_=_invitation.agent_name)
    known = {"team": _invitation.team, "agent": agent, "reason": type_coerce(reason, Text)}
    of_closings = {name: func.coalesce(_closing[name], EMPTY) for name in COUNTED_BY if name in t.closings.c}
    of_ratings = {name: _rating[name] for name in COUNTED_BY if name in t.ratings.c}
    known = of_closings | of_ratings | known
    return (
        select(*(known[name].label(name) for name in COUNTED_BY), n.label("n"))
        .select_from(t.invitations)
        .join(t.interviews, _interview.invitation == _invitation.id)
        .join(
            t.ratings,
            and_(
                _rating.source == _invitation.source,
                _rating.ticket == _invitation.ticket,
                _rating.closing == _invitation.closing,
                _rating.response == _interview.id,
            ),
        )
        .outerjoin(
            t.closings,
            and_(
                _closing.source == _invitation.source,
                _closing.ticket == _invitation.ticket,
                _closing.number == _invitation.closing,
            ),
        )
        .where(_rating.status != text_literal(RatingStatus.UNDONE), *conditions)
    )


def _summed(rows: Subquery | Any, *conditions: ColumnElement[bool]) -> Select[Any]:  # noqa: ANN401 (or a table)
    keys = [rows.c[name] for name in COUNTED_BY]
    n = cast(func.sum(rows.c.n), BigInteger)
    return select(*keys, n.label("n")).where(*conditions).group_by(*keys)


_as_stored = func.coalesce(_rating.reason, EMPTY)
_is_open = and_(_interview.wake_at.is_not(None), is_one_of(_interview.state, *OPEN))
_while_open = case((is_one_of(_interview.state, *OPEN), text_literal(UNFINISHED)), else_=EMPTY)
_as_counted = func.coalesce(_rating.reason, _while_open)

RATED = _summed(_rated(_as_counted, _within(_invitation.closed_at, "since", "until")).subquery("rated"))
"""The ratings of a period, counted one by one."""


def _of_grain(grain: Grain, since: str, until: str) -> Select[Any]:
    columns = [_sums[name] for name in (*COUNTED_BY, "n")]
    return select(*columns).where(_sums.grain == text_literal(grain), _within(_sums.begins, since, until))


def _over_days(since: str, until: str) -> Select[Any]:
    """Return the sums over days, by the hash of their keys, which is one column instead of all."""
    columns = (func.min(_sums[name]).label(name) for name in COUNTED_BY)
    is_within = (_sums.grain == text_literal(Grain.DAY), _within(_sums.begins, since, until))
    n = cast(func.sum(_sums.n), BigInteger).label("n")
    return select(*columns, n).where(*is_within).group_by(_sums.key)


def _noted(since: str, until: str) -> Select[Any]:
    return select(*(_deltas[name] for name in (*COUNTED_BY, "n"))).where(_within(_deltas.placed_at, since, until))


_asked = func.coalesce(_invitation.closed_at, _moment("since"), type_=Instant())
_counts_yet = (
    _is_open,
    _rating.reason.is_(None),
    _asked >= _moment("days_from"),  # no column, else all asks of the period would be looked through by its index
    _asked < _moment("days_until"),
)
ROLLED = union_all(
    _of_grain(Grain.MONTH, "months_from", "months_until"),
    _over_days("days_from", "months_from"),
    _over_days("months_until", "days_until"),
    _noted("days_from", "days_until"),
    _rated(EMPTY, *_counts_yet, n=literal_column("-1")),
    _rated(text_literal(UNFINISHED), *_counts_yet),
    _rated(_as_counted, _within(_invitation.closed_at, "since", "days_from")),
    _rated(_as_counted, _within(_invitation.closed_at, "days_until", "until")),
)
"""Rows that add up to the same, from the sums of the whole months and days (`WholeDays`): one statement, of one moment.

Changes that are not added up yet come with them. Interviews that go on are few, and found by their next moment: what
they hold is in the sums as if they were over. The ends of the period that are no whole days are counted one by one.
The same keys come several times: adding them up here, in sixteen columns, takes longer than all the rest.
"""


def _differences(counted: Any, summed: Any) -> Select[Any]:  # noqa: ANN401 (SQLAlchemy's)
    """Return the keys of which two counts differ, with both."""
    ones, others = counted.subquery("counted"), summed.subquery("summed")
    columns = [ones.c[name] for name in COUNTED_BY]
    both = union_all(
        select(*columns, ones.c.n.label("n"), ZERO.label("other")),
        select(*(others.c[name] for name in COUNTED_BY), ZERO, others.c.n),
    ).subquery("both")
    keys = [both.c[name] for name in COUNTED_BY]
    counts = [cast(func.sum(column), BigInteger) for column in (both.c.n, both.c.other)]
    return select(*keys, *counts).group_by(*keys).having(func.sum(both.c.n) != func.sum(both.c.other)).order_by(*keys)


_since_until = ("since", "until")
DAY_DIFFERENCES = _differences(
    _rated(_as_stored, _within(_invitation.closed_at, *_since_until)),
    union_all(_of_grain(Grain.DAY, *_since_until), _noted(*_since_until)),
)
"""Where the ratings of a day, and the sums of that day with the changes that are not added up yet, differ."""
MONTH_DIFFERENCES = _differences(_of_grain(Grain.DAY, *_since_until), _of_grain(Grain.MONTH, *_since_until))
"""Where the sums of a month, and those of its days, differ."""


def _ends(column: Any, *conditions: ColumnElement[bool]) -> Iterator[Select[Any]]:  # noqa: ANN401 (as above)
    for order in (column, column.desc()):
        yield select(column).where(*conditions).order_by(order).limit(ONE)


ENDS = (
    *_ends(_invitation.closed_at),
    *(end for grain in Grain for end in _ends(_sums.begins, _sums.grain == text_literal(grain))),
    *_ends(_deltas.placed_at),
)
"""The first and the last moment of what is counted, and of what it is counted by."""

STATE = select(t.notes.c.value, t.notes.c.version).where(t.notes.c.key == text_literal(ROLLUP_ZONE))
"""The zone by whose days is summed up, and the state's version."""
