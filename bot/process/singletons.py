"""Roles that only one process may have at a time: poller, sender, scheduler."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.process.alarms import Alarms
from bot.process.trouble import DatabaseTrouble
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["keep_trying", "run_singleton"]

logger = logging.getLogger(__name__)
_PATIENCE = 60.0
"""Seconds for which one connection asks for the role, twice a second."""
_PAUSE = 0.5
"""Seconds before it is tried again after the role was lost."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 4.0
"""Seconds before it is tried again after the database failed, twice as long each time."""
_WORKED = 10.0
"""Seconds after which work counts as begun well, so that the next wait is a short one again."""


async def run_singleton(store: Store, name: str, work: Callable[[], Awaitable[None]], alarms: Alarms) -> None:
    """Run `work` while this process has the role `name`, which it asks for twice a second; on SQLite it always has it.

    Where the database fails, in the role or in its work, the work begins anew: see `keep_trying`.
    """

    async def take_turns() -> None:
        while True:
            async with store.singleton(name, _PATIENCE) as seat:
                if seat.held:
                    await _while_seated(seat.lost.wait, work, name)
            await asyncio.sleep(_PAUSE)

    await keep_trying(name, take_turns, alarms)


async def keep_trying(name: str, work: Callable[[], Awaitable[None]], alarms: Alarms) -> None:
    """Run `work` to its end, from its beginning wherever the database cuts it short: soon, then after longer waits.

    Each time the alarm is raised, and cleared when it has worked for a while. Raises whatever else `work` raises.
    """
    loop, wait, trouble = asyncio.get_running_loop(), _FIRST_WAIT, DatabaseTrouble(f"role.{name}", alarms)
    while True:
        begun, good = loop.time(), loop.call_later(_WORKED, trouble.over)
        try:
            return await work()
        except (*NOT_SAVED, DecisionFailed) as why:
            trouble.failed(why)
        finally:
            good.cancel()
        wait = _FIRST_WAIT if loop.time() - begun > _WORKED else min(2 * wait, _LONGEST_WAIT)
        await asyncio.sleep(wait)


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
