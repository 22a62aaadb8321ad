"""Pushes that the database did not take. WeChat repeats a push three times within some 20 s, and then no more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat

from bot.ports import RaiseAlarm
from storage.model.errors import NOT_SAVED, Unavailable

__all__ = ["UnstoredPushes"]

logger = logging.getLogger(__name__)

_ALARM = "wechat.unstored"
_MOST = 1000
"""Pushes that are held at once, of at most 64 KiB each."""
_STORES_AGAIN = (0.1, 0.5, 1.0, 2.0)
"""Seconds before they are stored again; the last one again and again."""


class UnstoredPushes:
    """Holds pushes in memory, none of them acknowledged, and stores each again until it is stored."""

    def __init__(self, alarm: RaiseAlarm) -> None:
        self._alarm = alarm
        self._held: dict[bytes, Callable[[], Awaitable[object]]] = {}
        self._storing: asyncio.Task[None] | None = None

    def hold(self, raw: bytes, store: Callable[[], Awaitable[object]], why: Exception) -> None:
        """Hold a push, once however often WeChat repeats it; `store` raises one of NOT_SAVED where it has to wait."""
        if raw not in self._held and len(self._held) >= _MOST:
            self._alarm(
                _ALARM, f"{_MOST} pushes of WeChat's wait to be stored: a further one is left to its repetition"
            )
            return
        self._held[raw] = store
        kind = type(why).__name__
        self._alarm(_ALARM, f"a push of WeChat's could not be stored ({kind}): it is held in memory until it can be")
        logger.warning("a push was not stored: %s", kind)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.ensure_future(self._store_all())

    async def _store_all(self) -> None:
        waits = chain(_STORES_AGAIN, repeat(_STORES_AGAIN[-1]))
        try:
            while self._held:
                await asyncio.sleep(next(waits))
                await self._store_each()
        finally:
            if self._held:
                logger.error("%d pushes of WeChat's were not stored", len(self._held), extra={"alarm": _ALARM})

    async def _store_each(self) -> None:
        """Store what is held, in its order; where the database is away the rest waits, too."""
        for raw, store in list(self._held.items()):
            try:
                await store()
            except Unavailable:
                return
            except NOT_SAVED as why:
                logger.warning("a push is still not stored: %s", type(why).__name__)
                continue
            del self._held[raw]
            logger.info("a push that was held is stored")
