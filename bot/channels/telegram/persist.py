"""Doing what must be done once Telegram can be reached: again and again, ever more slowly."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import TelegramError

from bot.channels.telegram.errors import alarm_of, backoff
from bot.channels.telegram.transport_errors import ApiError
from scoring.values import Value

__all__ = ["Alarm", "Pace", "until_done"]

T = TypeVar("T")
Alarm = Callable[[str, str], None]
"""Told the name of what the operator must mend, and why, as often as it happens."""
logger = logging.getLogger(__name__)


class Pace(Value):
    """How long to wait after a failure: 1, 2, 4 … 60 seconds, each times `unit`."""

    unit: float = 1.0

    def after(self, error: TelegramError, failures: int) -> float:
        """Return the seconds; Telegram's own `retry_after` comes first."""
        asked = error.retry_after if isinstance(error, ApiError) else 0
        return self.unit * (asked or backoff(failures))


async def until_done(call: Callable[[], Awaitable[T]], about: str, alarm: Alarm, pace: Pace | None = None) -> T:
    """Repeat a call until it succeeds. What Telegram refuses raises the alarm `about`, or the one that fits better."""
    failures = 0
    while True:
        try:
            return await call()
        except TelegramError as error:
            logger.warning("Telegram, %s: %s", about, error)
            if isinstance(error, ApiError) and error.is_refusal:
                alarm(alarm_of(error) or about, str(error))
            await asyncio.sleep((pace or Pace()).after(error, failures))
            failures += 1
