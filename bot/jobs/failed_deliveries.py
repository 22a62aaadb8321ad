"""Deliveries that are kept because they could not be decided: tried again, given up, and told as long as there are any.

Whoever tries one, this process or another, at the start or by a command: it is decided once. Its inbox row is in the
commit of the decision, which is made anew where that row has changed meanwhile (`bot/receiver.py`).
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.channels.descriptor import Connection
from bot.channels.webhooks import MalformedDelivery
from bot.handlers import failed_deliveries as decisions
from bot.handlers.common.results import Conflict, NotFound
from bot.process.alarms import FAILED_DELIVERIES, Alarms
from bot.receiver import Receiver
from scoring.values import Value
from storage.model.errors import NOT_SAVED, DecisionFailed, Unavailable
from storage.model.records import InboxRow
from storage.reads.inbox import KeptDelivery
from storage.reads.listings import Page
from storage.reads.reader import Reader
from storage.schema.literals import DESK_DOORS
from storage.unit_of_work.jobs import failure_reason
from storage.unit_of_work.writer import Decision

__all__ = ["FailedDeliveries", "Retried", "retried_of"]

logger = logging.getLogger(__name__)
_PORTION = 200
"""Deliveries that are tried at once: as many as share a commit."""


class Retried(Value):
    """What came of trying a delivery again: `why` it failed, empty where it is done.

    `closed` is the channel it came from, where that is not connected here; with `is_unsaved` nothing was saved.
    """

    id: str
    why: str = ""
    closed: str = ""
    is_unsaved: bool = False


def retried_of(kept: KeptDelivery) -> Retried:
    """Return what came of trying a delivery, as it stands now."""
    return Retried(kept.row.key, kept.row.why if kept.is_failed else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDeliveries:
    """What is done about them in this process; `connections` are its channels, which read them again.

    One call tries no further portion after `lasts` seconds, so that whoever waits for it is answered. `looks_every`:
    seconds between two looks whether another process has done or dropped the last one.
    """

    receiver: Receiver
    reader: Reader
    alarms: Alarms
    connections: Mapping[str, Connection]
    lasts: float = 3.0
    looks_every: float = 60.0

    async def retry(self, key: str, by: str) -> KeptDelivery | NotFound | Conflict:
        """Decide one again and return it as it stands then; one that is done or dropped stays as it is.

        Raises what the writer raises.
        """
        kept = await self.reader.delivery(key)
        if kept is None:
            return NotFound(f"failed delivery {key}")
        if kept.is_dropped:
            return Conflict("It was dropped, and nothing of it is kept: it cannot be decided.")
        if kept.is_failed:
            (retried,) = await self._portion([kept.row], by, raises=True)
            if retried.closed:
                return Conflict(f"It cannot be tried: {retried.why}.")
        return await self.reader.delivery(key) or NotFound(f"failed delivery {key}")

    async def retry_some(self, by: str, cursor: str | None = None) -> Page[Retried]:
        """Decide again whatever is kept behind the cursor, for a few seconds at most.

        Raises what the writer raises, and ValueError for a malformed cursor.
        """
        until = asyncio.get_running_loop().time() + self.lasts
        retried: list[Retried] = []
        while True:
            page = await self.reader.failed_deliveries(None, cursor, _PORTION)
            retried += await self._portion([kept.row for kept in page.items], by, raises=True)
            cursor = page.next
            if cursor is None or asyncio.get_running_loop().time() > until:
                return Page(tuple(retried), cursor)

    async def retry_all(self) -> None:
        """Decide again whatever is kept of channels, as at each start; what fails again stops nothing.

        Those of help desks are decided again by who serves their addresses.
        """
        cursor: str | None = None
        while True:
            page = await self.reader.failed_deliveries(None, cursor, _PORTION)
            rows = [kept.row for kept in page.items if not kept.row.door.startswith(DESK_DOORS)]
            await self._portion(rows, "", raises=False)
            cursor = page.next
            if cursor is None:
                return

    async def drop(self, key: str, by: str) -> decisions.DroppedDelivery | NotFound:
        """Drop one, see `drop_delivery`, and return that it is done."""
        needs = decisions.needs([key])
        answer = await self.receiver.do(needs, lambda context: decisions.drop_delivery(context, key, by))
        await self.look()
        return answer

    async def look(self) -> int:
        """Return how many are kept, and clear the alarm where none is."""
        count = await self.reader.count_failed_deliveries()
        if not count:
            self.alarms.mended(FAILED_DELIVERIES, "every delivery that was kept as failed is decided or dropped")
        return count

    async def watch(self) -> None:
        """Run `look` every so often while the alarm stands, until cancelled: another process may do the last one."""
        while True:
            await asyncio.sleep(self.looks_every)
            if self.alarms.since(FAILED_DELIVERIES) is not None:
                try:
                    await self.look()
                except NOT_SAVED as why:
                    logger.info("failed deliveries are counted later: %s", why)

    async def _portion(self, rows: Sequence[InboxRow], by: str, *, raises: bool) -> list[Retried]:
        """Try some at once, write down what came of it, and tell of those that failed again."""
        retried = await asyncio.gather(*map(self._again, rows))
        reasons = {one.id: one.why for one in retried if not (one.closed or one.is_unsaved)}
        if reasons:
            await self.receiver.do(
                decisions.needs(reasons), lambda context: Decision(decisions.keep_retries(context, reasons, by), None)
            )
        self._tell([one for one in retried if one.why])
        if raises and any(one.is_unsaved for one in retried):
            raise Unavailable("some could not be saved: try again")
        await self.look()
        return retried

    async def _again(self, row: InboxRow) -> Retried:
        """Decide one again, everything that it holds."""
        if row.door.startswith(DESK_DOORS):
            return Retried(
                row.key,
                f"a help desk's: it is tried again by itself; huifang deliveries --replay {row.key} does so now",
                row.door,
            )
        channel = row.door.partition(":")[0]
        connection = self.connections.get(channel)
        if connection is None or connection.read is None:
            return Retried(row.key, f"the channel {channel} is not connected here", channel)
        why = ""
        try:
            for parsed in connection.read(row.raw):
                try:
                    await self.receiver.receive_again(parsed, row, connection.bind)
                except DecisionFailed as failure:
                    why = why or str(failure)
        except MalformedDelivery as malformed:
            why = str(malformed)
        except NOT_SAVED as error:
            return Retried(row.key, f"nothing was saved: {type(error).__name__}", is_unsaved=True)
        except Exception as error:  # noqa: BLE001 - a bug of ours in one delivery must not keep the others
            why = failure_reason(error)
        return Retried(row.key, why)

    def _tell(self, failed: Sequence[Retried]) -> None:
        """Write a line for each that failed again, and raise the alarm."""
        if not failed:
            return
        for one in failed:
            logger.error("%s still cannot be decided: %s", one.id, one.why)
        closed = sorted({one.closed for one in failed if one.closed})
        where = f"; not connected here: {', '.join(closed)}" if closed else ""
        text = f"{len(failed)} deliveries could still not be decided and are kept as failed{where}"
        self.alarms.sound(FAILED_DELIVERIES, text)
