"""The process's clock: the machine's, watched beside the steady one, corroborated by what others say of the time.

`TrustedClock` is what the product asks for the time; `ClockWatch` looks every five seconds whether it was set, keeps
what is known in the database every thirty, and raises the alarm `clock` where the wall clock is contradicted.
"""

import asyncio
import itertools
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.process.alarms import DATABASE, DECISIONS, Alarms
from bot.process.trusted_time import (
    ClockReading,
    StoredTime,
    Timekeeping,
    agree,
    attest,
    complaint_of,
    doubt_of,
    look,
    replaces,
    time_at_start,
    time_of,
)
from dialogs.time.doubt import Doubt
from scoring.values import Value
from storage.model.errors import NOT_SAVED, DecisionFailed, Unavailable
from storage.model.note_keys import KNOWN_TIME
from storage.model.records import Note
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["ClockWatch", "TrustedClock", "load_time", "stored_time"]

logger = logging.getLogger(__name__)
_LOOKS_EVERY = 5.0
_KEEPS_EVERY_TURN = 6
_LISTENS_EVERY = timedelta(seconds=5)
"""The shortest time between two `Date` headers that are read."""


class TrustedClock:
    """The time, as `bot.ports.Clock` asks for it."""

    def __init__(self, read: Callable[[], ClockReading], monotonic: Callable[[], float]) -> None:
        """Take the machine's clocks: `read` gives wall and steady clock, `monotonic` is the event loop's."""
        self._read = read
        self._monotonic = monotonic
        self._time = time_at_start(read(), None)
        self._told_at: timedelta | None = None

    def now(self) -> datetime:
        """Return the instant, UTC: the wall clock's, but never behind the last time known."""
        return time_of(self._time, self._read())

    def monotonic(self) -> float:
        """Return seconds that only go forward."""
        return self._monotonic()

    def doubt(self) -> Doubt | None:
        """Return which moments are unknown to have passed; None while the time is corroborated."""
        return doubt_of(self._time, self._read())

    def wall(self, moment: datetime) -> datetime:
        """Return what the wall clock will show at this moment; another time only where it is behind."""
        reading = self._read()
        return moment + (reading.wall - time_of(self._time, reading))

    def take_date(self, date: str) -> None:
        """Take in the `Date` of an answer that came over a verified connection (RFC 9110, 6.6.1)."""
        reading = self._read()
        if self._told_at is not None and reading.steady - self._told_at < _LISTENS_EVERY:
            return
        self._told_at = reading.steady
        try:
            said = parsedate_to_datetime(date)
        except ValueError:
            return  # no date: it says nothing of the time
        if said.tzinfo is not None:
            self._become(attest(self._time, reading, said))

    def look(self) -> str:
        """Return what the operator should know of the clock, empty for nothing, after a look whether it was set."""
        reading = self._read()
        self._become(look(self._time, reading))
        return complaint_of(self._time, reading)

    def begin(self, stored: StoredTime | None) -> None:
        """Start with what the database knows of the time."""
        self._time = time_at_start(self._read(), stored)
        if stored is not None and not self._time.is_trusted:
            logger.warning("the clock is not corroborated yet; the last heartbeat was at %s", stored.seen.isoformat())

    def exchange(self, stored: StoredTime | None) -> StoredTime | None:
        """Take in what is stored of the time; return what is to be stored instead, None where it is to stay."""
        self._become(agree(self._time, self._read(), stored))
        return self._time.stored() if replaces(self._time, stored) else None

    def _become(self, time: Timekeeping) -> None:
        before, self._time = self._time, time
        if time.is_trusted and not before.is_trusted:
            logger.info("the clock is corroborated: what follows from the time is done")
        elif before.is_trusted and not time.is_trusted:
            logger.warning("the clock is no longer corroborated: what cannot be undone waits")


class ClockWatch(Value, eq=False):
    """Watches the clock while the process runs."""

    clock: TrustedClock
    writer: Writer
    alarms: Alarms

    async def run(self) -> None:
        """Watch until cancelled."""
        for turn in itertools.count():
            complaint = self.clock.look()
            if complaint:
                self.alarms.sound("clock", complaint)
            else:
                self.alarms.over("clock")
            if turn % _KEEPS_EVERY_TURN == 0:
                await self.keep()
            await asyncio.sleep(_LOOKS_EVERY)

    async def keep(self) -> None:
        """Store what is known of the time, and take in what other processes have stored."""
        try:
            await self.writer.decide(Job(Needs(notes=frozenset({KNOWN_TIME})), self._exchange))
        except Unavailable as why:
            self.alarms.sound(DATABASE, str(why))
        except NOT_SAVED as why:
            logger.warning("the time was not stored: %s", why)
        except DecisionFailed as why:
            self.alarms.sound(DECISIONS, f"the time could not be stored: {why}")

    def _exchange(self, snapshot: Snapshot, _now: datetime) -> Decision[None]:
        note = snapshot.note(KNOWN_TIME)
        fresh = self.clock.exchange(stored_time(note))
        if fresh is None:
            return Decision(Changes(), None)
        version = note.version if note is not None else 0
        return Decision(Changes((Note(KNOWN_TIME, _written(fresh), fresh.seen, version),)), None)


async def load_time(clock: TrustedClock, writer: Writer) -> None:
    """Start the clock with what the database knows of the time."""

    def look_up(snapshot: Snapshot, _now: datetime) -> Decision[StoredTime | None]:
        return Decision(Changes(), stored_time(snapshot.note(KNOWN_TIME)))

    clock.begin(await writer.decide(Job(Needs(notes=frozenset({KNOWN_TIME})), look_up)))


def stored_time(note: Note | None) -> StoredTime | None:
    """Return what a note says of the time, None where there is none."""
    if note is None:
        return None
    held = json.loads(note.value)
    known = datetime.fromisoformat(held["known"]) if held["known"] else None
    return StoredTime(note.at, known, datetime.fromisoformat(held["frame"]), timedelta(seconds=held["ran"]))


def _written(time: StoredTime) -> str:
    known = time.known.isoformat() if time.known is not None else None
    return json.dumps({"known": known, "frame": time.frame.isoformat(), "ran": round(time.ran.total_seconds())})
