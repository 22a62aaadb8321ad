"""What a completed survey leaves in a database, then and a day later: a copy of it, with the daily work done on it."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.database import kept
from bench.stub import under_load
from bench.subjects import huifang
from bot.channels.registry import capabilities_of
from bot.jobs.retention import RetentionJob, housekeeping_periods, retention_periods
from bot.jobs.rollups import RollupJob
from bot.process.alarms import Alarms
from bot.process.system import SystemClock
from config.settings.settings import RetentionSettings
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer

__all__ = ["ANSWERS", "KEPT_AT_MOST", "kept_after_a_day", "kept_for_each_survey"]

ANSWERS = 6
"""The answers of one survey: five ratings and a comment."""
KEPT_AT_MOST = 4000
"""Bytes that a completed survey may leave after a day."""
_A_DAY = timedelta(hours=24, minutes=1)
_SETTLED = 1.0
"""Seconds until what was delivered last is settled."""
_ZONE = ZoneInfo("Asia/Shanghai")  # the setting `timezone` as it is shipped
_BEGUN, _SPARE = 50, 100
"""Surveys from before it is measured, so that every table has its first page; those that wait while others answer."""


class _LaterClock(SystemClock):
    def now(self) -> datetime:
        return datetime.now(UTC) + _A_DAY


async def kept_for_each_survey(folder: Path, surveys: int, rate: float) -> tuple[float, float]:
    """Let surveys be answered to their end; return the bytes that each leaves in the file, then and a day later."""
    states, later = [], []
    async with under_load(lambda port, base: huifang(port, base, folder), folder, _BEGUN) as bot:
        await bot.load.prepare(_SPARE, _BEGUN)
        for number in (_BEGUN, surveys):
            await bot.load.prepare(number, _BEGUN)
            await bot.load.fixed_rate(bot.pid, rate, number * ANSWERS / rate)
            await asyncio.sleep(_SETTLED)
            states.append(kept(folder / "huifang.db"))
            later.append(await kept_after_a_day(folder / "huifang.db", folder / f"{number}.db"))
    return _for_each(*states), _for_each(*later)


def _for_each(before: tuple[int, int], after: tuple[int, int]) -> float:
    return (after[0] - before[0]) / (after[1] - before[1])


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
        await RollupJob(store, writer, lambda: _ZONE).look()
        await writer.stop()
    return kept(copy)
