"""Pushes that the database did not take. WeChat repeats a push three times within some 20 s, and then no more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import chain, repeat
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.ports import ClearAlarm, RaiseAlarm
from storage.model.errors import NOT_SAVED, StatementRefused, Unavailable, WriteConflict

__all__ = ["UnstoredPushes"]

logger = logging.getLogger(__name__)

_ALARM = "wechat.unstored"
_MOST = 1000
"""Pushes that are held at once, of at most 64 KiB each."""
T = TypeVar("T")
Store = Callable[[], Awaitable[object]]

_STORES_AGAIN = (0.1, 0.5, 1.0, 2.0)
"""Seconds before they are stored again; the last one again and again."""


class UnstoredPushes:
    """Stores pushes, those of one sender in the order in which they came.

    What the database does not take is held in memory, not acknowledged, and stored again until it is stored. Nothing is
    stored before what is held of the same sender: an opt-out would be undone by what was said before it.
    """

    def __init__(self, alarm: RaiseAlarm, mended: ClearAlarm) -> None:
        self._alarm, self._mended = alarm, mended
        self._held: dict[str, dict[bytes, Store]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._storing: asyncio.Task[None] | None = None

    async def store(self, sender: str, raw: bytes, store: Callable[[], Awaitable[T]]) -> T:
        """Store a push by `store`, and return what that returns.

        Where it raises one of NOT_SAVED the push is held, once however often WeChat repeats it, and the same is raised.
        """
        async with self._turn(sender):
            try:
                await self._store_held(sender)
                return await store()
            except NOT_SAVED as why:
                self._hold(sender, raw, store, type(why).__name__)
                raise

    def _turn(self, sender: str) -> asyncio.Lock:
        return self._turns.setdefault(sender, asyncio.Lock())

    def _hold(self, sender: str, raw: bytes, store: Store, why: str) -> None:
        held = self._held.get(sender, {})
        if raw not in held and sum(map(len, self._held.values())) >= _MOST:
            self._alarm(_ALARM, f"{_MOST} pushes of WeChat's wait to be stored: further ones are left to WeChat")
            return
        self._held.setdefault(sender, {})[raw] = store
        self._alarm(_ALARM, f"a push of WeChat's could not be stored ({why}): it is held in memory until it can be")
        logger.warning("a push was not stored: %s", why)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.ensure_future(self._store_all())

    async def _store_all(self) -> None:
        waits = chain(_STORES_AGAIN, repeat(_STORES_AGAIN[-1]))
        try:
            while self._held:
                await asyncio.sleep(next(waits))
                await self._store_each()
            self._mended(_ALARM, "what WeChat pushed is stored, all of it")
        finally:
            if count := sum(map(len, self._held.values())):
                logger.error("%d pushes of WeChat's were not stored", count, extra={"alarm": _ALARM})

    async def _store_each(self) -> None:
        """Store what is held; where the database is away the rest waits, too."""
        for sender in list(self._held):
            try:
                async with self._turn(sender):
                    await self._store_held(sender)
            except Unavailable:
                return
            except WriteConflict:
                logger.warning("a push is still not stored: another process is first each time")

    async def _store_held(self, sender: str) -> None:
        """Store what is held of a sender, in its order; raises Unavailable and WriteConflict.

        What cannot be stored for a bug of ours stays, and does not keep the rest from being stored.
        """
        held = self._held.get(sender, {})
        for raw, store in list(held.items()):
            with suppress(StatementRefused):
                await store()
                del held[raw]
                logger.info("a push that was held is stored")
        if not held:
            self._held.pop(sender, None)
