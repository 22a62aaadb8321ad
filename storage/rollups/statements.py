"""The statements by which ratings are counted: one by one, as noted changes, and as sums; all with the same columns."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal_column,
    select,
    type_coerce,
    union_all,
)

from dialogs.interview.model import OPEN
from storage.dialects import among
from storage.model.note_keys import ROLLUP_ZONE
from storage.rollups.calendar import Grain
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import EMPTY, ONE, ZERO, is_one_of, text_literal
from storage.schema.rating_joins import IS_GIVEN, RATED_ROWS, RATING_KEYS, REASON, of_ratings
from storage.schema.rollup_tables import COUNTED_BY, CUT, RATED

__all__ = [
    "CHANGED",
    "CUT_OF_RESPONSES",
    "DAY_DIFFERENCES",
    "ENDS",
    "MONTH_DIFFERENCES",
    "ONE_BY_ONE",
    "ROLLED",
    "STATE",
    "SUMMED_BY",
    "TAKEN",
]

UNFINISHED = "unfinished"
"""The reason by which a rating does not count while its interview goes on."""
CHANGED = ("rated_item", "value", "reason")
"""What a change is of, besides its response."""
SUMMED_BY = (*CUT, *CHANGED)
"""What `COUNTED_BY` says, with the number of an item instead of what it is."""

_invitation, _interview, _rating = t.invitations.c, t.interviews.c, t.ratings.c
_sums, _deltas, _item, _cut = t.rating_rollups.c, t.rating_deltas.c, t.rated_items.c, t.rating_cuts.c

Columns = Iterable[ColumnElement[Any]]


def _moment(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=CompactInstant())


def _within(column: ColumnElement[Any], since: str, until: str) -> ColumnElement[bool]:
    return and_(column >= _moment(since), column < _moment(until))


_asked = func.coalesce(_invitation.closed_at, _moment("since"), type_=CompactInstant())
"""The moment of an ask, and no column: else all asks of a period would be looked through by its index."""


# -- one by one ---------------------------------------------------------------------------------------------------


def _rated(
    names: Iterable[str], reason: ColumnElement[Any], *conditions: ColumnElement[bool], n: ColumnElement[Any] = ONE
) -> Select[Any]:
    """Return a row for each rating."""
    known = {**RATING_KEYS, "rated_item": _rating.rated_item, "reason": type_coerce(reason, Text)}
    columns = (known[name].label(name) for name in names)
    return select(*columns, n.label("n")).select_from(RATED_ROWS).where(IS_GIVEN, *conditions)


_is_open = and_(_interview.wake_at.is_not(None), is_one_of(_interview.state, *OPEN))
_while_open = case((is_one_of(_interview.state, *OPEN), text_literal(UNFINISHED)), else_=EMPTY)
_as_counted = func.coalesce(_rating.standing, _while_open)


def _summed(rows: Subquery) -> Select[Any]:
    keys = [rows.c[name] for name in COUNTED_BY]
    return select(*keys, cast(func.sum(rows.c.n), BigInteger).label("n")).group_by(*keys)


_of_period = _within(_invitation.closed_at, "since", "until")
ONE_BY_ONE = _summed(_rated(COUNTED_BY, _as_counted, _of_period).subquery("rated"))
"""The ratings of a period, counted one by one."""

# -- noted changes ------------------------------------------------------------------------------------------------

_CHANGES = of_ratings(
    t.rating_deltas,
    (t.interviews, _interview.id == func.coalesce(_deltas.response, EMPTY)),
    (t.invitations, _invitation.id == func.coalesce(_interview.invitation, EMPTY)),
    (t.rated_items, _item.id == _deltas.rated_item),
)
"""They are few, and all else is found by them: no index has what `coalesce` gives."""
_of_changes = {
    **RATING_KEYS,
    "tier": func.coalesce(_deltas.tier, RATING_KEYS["tier"]),
    **{name: _deltas[name] for name in CHANGED},
}


def _noted(names: Iterable[str], since: str, until: str) -> Select[Any]:
    """Return every change, as one of nobody where it is outside: a condition would have asks looked through for it."""
    columns = (_of_changes[name].label(name) for name in names)
    n = case((_within(_invitation.closed_at, since, until), _deltas.n), else_=ZERO)
    return select(*columns, n.label("n")).select_from(_CHANGES)


_first_noted = select(_deltas.seq).order_by(_deltas.seq).limit(bindparam("limit", type_=Integer()))
TAKEN = (
    delete(t.rating_deltas)
    .where(_deltas.seq.in_(_first_noted))
    .returning(_deltas.response, _deltas.tier, *(_deltas[name] for name in CHANGED), _deltas.n)
)
"""Takes the first changes that are not added up yet."""
CUT_OF_RESPONSES = (
    select(_interview.id, _invitation.closed_at, *(RATING_KEYS[name] for name in CUT))
    .select_from(of_ratings(t.interviews, (t.invitations, _invitation.id == _interview.invitation)))
    .where(among("responses", _interview.id))
)
"""The moment by which a response's ratings are placed, and what they are cut by: looked up once for all of them.

To be read after their changes were taken: a tier that changes later waits for who has taken them, and one that changed
before stands in them.
"""

# -- sums ---------------------------------------------------------------------------------------------------------


def _named(sums: Any, *names: str) -> Select[Any]:  # noqa: ANN401 (a table, or a subquery)
    """Return sums with the words that their numbers stand for."""
    known = {**{name: _cut[name] for name in CUT}, **{name: _item[name] for name in RATED}}
    columns = (known.get(name, sums.c.get(name)).label(name) for name in (*names, "n"))
    joined = sums.join(t.rating_cuts, _cut.id == sums.c.cut).join(t.rated_items, _item.id == sums.c.rated_item)
    return select(*columns).select_from(joined)


def _is_of(grain: Grain, since: str, until: str) -> ColumnElement[bool]:
    return and_(_sums.grain == text_literal(grain), _within(_sums.begins, since, until))


def _of_grain(names: Iterable[str], grain: Grain, since: str, until: str) -> Select[Any]:
    return _named(t.rating_rollups, *names).where(_is_of(grain, since, until))


def _over_days(name: str, since: str, until: str) -> Select[Any]:
    """Return the sums over days, added up before their words are looked up."""
    keys = (_sums.cut, _sums.rated_item, _sums.value, _sums.reason)
    n = cast(func.sum(_sums.n), BigInteger).label("n")
    return _named(select(*keys, n).where(_is_of(Grain.DAY, since, until)).group_by(*keys).subquery(name), *COUNTED_BY)


_counts_yet = (_is_open, _rating.standing.is_(None), _within(_asked, "days_from", "days_until"))
ROLLED = union_all(
    _of_grain(COUNTED_BY, Grain.MONTH, "months_from", "months_until"),
    _over_days("before", "days_from", "months_from"),
    _over_days("after", "months_until", "days_until"),
    _noted(COUNTED_BY, "days_from", "days_until"),
    _rated(COUNTED_BY, EMPTY, *_counts_yet, n=literal_column("-1")),
    _rated(COUNTED_BY, text_literal(UNFINISHED), *_counts_yet),
    _rated(COUNTED_BY, _as_counted, _within(_invitation.closed_at, "since", "days_from")),
    _rated(COUNTED_BY, _as_counted, _within(_invitation.closed_at, "days_until", "until")),
)
"""Rows that add up to the same, from the sums of the whole months and days (`WholeDays`): one statement, of one moment.

Changes that are not added up yet come with them. Interviews that go on are few, and found by their next moment: what
they hold is in the sums as if they were over. The ends of the period that are no whole days are counted one by one.
The same keys come several times: adding them up here, in seventeen columns, takes longer than all the rest.
"""

# -- differences --------------------------------------------------------------------------------------------------


def _differences(counted: Any, summed: Any) -> Select[Any]:  # noqa: ANN401 (SQLAlchemy's)
    """Return by what two counts differ, with both, and what the item is."""
    ones, others = counted.subquery("counted"), summed.subquery("summed")
    both = union_all(
        select(*(ones.c[name] for name in SUMMED_BY), ones.c.n.label("n"), ZERO.label("other")),
        select(*(others.c[name] for name in SUMMED_BY), ZERO, others.c.n),
    ).subquery("both")
    keys = [both.c[name] for name in SUMMED_BY]
    n, other = (cast(func.sum(column), BigInteger) for column in (both.c.n, both.c.other))
    grouped = select(*keys, n.label("n"), other.label("other")).group_by(*keys)
    differing = grouped.having(func.sum(both.c.n) != func.sum(both.c.other)).subquery("differing")
    told = [differing.c[name] for name in (*SUMMED_BY, "n", "other")]
    found = differing.join(t.rated_items, _item.id == differing.c.rated_item)
    return select(*told, *(_item[name] for name in RATED)).select_from(found).order_by(*told)


_since_until = ("since", "until")
DAY_DIFFERENCES = _differences(
    _rated(SUMMED_BY, REASON, _of_period),
    union_all(_of_grain(SUMMED_BY, Grain.DAY, *_since_until), _noted(SUMMED_BY, *_since_until)),
)
"""Where the ratings of a day, and the sums of that day with the changes that are not added up yet, differ."""
MONTH_DIFFERENCES = _differences(
    _of_grain(SUMMED_BY, Grain.DAY, *_since_until), _of_grain(SUMMED_BY, Grain.MONTH, *_since_until)
)
"""Where the sums of a month, and those of its days, differ."""


def _ends(column: Any, *conditions: ColumnElement[bool]) -> Iterator[Select[Any]]:  # noqa: ANN401 (as above)
    for order in (column, column.desc()):
        yield select(column).where(*conditions).order_by(order).limit(ONE)


ENDS = (
    *_ends(_invitation.closed_at),
    *(end for grain in Grain for end in _ends(_sums.begins, _sums.grain == text_literal(grain))),
)
"""The first and the last moment of what is counted, and of what it is counted by."""

STATE = select(t.notes.c.value, t.notes.c.version).where(t.notes.c.key == text_literal(ROLLUP_ZONE))
"""The zone by whose days is summed up, and the state's version."""
