"""What is left of a database after a day: a copy of it, with the product's own daily work done on it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.database import kept
from bot.channels.registry import capabilities_of
from bot.jobs.retention import RetentionJob, housekeeping_periods, retention_periods
from bot.process.alarms import Alarms
from bot.process.system import SystemClock
from config.settings.settings import RetentionSettings
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer

__all__ = ["kept_after_a_day"]

_A_DAY = timedelta(hours=24, minutes=1)


class _LaterClock(SystemClock):
    def now(self) -> datetime:
        return datetime.now(UTC) + _A_DAY


async def kept_after_a_day(database: Path, copy: Path) -> tuple[int, int]:
    """Return what `kept` returns for a copy, page by page, of a database after the work of a day later."""
    with closing(sqlite3.connect(database)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
    clock, settings = _LaterClock(), RetentionSettings()
    async with Store.open(f"sqlite:///{copy}") as store:
        writer = Writer(store, clock.now)
        house = housekeeping_periods(settings, capabilities_of())
        await RetentionJob(
            store, writer, Reader(store), clock, retention_periods(settings), Alarms(clock), house
        ).look()
        await writer.stop()
    return kept(copy)
