"""A look that is taken again and again, with an alarm while it fails."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.process.alarms import Alarms
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["look_again"]


async def look_again(
    look: Callable[[], Awaitable[None]], every: float, alarms: Alarms, *, alarm: str, why: str
) -> None:
    """Run a look every so many seconds until cancelled.

    Where the database or a decision fails, the alarm stands until a look succeeds; `why` says what waits meanwhile.
    """
    while True:
        try:
            await look()
            alarms.over(alarm)
        except (*NOT_SAVED, DecisionFailed) as error:
            alarms.sound(alarm, f"{why}: {error}")
        await asyncio.sleep(every)
