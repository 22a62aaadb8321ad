"""Deliveries of help desks that failed by a mistake of ours are decided again by themselves, ever more seldom."""

import asyncio
import logging

from bot.handlers.common.results import Conflict, NotFound
from bot.http.context import Desks
from bot.http.helpdesks.desk_replay import replay_delivery
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.process.alarms import FAILED_DELIVERIES, Alarms
from scoring.values import Value
from storage.model.errors import NOT_SAVED
from storage.schema.literals import DESK_DOORS
from storage.unit_of_work.jobs import failure_reason

__all__ = ["DeskRetries"]

logger = logging.getLogger(__name__)

_FIRST, _LONGEST = 60.0, 6 * 3600.0
"""Seconds to the next look: twice as many after each by which something failed again."""
_PORTION = 200
_BY = "retry"


class DeskRetries(Value, eq=False):
    """Decides them again: at the start, which a mended version begins with, and then as long as any is kept."""

    desks: Desks
    failed: FailedDeliveries
    alarms: Alarms

    async def run(self) -> None:
        """Run until cancelled."""
        wait = _FIRST
        while True:
            try:
                wait = min(wait * 2, _LONGEST) if await self.look() else _FIRST
            except NOT_SAVED as why:
                logger.info("failed deliveries of help desks are decided again later: %s", why)
            await asyncio.sleep(wait)

    async def look(self) -> int:
        """Decide each once more; return how many failed again. Raises what the writer raises."""
        found, still, cursor = 0, 0, None
        while True:
            page = await self.desks.reader.failed_deliveries(None, cursor, _PORTION)
            for kept in page.items:
                if kept.row.door.startswith(DESK_DOORS):
                    found += 1
                    still += not await self._again(kept.row.key)
            cursor = page.next
            if cursor is None:
                break
        if still:
            text = f"{still} deliveries of help desks could still not be decided; `huifang deliveries` says why"
            self.alarms.sound(FAILED_DELIVERIES, f"{text}, and they are tried again")
        elif found:
            await self.failed.look()
        return still

    async def _again(self, key: str) -> bool:
        """Return whether it could be decided; one that has no content any more never can."""
        try:
            told = await replay_delivery(self.desks, key, _BY)
        except NOT_SAVED:
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours in one delivery must not keep the others
            logger.error("%s still cannot be decided: %s", key, failure_reason(error))  # noqa: TRY400 (a trace quotes it)
            return False
        if isinstance(told, NotFound | Conflict):
            logger.error("%s cannot be decided again: %s", key, told)
            return False
        logger.info("%s is decided: %s %s", key, told.outcome, told.reason)
        return True
