"""Reads figures that are kept, and how often what they were computed from has changed since.

Figures are kept with the number of changes that their days had before their facts were read. While that is the
same they are what they would be if they were computed again.
"""

from asyncio import Event
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Integer, bindparam, case, cast, func, or_, select

from dialogs.interview.model import OPEN, InterviewState
from storage.connection.store import Store
from storage.dialects import among
from storage.rollups.figure_store import KeptFigures
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.figures.figure_tables import EVERY_DAY
from storage.schema.literals import ONE, ZERO, is_one_of, text_literal

__all__ = ["KeptReads"]

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)
_kept, _days, _noted = t.kept_figures.c, t.figure_days.c, t.figure_changes.c
_interview, _invitation = t.interviews.c, t.invitations.c
_MOST = 500
"""Figures that wait at most."""
_FIRST, _LAST = bindparam("first", type_=Integer()), bindparam("last", type_=Integer())
_added = select(func.coalesce(func.sum(_days.n), ZERO)).where(
    or_(_days.day.between(_FIRST, _LAST), _days.day == EVERY_DAY)
)
_waiting = select(func.count()).where(or_(_noted.day.between(_FIRST, _LAST), _noted.day == EVERY_DAY))
_SINCE = bindparam("since", type_=CompactInstant())
_placed_at = func.coalesce(_invitation.closed_at, _SINCE, type_=CompactInstant())
"""No column: interviews that go on are few, and no ask of the period has to be looked at for them."""
_going_on = (
    select(
        func.count(case((_interview.answers != text_literal("[]"), ONE))),
        func.count(case((_interview.state != text_literal(InterviewState.INVITED), ONE))),
    )
    .select_from(t.interviews.join(t.invitations, _invitation.id == _interview.invitation))
    .where(_interview.wake_at.is_not(None), is_one_of(_interview.state, *OPEN))
    .where(_placed_at >= _SINCE, _placed_at < bindparam("until", type_=CompactInstant()))
    .subquery("going_on")
)
CHANGES = select(cast(_added.scalar_subquery() + _waiting.scalar_subquery(), BigInteger), _going_on)
"""How often anything has changed; and how many interviews that go on have an answer and have begun, uncounted there."""
KEPT = select(_kept.key, _kept.changes, _kept.content).where(among("keys", _kept.key))
KNOWN = KEPT.with_only_columns(_kept.key, _kept.changes)


class KeptReads:
    """Finds what is kept; what is to be kept waits here until it is stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, KeptFigures] = {}
        self.offered = Event()

    async def changes(self, since: datetime, until: datetime) -> str:
        """Return a text that is another one after anything has changed that is placed between two moments."""
        first, last = (since - _BEGAN) // _DAY, (until - _MOMENT - _BEGAN) // _DAY
        async with self._store.reading() as session:
            (numbers,) = await session.fetch(CHANGES, first=first, last=last, since=since, until=until)
        return ".".join(str(int(number)) for number in numbers)

    async def find(self, keys: Collection[str], changes: str) -> dict[str, str]:
        """Return the content of those that are kept of so many changes, by their keys."""
        async with self._store.reading() as session:
            stored = [KeptFigures(*row) for row in await session.fetch(KEPT, keys=sorted(keys))]
        waiting = (self._waiting[key] for key in keys if key in self._waiting)
        return {one.key: one.content for one in (*stored, *waiting) if one.changes == changes}

    async def known(self, keys: Collection[str], changes: str) -> set[str]:
        """Return which of these `find` would find."""
        async with self._store.reading() as session:
            stored = dict(await session.fetch(KNOWN, keys=sorted(keys)))
        stored |= {key: self._waiting[key].changes for key in keys if key in self._waiting}
        return {key for key, counted in stored.items() if counted == changes}

    def offer(self, several: Iterable[KeptFigures]) -> None:
        """Take what is to be kept; of very much, which no process stores, the latest."""
        for one in several:
            self._waiting.pop(one.key, None)
            self._waiting[one.key] = one
        for key in list(self._waiting)[:-_MOST]:
            del self._waiting[key]
        self.offered.set()

    def waiting(self) -> list[KeptFigures]:
        """Return what waits to be stored; it is still found here."""
        self.offered.clear()
        return list(self._waiting.values())

    async def is_current(self, one: KeptFigures) -> bool:
        """Return whether nothing has changed since figures were computed."""
        return one.rests_on is None or await self.changes(*one.rests_on) == one.changes

    def settle(self, stored: Iterable[KeptFigures]) -> None:
        """Remove what is stored from what waits."""
        for one in stored:
            if self._waiting.get(one.key) == one:
                del self._waiting[one.key]
