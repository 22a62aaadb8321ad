"""Looks every few seconds whether the database can be written: an outage is noticed where nothing else happens."""

import asyncio

from bot.ports import Clock
from bot.process.alarms import DATABASE, Alarms
from storage.reads.probe import write_problem
from storage.unit_of_work.writer import Writer

__all__ = ["DatabaseWatch"]

_EVERY = 5.0
_WHILE_AWAY = 1.0
"""Seconds between two looks; it writes once a minute, or as soon as it can again."""


class DatabaseWatch:
    """Raises the alarm while the database cannot be written, and clears it."""

    def __init__(self, writer: Writer, alarms: Alarms, clock: Clock) -> None:
        self._writer, self._alarms, self._clock = writer, alarms, clock

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            is_well = await self.look()
            await asyncio.sleep(_EVERY if is_well else _WHILE_AWAY)

    async def look(self) -> bool:
        """Return whether the database can be written now, and raise or clear the alarm."""
        why, since = await write_problem(self._writer), self._alarms.since(DATABASE)
        if why:
            self._alarms.sound(DATABASE, why)
        elif since is not None:
            away = (self._clock.now() - since).total_seconds()
            self._alarms.mended(DATABASE, f"the database can be written again, after {away:.0f} s")
        return not why
