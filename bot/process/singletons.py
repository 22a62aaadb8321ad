"""Roles that only one process may have at a time: poller, sender, scheduler."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.connection.store import Store

__all__ = ["run_singleton"]

logger = logging.getLogger(__name__)
_TRIES_EVERY = 5.0


async def run_singleton(store: Store, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` while this process has the role `name`; try again every five seconds. On SQLite it always has it."""
    while True:
        async with store.singleton(name) as seat:
            if seat.held:
                await _while_seated(seat.lost.wait, work, name)
        await asyncio.sleep(_TRIES_EVERY)


async def _while_seated(lost: Callable[[], Awaitable[object]], work: Callable[[], Awaitable[None]], name: str) -> None:
    """Run `work` until the role is lost, as when the database was restarted."""
    working, leaving = asyncio.ensure_future(work()), asyncio.ensure_future(lost())
    try:
        await asyncio.wait([working, leaving], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        logger.warning("lost the role %s to another process, or the database", name)
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)
