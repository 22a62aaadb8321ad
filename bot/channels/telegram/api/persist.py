"""Repeats a call until Telegram carries it out, waiting longer after each failure."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.channels.http_client.errors import CallError
from bot.channels.telegram.api.errors import BotApiError, alarm_of, retry_after
from bot.channels.telegram.api.typed_bot import typed_call
from bot.ports import RaiseAlarm
from scoring.values import Value

__all__ = ["RetryDelay", "until_done"]

T = TypeVar("T")
logger = logging.getLogger(__name__)


class RetryDelay(Value):
    """How long to wait after a failure: 1, 2, 4 … 60 seconds, each times `unit`."""

    unit: float = 1.0

    def after(self, error: CallError, failures: int) -> float:
        """Return the seconds; Telegram's own `retry_after` comes first."""
        return self.unit * retry_after(error, failures)


async def until_done(
    call: Callable[[], Awaitable[T]], about: str, alarm: RaiseAlarm, delay: RetryDelay | None = None
) -> T:
    """Return the result of a call, repeated until it succeeds.

    What Telegram refuses raises the alarm `about`, or the one that fits its code better.
    """
    failures = 0
    while True:
        try:
            return await typed_call(call())
        except CallError as error:
            logger.warning("Telegram, %s: %s", about, error)
            if isinstance(error, BotApiError) and error.is_refusal:
                alarm(alarm_of(error) or about, str(error))
            await asyncio.sleep((delay or RetryDelay()).after(error, failures))
            failures += 1
