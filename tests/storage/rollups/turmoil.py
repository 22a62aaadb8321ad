"""Random changes of ratings, by every way in which they change: what is left must add up.

`python -m tests.storage.rollups.turmoil URL SEED NUMBER` makes them in a process of its own.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 (seeded, so that a run can be repeated)
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.session import Write
from storage.connection.store import Store
from storage.model.errors import WriteConflict
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import Customer
from storage.privacy.erasure import ErasureTask, erase
from storage.rollups.sums import add_up
from storage.schema import tables as t
from storage.schema.literals import ONE
from storage.unit_of_work.writer import Writer
from tests.storage.rollups.publishing import PERIODS, Publisher
from tests.storage.samples import NOW, save

__all__ = ["BEGUN", "DAYS", "GONE", "MORE", "SHANGHAI", "Turmoil", "turmoil"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGUN = datetime(2026, 9, 28, tzinfo=UTC)
DAYS = 36
TEAMS, AGENTS, STATIONS, TIERS = ("north", "south"), ("a1", "a2", ""), ("", "静安一站"), ("", "gold")
ITEMS = {"care": "attitude", "speed": "response_speed", "skill": "resolution"}
ENDS = (InterviewState.COMPLETED, InterviewState.RATING, InterviewState.EXPIRED)

_gone = (t.ratings.c.response, t.rated_items.c.item)
GONE = Write(
    t.ratings,
    _gone,
    lambda rows: delete(t.ratings).where(
        t.ratings.c.response == rows.c["response"],
        t.ratings.c.rated_item.in_(select(t.rated_items.c.id).where(t.rated_items.c.item == rows.c["item"])),
    ),
)
_ended = (t.interviews.c.id, t.interviews.c.state, t.interviews.c.wake_at)
ENDED = Write(
    t.interviews,
    _ended,
    lambda rows: (
        update(t.interviews)
        .where(t.interviews.c.id == rows.c["id"])
        .values(state=rows.c["state"], wake_at=rows.c["wake_at"])
    ),
)
MORE = Write(
    t.rating_rollups,
    (t.rating_rollups.c.grain,),
    lambda rows: (
        t.rating_rollups.update()
        .where(t.rating_rollups.c.grain == rows.c["grain"])
        .values(n=t.rating_rollups.c.n + ONE)
    ),
)
"""Counts one more in every sum of a grain."""


class Turmoil:
    """Ratings of closings of its own, which change at random."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store, self._random, self._seed = store, Random(seed), seed  # noqa: S311 (as above)
        self._writer = Writer(store, lambda: NOW)
        self._responses: list[RatingFact] = []
        self._ratings: dict[tuple[str, str], RatingFact] = {}
        self._customers: dict[str, str] = {}
        self._publisher = Publisher(store, self._writer, NOW)

    async def run(self, number: int) -> None:
        """Make so many changes, some of which add up what has changed, and stop the writer."""
        ways: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self._close, 20),
            (self._rate, 40),
            (self._change, 40),
            (self._end, 10),
            (self._erase, 4),
            (self._delete, 2),
            (self._fold, 4),
            (self._publish, 3),
        ]
        await self._close()
        try:
            for way in self._random.choices([way for way, _ in ways], [weight for _, weight in ways], k=number):
                await way()
            await self._publish()
            await self._publisher.intact()
        finally:
            await self._writer.stop()

    async def _close(self) -> None:
        """Close a ticket, or have somebody write of their own accord, and begin the interview."""
        name = f"{self._seed}-{len(self._responses)}"
        draw = self._random.choice
        at = BEGUN + timedelta(minutes=self._random.randrange(DAYS * 24 * 60))
        customer = Customer(f"c-{name}", name, tier=draw(TIERS))
        is_closing = self._random.random() < 0.9
        key = ("desk", name, 1) if is_closing else ("", "", 0)
        asked = Invitation(f"inv_{name}", *key, customer.id, "after_service", at, at, at, InvitationState.ASKED)
        agent = draw(AGENTS)
        asked = replace(asked, team=draw(TEAMS), agent_id=agent, agent_name=f"name of {agent}")
        asked = replace(asked, occasion="" if is_closing else name)
        interview = Interview(
            f"int_{name}", asked.id, customer.id, "telegram", name, ("after_service", 2), "zh-Hans", at, at,
            InterviewState.RATING,
        )  # fmt: skip
        visit = Closing(*key, customer.id, at, station=draw(STATIONS), tier=customer.tier, product=draw(TEAMS))
        await save(self._writer, customer, *([visit] if is_closing else []), asked, interview)
        item = "care"
        self._responses.append(
            RatingFact(*key, interview.id, item, "after_service", 2, ITEMS[item], 3, 1, 5, at, "telegram")
        )
        self._customers[customer.id] = interview.id

    async def _rate(self) -> None:
        """Rate an item, or correct it."""
        item = self._random.choice(list(ITEMS))
        fact = replace(self._random.choice(self._responses), item=item, dimension=ITEMS[item])
        await self._put(replace(fact, value=self._random.randint(1, 5)))

    async def _change(self) -> None:
        """Correct a rating, take it back, exclude it, or count it again."""
        if self._ratings:
            fact = self._random.choice(list(self._ratings.values()))
            status = self._random.choice(list(RatingStatus))
            reason = self._random.choice(list(ExclusionReason)) if status is RatingStatus.EXCLUDED else None
            await self._put(replace(fact, value=self._random.randint(1, 5), status=status, reason=reason))

    async def _put(self, fact: RatingFact) -> None:
        await save(self._writer, fact)
        self._ratings[fact.response, fact.item] = fact

    async def _delete(self) -> None:
        if self._ratings:
            key = self._random.choice(list(self._ratings))
            await self._writer.perform(lambda session, _now: session.write(GONE, [key]))
            del self._ratings[key]

    async def _end(self) -> None:
        """End an interview, or open it again."""
        one, state = self._random.choice(self._responses).response, self._random.choice(ENDS)
        wake = BEGUN if state is InterviewState.RATING else None
        await self._writer.perform(lambda session, _now: session.write(ENDED, [(one, state, wake)]))

    async def _erase(self) -> None:
        if self._customers:
            customer = self._random.choice(list(self._customers))
            gone = ErasureTask(customer, f"gone_{customer}", b"key")
            assert await erase(self._store, self._writer, gone)
            del self._customers[customer]

    async def _publish(self) -> None:
        """Publish a period, or its next revision."""
        await self._publisher.publish(self._random.choice(PERIODS))

    async def _fold(self) -> None:
        """Add up what has changed; another process may be doing it."""
        try:
            await add_up(self._writer, SHANGHAI)
        except WriteConflict:
            return


async def turmoil(url: str, seed: int, number: int) -> None:
    """Make random changes in a database."""
    async with Store.open(url) as store:
        await Turmoil(store, seed).run(number)


if __name__ == "__main__":
    asyncio.run(turmoil(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
