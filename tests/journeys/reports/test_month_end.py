"""A month ends while the real process is down, it is killed once the report is kept, and the team gets it once.

What the team got in Telegram is what the archive has, to the byte. The machine's clock moves; the database knows it.
"""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.botapi.world import Message
from tests.support.process import Product
from tests.support.time.shifted import ShiftedClock, Witness, witness_before
from tests.support.town.town import GROUP, Json, Town, eventually, town_at
from tests.support.town.words import step

pytestmark = pytest.mark.proof

HOME = ZoneInfo("Asia/Shanghai")
TITLE = "售后服务情况表"
RULES = f"""
[[reports]]
name = "month"
kind = "summary"
every = "month"
at = "08:30"
to = ["telegram:{GROUP}"]
formats = ["html", "xlsx"]
"""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """A town whose clock stands where a test puts it, between two lives of the process."""

    town: Town
    clock: ShiftedClock
    witness: Witness

    @property
    def product(self) -> Product:
        return self.town.product

    async def wakes(self, at: datetime, crash_at: str = "") -> None:
        """Start the process at a moment that is known to be right, after a life that has ended."""
        ahead = at - datetime.now(UTC)
        self.clock.set(ahead)
        self.witness.ahead = ahead
        moment = f"{at.astimezone(UTC):%FT%T.%fZ}"
        known = json.dumps({"known": at.isoformat(), "frame": at.isoformat(), "ran": 0})
        with closing(sqlite3.connect(self.town.ledger.file)) as database, database:
            database.execute("UPDATE notes SET value = ?, at = ? WHERE key = 'clock'", (known, moment))
        if crash_at:
            await self.product.launch(crash_at)
        else:
            await self.product.start()

    async def dies(self) -> None:
        """Wait until the process has killed itself at the point at which it shall."""
        assert self.product.process is not None
        await self.product.process.wait()
        await self.product.kill()

    def reports(self) -> list[Message]:
        """Return what the team's chat has of reports."""
        return [one for one in self.town.group.messages if TITLE in one.text or one.document is not None]

    def runs(self) -> list[tuple[str, str]]:
        """Return the period and the outcome of each run."""
        return [(str(a), str(b)) for a, b in self.town.ledger.rows("SELECT period, outcome FROM report_runs")]


@asynccontextmanager
async def month_end(folder: Path) -> AsyncIterator[MonthEnd]:
    """Found a town with the schedule of a month; its process has looked once, and a ticket was closed."""
    (folder / "rules.toml").write_text(RULES, "utf-8")
    async with town_at(folder, "polling") as town, witness_before(town.telegram.api_base, folder) as witness:
        clock, product = ShiftedClock.made_in(folder), town.product
        product.settings = {**product.settings, "telegram.api_base": witness.url}
        product.interpreter = {**clock.environment, "SSL_CERT_FILE": str(witness.certificate)}
        await product.start()
        here = MonthEnd(town, clock, witness)
        mei = await town.customer()
        await town.put("42", "closed", mei)
        await mei.sees(step(1))
        await town.settles()
        await product.stop()
        await here.wakes(datetime.now(UTC) + timedelta(minutes=1))  # now the time is known, so that times count
        await eventually(lambda: _is_noted(town))
        await product.stop()
        yield here


async def _is_noted(town: Town) -> bool | None:
    return bool(town.ledger.rows("SELECT 1 FROM notes WHERE key = 'report.schedule:month'")) or None


def next_first() -> datetime:
    """Return noon of the first day of the next month: the hour of the report is over."""
    today = datetime.now(UTC).astimezone(HOME)
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(hour=12, minute=0, second=0, microsecond=0)


async def test_a_month_that_ended_while_the_process_was_down_is_sent_once_across_a_kill(tmp_path: Path) -> None:
    async with month_end(tmp_path) as here:
        noon = next_first()
        await here.wakes(noon, crash_at="report")
        await here.dies()
        (run,) = here.runs()
        assert run[1] == "made"
        await here.wakes(noon + timedelta(minutes=5))
        await eventually(lambda: _has_come(here, 2))
        await here.town.settles()
        await here.product.stop()
        await here.wakes(noon + timedelta(hours=20))
        await here.town.settles()
        assert here.runs() == [run]
        await _is_what_was_kept(here)
        await here.town.check()


async def _has_come(here: MonthEnd, files: int) -> bool | None:
    return sum(one.document is not None for one in here.reports()) >= files or None


async def _is_what_was_kept(here: MonthEnd) -> None:
    (kept,) = (await here.town.call("GET", "/api/v1/reports/archive"))["items"]
    whole: Json = await here.town.call("GET", f"/api/v1/reports/archive/{kept['id']}")
    sent = sorted(sha256(one.content).hexdigest() for one in here.reports() if one.document is not None)
    assert sent == sorted(one["sha256"] for one in whole["files"])
    for one in whole["files"]:
        fetched = await here.product.api.get(f"/api/v1/reports/archive/{kept['id']}/{one['format']}")
        assert sha256(fetched.content).hexdigest() == one["sha256"]
    assert len([one for one in here.reports() if TITLE in one.text]) == 1
