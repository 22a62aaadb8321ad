"""A look that is taken again and again, with an alarm while it fails."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.process.alarms import Alarms
from config.errors import ConfigErrors
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["look_again"]


async def look_again(
    look: Callable[[], Awaitable[None]], every: float, alarms: Alarms, *, alarm: str, why: str
) -> None:
    """Run a look every so many seconds until cancelled.

    Where the database, a decision or the reading of a file of ours fails, as without free descriptors, the alarm stands
    until a look succeeds; `why` says what waits meanwhile.
    """
    while True:
        try:
            await look()
            alarms.over(alarm)
        except (*NOT_SAVED, DecisionFailed, ConfigErrors) as error:
            alarms.sound(alarm, f"{why}: {error}")
        await asyncio.sleep(every)
