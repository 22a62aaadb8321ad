"""Operator alarms: one line in the log, one message to the team, a line in /readyz; not repeated within the hour."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

from bot.ports import Clock
from scoring.values import Value

__all__ = ["ActiveAlarm", "Alarms"]

logger = logging.getLogger(__name__)
_HOUR = timedelta(hours=1)


class ActiveAlarm(Value):
    """What is wrong, since when, and when it was seen last."""

    name: str
    text: str
    since: datetime
    seen: datetime


Tell = Callable[[ActiveAlarm], Coroutine[None, None, None]]


class Alarms:
    """The operator alarms that stand. `tell` sends one to the team's chats; where it fails, the log line remains."""

    def __init__(self, clock: Clock, tell: Tell | None = None) -> None:
        self._clock = clock
        self._tell = tell
        self._standing: dict[str, ActiveAlarm] = {}
        self._told: dict[str, datetime] = {}
        self._telling: set[asyncio.Task[None]] = set()

    def sound(self, name: str, text: str) -> None:
        """Raise an alarm: `name` is short and stable, `text` says what to fix."""
        now = self._clock.now()
        before = self._standing.get(name)
        alarm = ActiveAlarm(name, text, before.since if before else now, now)
        self._standing[name] = alarm
        if self._told.get(name, now - _HOUR) > now - _HOUR:
            return
        self._told[name] = now
        logger.error("%s", text, extra={"alarm": name})
        if self._tell is not None:
            task = asyncio.ensure_future(self._tell(alarm))
            self._telling.add(task)
            task.add_done_callback(self._told_or_not)

    def _told_or_not(self, task: asyncio.Task[None]) -> None:
        self._telling.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("an alarm did not reach the team chats: %s", type(error).__name__)

    def over(self, name: str) -> None:
        """Clear an alarm."""
        self._standing.pop(name, None)

    def standing(self) -> list[ActiveAlarm]:
        """Return the alarms of the last hour."""
        recent = self._clock.now() - _HOUR
        return [alarm for alarm in self._standing.values() if alarm.seen > recent]
