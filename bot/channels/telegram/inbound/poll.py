"""Polling for updates: an update is confirmed to Telegram only after it was received for good.

Telegram keeps the offset: it gives again what was never confirmed, and the inbox knows what it has had.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.http_client.errors import CallError
from bot.channels.http_client.remedies import backoff
from bot.channels.telegram.api.bot_api import BotApi
from bot.channels.telegram.api.errors import alarm_of
from bot.channels.telegram.api.persist import RetryDelay
from bot.channels.telegram.inbound.queues import Waiting, by_queue
from bot.channels.telegram.inbound.updates import ALLOWED_UPDATES
from bot.ports import RaiseAlarm
from storage.model.errors import DecisionFailed

__all__ = ["LONGEST_WAIT", "Poller", "Receive"]

LONGEST_WAIT = 50  # seconds; the Bot API server caps a long poll there
_MOST = 100
_KINDS = json.dumps(ALLOWED_UPDATES)
logger = logging.getLogger(__name__)

Receive = Callable[[bytes], Awaitable[object]]
"""Takes one raw update and returns once it is committed; DecisionFailed too means that it is kept."""


class Poller:
    """Hands every update to `receive`: one chat's in order, different chats' at the same time.

    When `receive` raises, the update and all after it are asked for again. `wait` is the long poll in seconds.
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
        """Fetch what waits and hand it over; false when some of it was not received."""
        form = {"timeout": str(self._wait), "limit": str(_MOST), "allowed_updates": _KINDS}
        form |= {"offset": str(self._offset)} if self._offset else {}
        batch = by_queue(await self._api.call("getUpdates", form, waits=self._wait))
        if not batch.queues:
            return True
        failed = await asyncio.gather(*(self._hand_over(queue) for queue in batch.queues))
        lost = [number for number in failed if number is not None]
        self._offset = min(lost, default=batch.last + 1)
        return not lost

    async def _hand_over(self, queue: Sequence[Waiting]) -> int | None:
        """Hand over one queue in order; gives the id of the update that was not received, if any."""
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
