"""Once a day empties what is past its time and deletes what nothing needs; every hour looks for overdue requests."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.ports import Capabilities, Clock
from bot.process.alarms import Alarms
from config.settings.settings import RetentionSettings
from scoring.values import Value
from storage.connection.store import Store
from storage.housekeeping.deliveries import DoorPeriods
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.model.note_keys import LAST_RETENTION
from storage.model.records import Note
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["RetentionJob", "housekeeping_periods", "retention_periods"]

logger = logging.getLogger(__name__)
_BEGINS = 60.0
"""Seconds after the start, so that what people wait for is done first."""
_LOOKS_EVERY = 3600.0
_DAY = timedelta(hours=23)


def retention_periods(settings: RetentionSettings) -> RetentionPeriods:
    """Return the settings `retention.*` as storage takes them."""
    return RetentionPeriods(
        settings.texts,
        settings.contacts,
        settings.messages,
        settings.deliveries,
        settings.timeline,
        assessments=settings.assessments,
    )


def housekeeping_periods(settings: RetentionSettings, capabilities: Mapping[str, Capabilities]) -> HousekeepingPeriods:
    """Return how long rows stay, by the settings `retention.*` and by what each channel's platform repeats."""
    drawn = frozenset(name for name, can in capabilities.items() if can.simulated)
    numbered = frozenset(name for name, can in capabilities.items() if can.numbered)
    stay = {name: settings.deliveries if name in drawn else can.repeats_within for name, can in capabilities.items()}
    # The body of an event is a copy of what a customer wrote, and goes no later than that.
    told = min((period for period in (settings.webhooks, settings.texts) if period is not None), default=None)
    return HousekeepingPeriods(
        DoorPeriods(stay, numbered), settings.messages, settings.reports, settings.published, told, drawn
    )


class RetentionJob(Value, eq=False):
    """Applies the settings `retention.*`, and deletes what is over."""

    store: Store
    writer: Writer
    reader: Reader
    clock: Clock
    keeping: RetentionPeriods
    alarms: Alarms
    house: HousekeepingPeriods = HousekeepingPeriods()

    async def run(self) -> None:
        """Run every hour until cancelled, every minute while the time is not corroborated."""
        await asyncio.sleep(_BEGINS)
        was_certain = True
        while True:
            try:
                await self.look()
            except (*NOT_SAVED, DecisionFailed) as why:
                self.alarms.sound("retention", f"retention waits for the next hour: {why}")
            is_certain = self._is_certain()
            if was_certain and not is_certain:
                logger.info("retention waits until the time is certain")
            was_certain = is_certain
            await asyncio.sleep(_LOOKS_EVERY if is_certain else _BEGINS)

    async def look(self) -> None:
        """Raise or clear the alarm for overdue requests; do the day's work if that was not done in the last 23 hours.

        While the time is not corroborated nothing is emptied, nor when it ceases to be on the way. A run that was cut
        off, or failed, does not count. Raises what the writer raises.
        """
        await self._watch_requests()
        if self._is_certain() and await self._decided(_is_due):
            now = self.clock.now()
            emptied = await apply_retention(self.store, self.writer, self.keeping, now, self._is_certain)
            await keep_house(self.store, self.writer, self.house, now, self._is_certain)
            await self.store.scrub()
            logger.info("retention emptied %s", ", ".join(f"{name} {count}" for name, count in emptied.items()))
            if self._is_certain():
                await self._decided(_done)

    async def _decided(self, decide: Callable[[Snapshot, datetime], Decision[bool]]) -> bool:
        return await self.writer.decide(Job(Needs(notes=frozenset({LAST_RETENTION})), decide))

    def _is_certain(self) -> bool:
        return self.clock.doubt() is None

    async def _watch_requests(self) -> None:
        late = await self.reader.overdue_requests(self.clock.now())
        if late:
            text = f"{late} requests for data or erasure are overdue; see GET /api/v1/requests?open=true"
            self.alarms.sound("requests", text)
        else:
            self.alarms.over("requests")


def _is_due(snapshot: Snapshot, now: datetime) -> Decision[bool]:
    note = snapshot.note(LAST_RETENTION)
    is_done = note is not None and now - _DAY < note.at <= now  # one of the future was made by a clock that was wrong
    return Decision(Changes(), answer=not is_done)


def _done(snapshot: Snapshot, now: datetime) -> Decision[bool]:
    note = snapshot.note(LAST_RETENTION)
    return Decision(Changes((Note(LAST_RETENTION, "", now, note.version if note else 0),)), answer=True)
