"""Operator alarms: one line in the log, one message to the team, a line in /readyz; not repeated within the hour.

What was told to be over and comes again is a new alarm.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime

from bot.ports import Clock
from bot.process.logs import redact
from scoring.values import Value, replace
from storage.model.errors import NOT_SAVED

__all__ = ["DATABASE", "DECISIONS", "FAILED_DELIVERIES", "PROCESSES", "ActiveAlarm", "Alarms", "log_alarm"]

DATABASE = "database"
"""The alarm for a database that cannot be used."""

FAILED_DELIVERIES = "inbox"
"""The alarm for deliveries that are kept because they could not be decided."""

DECISIONS = "decisions"
"""The alarm for a decision that failed, of which the caller has been told and nothing is kept."""

PROCESSES = "processes"
"""The alarm for a process of its own that came to no answer, of which whoever asked has been told."""

logger = logging.getLogger(__name__)
_HOUR = 3600.0
"""Seconds of the steady clock: the wall clock itself may be what is wrong."""
_RETURNS = 300.0
"""Seconds from one telling to the next, at least, of what comes and goes."""
_TELLS_AGAIN = 2.0
"""Seconds after which the team's chats are told again, where the database was away that carries the message."""


def log_alarm(name: str, text: str) -> None:
    """Log an alarm, where nobody else can be told of it yet."""
    logger.error("%s", text, extra={"alarm": name})


class ActiveAlarm(Value):
    """What is wrong, since when, and when it was seen last; or that it is over. `about` is the name of what it is."""

    name: str
    text: str
    since: datetime
    seen: datetime
    is_over: bool = False
    about: str = ""


Tell = Callable[[ActiveAlarm], Coroutine[None, None, None]]


class Alarms:
    """The operator alarms that stand. `tell` sends one to the team's chats; where it fails, the log line remains.

    While the database is away, what is to be told waits in memory.
    """

    def __init__(
        self,
        clock: Clock,
        tell: Tell | None = None,
        *,
        clean: Callable[[str], str] = redact,
        tells_again: float = _TELLS_AGAIN,
        returns: float = _RETURNS,
    ) -> None:
        """Start with none. `clean` takes secrets out of texts, which often quote what a platform has answered.

        `tells_again`: seconds before another try where the database could not carry a message; `returns`: from one
        telling to the next of what comes and goes.
        """
        self._clock = clock
        self._tell = tell
        self._clean = clean
        self._tells_again = tells_again
        self._returns = returns
        self._standing: dict[str, ActiveAlarm] = {}
        self._seen: dict[str, float] = {}
        self._quiet_until: dict[str, float] = {}
        self._announced: set[str] = set()
        self._returned: dict[str, asyncio.TimerHandle] = {}
        self._unsaid: deque[ActiveAlarm] = deque()
        self._saying: asyncio.Task[None] | None = None
        self._is_held_up = False

    def sound(self, name: str, text: str, about: str = "") -> None:
        """Raise an alarm: `name` is short and stable, `text` says what to fix; the team is told the name in `about`."""
        now, moment = self._clock.now(), self._clock.monotonic()
        before, text = self._standing.get(name), self._clean(text)
        alarm = ActiveAlarm(name, text, before.since if before else now, now, about=about)
        self._standing[name], self._seen[name] = alarm, moment
        quiet = self._quiet_until.get(name, moment) - moment
        if quiet <= 0:
            self._announce(alarm)
        elif name not in self._announced and name not in self._returned:
            self._returned[name] = asyncio.get_running_loop().call_later(quiet, self._announce_returned, name)

    def _announce(self, alarm: ActiveAlarm) -> None:
        self._quiet_until[alarm.name] = self._clock.monotonic() + _HOUR
        logger.error("%s", alarm.text, extra={"alarm": alarm.name})
        self._announced.add(alarm.name)
        self._say(alarm)

    def _announce_returned(self, name: str) -> None:
        """Report an alarm that came back too soon to be told, and still stands: nobody may raise it once more."""
        del self._returned[name]
        if name in self._standing and name not in self._announced:
            self._announce(self._standing[name])

    def mended(self, name: str, text: str) -> None:
        """Clear an alarm that stands, and say so wherever it was told."""
        before = self._standing.pop(name, None)
        if before is None:
            return
        logger.info("%s", text)
        if name in self._announced:
            self._announced.discard(name)
            self._quiet_until[name] += self._returns - _HOUR
            self._say(replace(before, text=text, seen=self._clock.now(), is_over=True))

    def _say(self, alarm: ActiveAlarm) -> None:
        """Queue a message to the team's chats."""
        if self._tell is None or (self._is_held_up and self._is_said_by_others(alarm)):
            return
        self._unsaid.append(alarm)
        if self._saying is None or self._saying.done():
            self._saying = asyncio.ensure_future(self._say_all(self._tell))

    def _is_said_by_others(self, alarm: ActiveAlarm) -> bool:
        """Return whether what waits about the same thing says as much; what is raised again is not over."""
        waiting = [one for one in self._unsaid if one.name == alarm.name]
        if len(waiting) > 1 and waiting[-1].is_over and not alarm.is_over:
            self._unsaid.remove(waiting.pop())
        return bool(waiting) and waiting[-1].is_over == alarm.is_over

    async def _say_all(self, tell: Tell) -> None:
        while self._unsaid:
            try:
                await tell(self._unsaid[0])
            except NOT_SAVED:
                self._is_held_up = True
                await asyncio.sleep(self._tells_again)
                continue
            except Exception as error:  # noqa: BLE001 - an alarm must not raise another problem
                logger.warning("an alarm did not reach the team chats: %s", type(error).__name__)
            self._is_held_up = False
            self._unsaid.popleft()

    def over(self, name: str) -> None:
        """Clear an alarm."""
        self._standing.pop(name, None)

    def since(self, name: str) -> datetime | None:
        """Return when an alarm was raised that is not over, None where there is none."""
        return self._standing[name].since if name in self._standing else None

    def standing(self) -> list[ActiveAlarm]:
        """Return the alarms of the last hour."""
        recent = self._clock.monotonic() - _HOUR
        return [alarm for name, alarm in self._standing.items() if self._seen[name] > recent]
