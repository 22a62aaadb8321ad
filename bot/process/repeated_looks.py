"""A look that is taken again and again, with an alarm while it fails."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.process.alarms import Alarms
from config.errors import ConfigErrors
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["look_again"]


async def look_again(  # noqa: PLR0913 (each is needed, and none belongs to another)
    look: Callable[[], Awaitable[None]],
    every: float,
    alarms: Alarms,
    *,
    alarm: str,
    why: str,
    other: type[Exception] = ConfigErrors,
    pause: float = 0.0,
) -> None:
    """Run a look every so many seconds until cancelled.

    Where the database, a decision or the reading of a file of ours fails, as without free descriptors, or an `other`
    error comes, the alarm stands until a look succeeds, after a longer `pause` at the earliest; `why` says what waits.
    """
    while True:
        wait = every
        try:
            await look()
            alarms.over(alarm)
        except (*NOT_SAVED, DecisionFailed, ConfigErrors, other) as error:
            wait = max(every, pause)
            alarms.sound(alarm, f"{why}: {error}")
        await asyncio.sleep(wait)
