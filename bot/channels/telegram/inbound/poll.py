"""Polling for updates: an update is confirmed to Telegram only after it is stored.

Telegram sends again what was never confirmed, and the inbox holds what was stored before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.http_client.errors import CallError
from bot.channels.http_client.remedies import backoff
from bot.channels.telegram.api.bot_api import BotApi
from bot.channels.telegram.api.errors import alarm_of
from bot.channels.telegram.api.persist import RetryDelay
from bot.channels.telegram.inbound.queues import QueuedUpdate, by_queue
from bot.channels.telegram.inbound.updates import ALLOWED_UPDATES
from bot.ports import RaiseAlarm
from storage.model.errors import DecisionFailed

__all__ = ["LONGEST_WAIT", "Poller", "Receive"]

LONGEST_WAIT = 50  # seconds; the Bot API server caps a long poll there
_MOST = 100
logger = logging.getLogger(__name__)

Receive = Callable[[bytes], Awaitable[object]]
"""Stores one raw update and returns once that is committed; after DecisionFailed it is stored, too."""


class Poller:
    """Passes every update to `receive`: those of one chat in order, those of several chats concurrently.

    When `receive` raises, the update and all after it are requested again. `wait` is the long poll in seconds.
    """

    def __init__(
        self,
        api: BotApi,
        receive: Receive,
        alarm: RaiseAlarm,
        *,
        wait: int = LONGEST_WAIT,
        delay: RetryDelay | None = None,
    ) -> None:
        self._api = api
        self._receive = receive
        self._alarm = alarm
        self._wait = wait
        self._delay = delay or RetryDelay()
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled."""
        failures = 0
        while True:
            try:
                failures = 0 if await self._round() else failures + 1
                pause = self._delay.unit * backoff(failures - 1) if failures else 0.0
            except CallError as error:
                self._report(error)
                pause = self._delay.after(error, failures)
                failures += 1
            await asyncio.sleep(pause)

    async def _round(self) -> bool:
        """Fetch what waits and pass it on; return false when some of it was not stored."""
        params: dict[str, object] = {"timeout": self._wait, "limit": _MOST, "allowed_updates": ALLOWED_UPDATES}
        params |= {"offset": self._offset} if self._offset else {}
        batch = by_queue(await self._api.call("getUpdates", params, waits=self._wait))
        if not batch.queues:
            return True
        failed = await asyncio.gather(*(self._hand_over(queue) for queue in batch.queues))
        lost = [number for number in failed if number is not None]
        self._offset = min(lost, default=max(self._offset, batch.last + 1))
        return not lost and batch.last > 0  # without a number there is no telling what was received

    async def _hand_over(self, queue: Sequence[QueuedUpdate]) -> int | None:
        """Pass one queue on in order; return the id of the update that was not stored, None where all were."""
        for update in queue:
            try:
                await self._receive(update.raw)
            except DecisionFailed:
                logger.warning("update %d is kept as failed, it will be tried again at the next start", update.id)
            except Exception:
                logger.exception("update %d was not received, it will be asked for again", update.id)
                return update.id
        return None

    def _report(self, error: CallError) -> None:
        logger.warning("polling Telegram: %s", error)
        name = alarm_of(error)
        if name:
            self._alarm(name, str(error))
