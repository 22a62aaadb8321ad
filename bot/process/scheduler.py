"""The scheduler: looks for due rows at regular intervals, and at the moment when the next one is due.

What is due is a row with a `wake_at`, never a job of APScheduler: its jobs are dropped when late, and its store cannot
be shared by processes (docs/reference/hazards.md, Time). Its two jobs, heartbeat and alarm, live in memory only, so
a restart loses nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.trouble import DatabaseTrouble
from dialogs.ids import Ref, RefKind
from storage.model.errors import NOT_SAVED, DecisionFailed, StatementRefused, WriteConflict

__all__ = ["Scheduler", "Wake"]

Wake = Callable[[Ref], Awaitable[None]]
"""Does what is due for one thing."""

logger = logging.getLogger(__name__)
_HEARTBEAT = timedelta(seconds=30)
_WATCH_EVERY = 5.0
_JUMP = 2.0
"""Seconds of difference between wall and steady clock, from one look to the next, that count as a jump."""
_AT_ONCE = 500
_DUE = "due"
_FAILED = timedelta(seconds=2)
"""The time to the next look after one that the database cut short."""
_BREATH = timedelta(seconds=1)
"""The shortest time to the next alarm: a row that cannot be processed stays due, and must not be tried in a loop."""


class Scheduler:
    """Looks for due rows every 30 seconds, and at the moment when the next one is due."""

    def __init__(  # noqa: PLR0913 (each is needed, and none belongs to another)
        self,
        due: Callable[[datetime, int], Awaitable[list[Ref]]],
        next_wake: Callable[[], Awaitable[datetime | None]],
        wake: Mapping[RefKind, Wake],
        clock: Clock,
        alarms: Alarms,
        *,
        watch_every: float = _WATCH_EVERY,
    ) -> None:
        """Query with `due` and `next_wake`; call the entry of `wake` for the kind of each row that is due.

        `alarms` are raised for what cannot be done; `watch_every`: seconds between two looks at whether the wall clock
        was set.
        """
        self._due = due
        self._next_wake = next_wake
        self._wake = wake
        self._clock = clock
        self._alarms, self._trouble = alarms, DatabaseTrouble("scheduler", alarms)
        self._watch_every = watch_every
        self._looking = asyncio.Lock()
        self._alarm_at: datetime | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    @property
    def is_running(self) -> bool:
        """Return whether this process does what is due."""
        return bool(self._scheduler.running)

    async def run(self) -> None:
        """Run until cancelled."""
        self._scheduler.add_job(self._look_unless_ended, "interval", seconds=_HEARTBEAT.total_seconds(), id="heartbeat")
        self._scheduler.start()
        drift = self._drift()  # before the first look, or a clock that is set meanwhile goes unnoticed
        try:
            await self.look()
            await self._watch(drift)
        finally:
            self._scheduler.shutdown(wait=False)

    def expect(self, at: datetime | None, not_within: timedelta = timedelta(0)) -> None:
        """Set the alarm for a row that was just written, if it is due before the present one."""
        if at is None or not self._scheduler.running:
            return
        soonest = max(at, self._clock.now() + not_within)
        if self._alarm_at is None or soonest < self._alarm_at:
            self._alarm_at = soonest
            # One look at work and one that waits for it; a job over its number is dropped for good.
            self._scheduler.add_job(
                self._look_unless_ended, "date", run_date=soonest, id="alarm", replace_existing=True, max_instances=2
            )

    async def _look_unless_ended(self) -> None:
        """Run `look` as a job: APScheduler cancels its jobs when it ends, and would log that as a failure."""
        with suppress(asyncio.CancelledError):
            await self.look()

    async def look(self) -> None:
        """Process everything that is due, and set the alarm for the next row."""
        async with self._looking:
            self._alarm_at = None
            try:
                await self._do_due()
                self.expect(await self._next_wake(), not_within=_BREATH)
                self._trouble.over()
            except (*NOT_SAVED, DecisionFailed) as why:
                logger.warning("could not look for what is due: %s", why)
                self._trouble.failed(why)
                self.expect(self._clock.now(), not_within=_FAILED)

    async def _do_due(self) -> None:
        """Process due rows in portions; stop at one that comes again, which failed and waits for the heartbeat."""
        before: list[Ref] = []
        while (found := await self._due(self._clock.now(), _AT_ONCE)) and found != before:
            await self._wake_all(found)
            before = found
        if not found:
            self._alarms.mended(_DUE, "all that was due is done")

    async def _wake_all(self, found: list[Ref]) -> None:
        """Call `wake` for all rows at once, so that one commit decides them. A failure does not affect the others."""
        done = await asyncio.gather(*(self._wake[due.kind](due) for due in found), return_exceptions=True)
        for due, outcome in zip(found, done, strict=True):
            if isinstance(outcome, DecisionFailed | WriteConflict | StatementRefused):
                self._alarms.sound(_DUE, f"could not do what was due for {due.id}: {outcome}")
            elif isinstance(outcome, BaseException):
                raise outcome

    async def _watch(self, drift: float) -> None:
        """Check again after the wall clock was set: the scheduler sleeps by the steady clock and would be late."""
        while True:
            await asyncio.sleep(self._watch_every)
            now = self._drift()
            if abs(now - drift) > _JUMP:
                logger.warning("the clock was set by %+.0f seconds; looking again", now - drift)
                self._scheduler.reschedule_job("heartbeat", trigger="interval", seconds=_HEARTBEAT.total_seconds())
                await self.look()
            drift = now

    def _drift(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
