"""Reads the ratings of a period, counted, and beside them those of people who have several responses in it.

Who gave what is not in the sums. Where every count is so large that more than four times the most that one customer was
asked would fit into it, whatever figures are made of them come from five people, and it need not be known.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal_column, select

from dialogs.interview.model import FINAL
from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from scoring.scale import Scale
from scoring.values import Value
from storage.connection.session import Session
from storage.rollups.sums import count_ratings
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import EMPTY, ONE, is_one_of
from storage.schema.rating_joins import CUT_KEYS, RATED_ROWS, RATING_KEYS

__all__ = [
    "ASKS",
    "MOST_ASKED",
    "REPEATED",
    "AskedOften",
    "PeriodRatings",
    "count_with_people",
    "rating_count",
    "read_ratings",
]

_KEPT = 100
"""Periods of which the most that one customer was asked is kept."""
_KEY_NAMES = (*CUT_KEYS, "channel", "survey", "question", "dimension")
_NUMBER = len(_KEY_NAMES)
_invitation, _interview, _rating = t.invitations.c, t.interviews.c, t.ratings.c
_begin, _end = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_asked_then = and_(_invitation.closed_at >= _begin, _invitation.closed_at < _end)
_counts = _rating.standing.is_(None) & is_one_of(_interview.state, *FINAL)


def _by_customer(*columns: Any) -> Select[Any]:  # noqa: ANN401 (SQLAlchemy's)
    return select(*columns).where(_asked_then).group_by(_invitation.customer)


ASKS = select(func.count()).select_from(t.invitations).where(_asked_then)
MOST_ASKED = _by_customer(func.count()).order_by(func.count().desc()).limit(ONE)
_several = _by_customer(_invitation.customer).having(func.count() > 1)
REPEATED = (
    select(_invitation.customer, _rating.importance, *RATING_KEYS.values(), EMPTY, literal_column("1"))
    .select_from(RATED_ROWS)
    .where(_asked_then, _counts, _invitation.customer.in_(_several))
)
"""The ratings that count of customers who were asked several times in a period, with these customers."""

Row = tuple[Any, ...]


class PeriodRatings(Value):
    """The ratings of a period, and of them those that count and came from people with several responses."""

    counts: tuple[RatingCount, ...]
    repeated: tuple[RatingCount, ...] = ()


class AskedOften:
    """How often one customer was asked at most, by period; asks are never deleted, so that what was read stays true."""

    def __init__(self) -> None:
        self._known: dict[tuple[datetime, datetime], tuple[int, int]] = {}

    async def most(self, session: Session, since: datetime, until: datetime) -> int:
        """Return a number that no customer was asked more often than in a period."""
        asks = int((await session.fetch(ASKS, since=since, until=until))[0][0])
        before, most = self._known.get((since, until), (0, 0))
        if asks - before > most or asks < before:
            most = max((n for (n,) in await session.fetch(MOST_ASKED, since=since, until=until)), default=0)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[since, until], before = (asks, most), asks
        return most + asks - before


async def read_ratings(session: Session, since: datetime, until: datetime, often: AskedOften | None) -> PeriodRatings:
    """Read the ratings of closings from `since` to `until`, which is excluded, from their sums.

    Without `often` those of people with several responses are read however large the counts are.
    """
    rows, repeated = await count_with_people(session, since, until, often)
    keys = dict[Row, dict[str, str]]()
    counts = tuple(_with_keys(row, keys) for row in rows)
    return PeriodRatings(counts, tuple(_with_keys(row[2:], keys, row[1], row[0]) for row in repeated))


async def count_with_people(
    session: Session, since: datetime, until: datetime, often: AskedOften | None
) -> tuple[list[Row], list[Row]]:
    """Return both kinds as rows; none of the second where the counts are large enough."""
    rows = await count_ratings(session, since, until)
    if often is not None and _are_of_many(rows, await often.most(session, since, until)):
        return rows, []
    return rows, await session.fetch(REPEATED, since=since, until=until)


def _are_of_many(rows: Iterable[Row], most: int) -> bool:
    """Return whether all that can be told apart is of at least five people, if one was asked so often at most."""
    sizes: Counter[Row] = Counter()
    for row in rows:
        if not row[-2]:
            sizes[row[:-3]] += row[-1]
    return most <= 1 or all(n > (FEWEST_FOR_A_VALUE - 1) * most for n in sizes.values())


def _with_keys(row: Row, known: dict[Row, dict[str, str]], importance: int = 0, person: str = "") -> RatingCount:
    """Return ratings from a row; of those with the same keys all have one mapping, which is large."""
    named = row[:_NUMBER]
    if (keys := known.get(named)) is None:
        keys = known[named] = dict(zip(_KEY_NAMES, named, strict=True))
    lowest, highest, value, excluded, n = row[_NUMBER:]
    return RatingCount(keys, _scale(lowest, highest), value, n, excluded, importance, person)


def rating_count(row: Row) -> RatingCount:
    """Return ratings from the values of `RATING_KEYS`, why they do not count, and their number."""
    return _with_keys(row, {})


@cache
def _scale(lowest: int, highest: int) -> Scale:
    return Scale(lowest, highest)
