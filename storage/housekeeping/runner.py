"""Housekeeping: deletes what nothing needs any more, a portion a commit, and says of each portion how much went.

Rows are read outside the writer, and each portion is deleted in a transaction of its own, with what keeps its
deliveries known. So it may be cut off anywhere, and the next run goes on.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import starmap

from scoring.values import Value, replace
from storage.connection.store import Store
from storage.housekeeping.deliveries import (
    DELIVERY_PORTION,
    DoorPeriods,
    ReceivedDelivery,
    delete_deliveries,
    listed_deliveries,
)
from storage.housekeeping.messages import (
    FILE_PORTION,
    FILES_STAY,
    MESSAGE_PORTION,
    UNSENT_PORTION,
    WORDING_PORTION,
    WORDS_STAY,
    OldMessage,
    Wording,
    delete_files,
    delete_messages,
    delete_unsent,
    drop_wordings,
)
from storage.housekeeping.old_reports import (
    PUBLISHED_PORTION,
    REPORT_PORTION,
    RUN_PORTION,
    delete_published,
    delete_reports,
    delete_runs,
)
from storage.housekeeping.walk import walk
from storage.outgoing.old_events import OLD_EVENTS, delete_events
from storage.unit_of_work.writer import TransactionStep, Writer

__all__ = ["HousekeepingPeriods", "keep_house"]

logger = logging.getLogger(__name__)


class HousekeepingPeriods(Value):
    """How long rows stay: deliveries by door, messages that are over, reports, what was published, told events.

    None is for ever. `drawn` are the channels whose messages a page of the product shows, and so keeps the words of.
    """

    doors: DoorPeriods = DoorPeriods()
    messages: timedelta | None = None
    reports: timedelta | None = None
    published: timedelta | None = None
    webhooks: timedelta | None = None
    drawn: frozenset[str] = frozenset()


async def keep_house(
    store: Store,
    writer: Writer,
    periods: HousekeepingPeriods,
    now: datetime,
    goes_on: Callable[[], bool] = lambda: True,
) -> dict[str, int]:
    """Delete what is over, in portions; return the number of rows deleted by kind.

    `goes_on` is asked before each portion; where it says no, the rest is left for another run.
    """
    house = _House(store, writer, periods, now, goes_on)
    deleted = {
        "deliveries": await house.deliveries(),
        "wordings": await house.wordings(),
        "messages": await house.messages(),
        "reports": await house.reports(),
        "published": await house.published(),
        "webhooks": await house.webhooks(),
        "evidence": await house.evidence(),
        "files": await house.files(),
    }
    logger.info("housekeeping deleted %s", ", ".join(f"{kind} {count}" for kind, count in deleted.items()))
    return deleted


class _House(Value, eq=False):
    store: Store
    writer: Writer
    periods: HousekeepingPeriods
    now: datetime
    goes_on: Callable[[], bool]

    async def deliveries(self) -> int:
        async with self.store.reading() as session:
            doors = replace(self.periods.doors, listed_from=await listed_deliveries(session))
        deleted = 0
        async for rows in walk(self.store, DELIVERY_PORTION, "", self.goes_on):
            due = doors.due(starmap(ReceivedDelivery, rows), self.now)
            deleted += await self._done("deliveries", due, partial(delete_deliveries, doors, due))
        return deleted

    async def wordings(self) -> int:
        deleted = 0
        if self.periods.messages is None:
            return deleted
        async for rows in walk(self.store, WORDING_PORTION, "", self.goes_on, cutoff=self.now - WORDS_STAY):
            found = starmap(Wording, rows)
            due = [one for one in found if one.channel is not None and one.channel not in self.periods.drawn]
            deleted += await self._done("wordings", due, partial(drop_wordings, due))
        return deleted

    async def messages(self) -> int:
        deleted = 0
        if self.periods.messages is None:
            return deleted
        cutoff = self.now - self.periods.messages
        async for rows in walk(self.store, MESSAGE_PORTION, 0, self.goes_on, cutoff=cutoff):
            found = list(starmap(OldMessage, rows))
            due = [one for one in found if one.is_due]
            deleted += await self._done("messages", due, partial(delete_messages, due))
            if found[-1].created_at >= cutoff:  # what follows is younger
                break
        return deleted

    async def reports(self) -> int:
        deleted = 0
        if self.periods.reports is None:
            return deleted
        for portion, step in ((REPORT_PORTION, delete_reports), (RUN_PORTION, delete_runs)):
            async for rows in walk(self.store, portion, "", self.goes_on, cutoff=self.now - self.periods.reports):
                due = [key for (key,) in rows]
                deleted += await self._done("reports", due, partial(step, due))
        return deleted

    async def published(self) -> int:
        deleted = 0
        if self.periods.published is None:
            return deleted
        cutoff = self.now - self.periods.published
        async for rows in walk(self.store, PUBLISHED_PORTION, "", self.goes_on, cutoff=cutoff):
            due = [key for (key,) in rows]
            deleted += await self._done("published", due, partial(delete_published, due))
        return deleted

    async def webhooks(self) -> int:
        deleted = 0
        if self.periods.webhooks is None:
            return deleted
        async for rows in walk(self.store, OLD_EVENTS, "", self.goes_on, cutoff=self.now - self.periods.webhooks):
            due = [event for (event,) in rows]
            deleted += await self._done("webhooks", due, partial(delete_events, due))
        return deleted

    async def evidence(self) -> int:
        deleted = 0
        async for rows in walk(self.store, UNSENT_PORTION, "", self.goes_on, cutoff=self.now):
            due = [file for (file,) in rows]
            deleted += await self._done("evidence", due, partial(delete_unsent, due, self.now))
        return deleted

    async def files(self) -> int:
        deleted, cutoff = 0, self.now - FILES_STAY
        async for rows in walk(self.store, FILE_PORTION, "", self.goes_on, cutoff=cutoff):
            due = [hash_ for (hash_,) in rows]
            deleted += await self._done("files", due, partial(delete_files, due, cutoff))
        return deleted

    async def _done(self, kind: str, due: Sequence[object], step: TransactionStep[int]) -> int:
        deleted = await self.writer.perform(step) if due else 0
        if deleted:
            logger.info("housekeeping: %d rows of %s deleted", deleted, kind)
        return deleted
