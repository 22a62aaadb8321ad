"""Fills a database with a year of tickets, and measures what it takes on the disk, in memory and of CPU."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from bench.load import Figures
from bench.measure import cpu_seconds, resident_bytes
from bench.scale.bulk import execute_all, is_in_a_file
from bench.scale.filling import DAYS, fill
from bench.stub import UnderLoad, under_load
from bench.subjects import Subject, huifang
from bot.handlers.common.comment_words import CommentVocabulary
from bot.jobs.text.comment_reader import lexicon_number
from config.settings.loading import load_settings
from config.text.load import load_weighed
from storage.connection.store import Store
from storage.model.note_keys import COMMENTS_READ
from storage.rollups.sums import rebuild
from storage.unit_of_work.writer import Writer

__all__ = ["SizeOfYear", "measure_year", "year_of"]

_FILE = "sqlite:///"
_MONTH = 30
_DAY = 86_400
_CUSTOMERS = 20
_ANSWERS = 6
"""Of each survey: five ratings and a comment."""
_SECONDS = 10.0
_QUIET = 20.0


@dataclass(frozen=True, slots=True)
class SizeOfYear:
    """What 400 days at so many `tickets` a month take. Bytes, seconds; `each` is the CPU of one survey in seconds."""

    tickets: int
    surveys: int
    disk: int
    backup_disk: int
    backup_seconds: float
    backup_cpu: float
    resident: int
    each: float
    quiet: float

    @property
    def cpu_of_day(self) -> float:
        """Seconds of CPU in a day, of the service and its backup."""
        return self.tickets / _MONTH * self.each + self.quiet * _DAY + self.backup_cpu

    def line(self) -> str:
        """Write it as a line of a table."""
        backup = f"{_bytes(self.backup_disk)}, {self.backup_seconds:.1f} s, {self.backup_cpu:.1f} s"
        cells = (
            f"{self.tickets:,}",
            f"{self.surveys:,}",
            _bytes(self.disk),
            backup,
            _bytes(self.resident),
            f"{self.each * 1000:.0f} ms",
            f"{self.cpu_of_day:,.0f} s",
        )
        return f"| {' | '.join(cells)} |"


def year_of(tickets: int) -> int:
    """Return how many surveys a database holds after 400 days at so many tickets a month."""
    return tickets * DAYS // _MONTH


async def measure_year(url: str, folder: Path, tickets: int) -> SizeOfYear:
    """Fill an empty database and measure it; `folder` has room for a backup."""
    surveys = year_of(tickets)
    await fill(url, surveys)
    await _kept_up(url)
    disk = await _disk(url)
    size, seconds, cpu = await _backed_up(url, folder / "year.backup")

    def describe(port: int, base: str) -> Subject:
        subject = huifang(port, base, folder)
        return replace(subject, environment={**subject.environment, **_database(url)})

    async with under_load(describe, folder, _CUSTOMERS) as bot:
        quiet = await _cpu_of_quiet(bot)
        answered = await _answered(bot)
        resident = resident_bytes(bot.pid)
    return SizeOfYear(tickets, surveys, disk, size, seconds, cpu, resident, answered.bot_cpu * _ANSWERS / 1000, quiet)


async def _kept_up(url: str) -> None:
    """Leave a filled database as a service does that has been running: comments are read, ratings are added up."""
    lexicon, now = lexicon_number(CommentVocabulary(load_weighed)), datetime.now(UTC)
    note = f"'{COMMENTS_READ}', '{lexicon:x}', '{now.isoformat()}', 1"
    done = [
        f"UPDATE comment_readings SET lexicon = {lexicon}",  # noqa: S608 (our own words)
        f"INSERT INTO notes (key, value, at, version) VALUES ({note})",  # noqa: S608 (as above)
        "DELETE FROM rating_deltas",
    ]
    await execute_all(url, done)
    async with Store.open(url) as store:
        await rebuild(store, Writer(store, lambda: now), ZoneInfo(load_settings({}, cwd=Path.cwd()).timezone))
    await execute_all(url, ["VACUUM"] if is_in_a_file(url) else [])


async def _cpu_of_quiet(bot: UnderLoad) -> float:
    """Return the CPU of a second in which nothing happens."""
    await asyncio.sleep(_SECONDS)  # what a start looks for is done
    before = cpu_seconds(bot.pid)
    await asyncio.sleep(_QUIET)
    return (cpu_seconds(bot.pid) - before) / _QUIET


async def _answered(bot: UnderLoad) -> Figures:
    """Let people be asked and answer whole surveys, with all that belongs to them, and return what that took."""
    await bot.load.prepare(_CUSTOMERS, _CUSTOMERS)
    return await bot.load.closed_loop(bot.pid, _CUSTOMERS, _SECONDS)


async def _backed_up(url: str, target: Path) -> tuple[int, float, float]:
    """Back a database up; return the bytes of the backup, and the seconds of time and of CPU, children included."""
    before, begun = os.times(), time.monotonic()
    command = (sys.executable, "-m", "bot", "backup", str(target))
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | dict(_database(url)))
    if await process.wait() != 0:
        raise RuntimeError("the backup failed")
    seconds, after = time.monotonic() - begun, os.times()
    size = (await asyncio.to_thread(target.stat)).st_size
    await asyncio.to_thread(target.unlink)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return size, seconds, cpu


def _database(url: str) -> Mapping[str, str]:
    return {"HUIFANG_DATABASE__URL": url}


async def _disk(url: str) -> int:
    if is_in_a_file(url):
        return (await asyncio.to_thread(Path(url.removeprefix(_FILE)).stat)).st_size
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()


def _bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"  # noqa: PLR2004 (a thousand millions)
