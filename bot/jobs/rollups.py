"""Keeps the sums of ratings up: adds what has changed, and makes them anew where the time zone is another one."""

import asyncio
import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from scoring.values import Value
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.rollups.figure_store import add_changes
from storage.rollups.sums import add_up, rebuild, rollup_state
from storage.unit_of_work.writer import Writer

__all__ = ["RollupJob"]

logger = logging.getLogger(__name__)
_EVERY = 15.0
"""Seconds for which changes wait: a report adds those that wait itself, so that they are few is all that counts."""


class RollupJob(Value, eq=False):
    """Adds up the ratings by the days of `zone`, which is asked each time."""

    store: Store
    writer: Writer
    zone: Callable[[], ZoneInfo]

    async def run(self) -> None:
        """Run every few seconds until cancelled; where the database fails, the next time is soon enough."""
        while True:
            try:
                await self.look()
            except NOT_SAVED as why:
                logger.warning("ratings are added up later: %s", why)
            await asyncio.sleep(_EVERY)

    async def look(self) -> None:
        """Add up what has changed, anew where the zone has. Raises what the writer raises."""
        zone = self.zone()
        async with self.store.reading() as session:
            known, _ = await rollup_state(session)
        if known != zone.key and (number := await rebuild(self.store, self.writer, zone)):
            logger.info("ratings are summed up by the %d days of %s", number, zone.key)
        await add_up(self.writer, zone)
        if not self.store.is_alone:
            await add_changes(self.writer)
