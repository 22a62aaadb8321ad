"""The database goes away and comes back under a service at work: nothing ends, nothing is lost, somebody is told."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from storage.connection.migrate import upgrade
from tests.support.botapi import Person
from tests.support.database.wire import Wire, wire_to
from tests.support.process import STOPS_WITHIN
from tests.support.town.town import Town, closing, eventually, town_at
from tests.support.town.words import step

ANSWERS_WITHIN = 5.0
RECOVERS_WITHIN = 10.0
TELEGRAM_KEEPS_A_PRESS = 150
"""Seconds for which Telegram keeps a press that nobody fetches; words are kept for a day."""

pytestmark = pytest.mark.proof  # outages take their time


@dataclass(frozen=True, slots=True)
class Served:
    """A town whose product keeps everything in PostgreSQL, at the end of a wire."""

    town: Town
    wire: Wire

    async def asked(self, customer: Person, ticket: str) -> None:
        """Close a ticket, and wait until its customer is asked."""
        assert (await self.put(customer, ticket)).is_success
        await customer.sees(step(1), within=RECOVERS_WITHIN)

    async def put(self, customer: Person, ticket: str) -> httpx.Response:
        """Close a ticket, whatever the answer."""
        begun = time.monotonic()
        answer = await self.town.product.api.put(f"/api/v1/tickets/desk/{ticket}", json=closing(customer))
        assert time.monotonic() - begun < ANSWERS_WITHIN
        return answer

    async def is_ready(self) -> bool:
        begun = time.monotonic()
        answer = await self.town.product.api.get("/readyz")
        assert time.monotonic() - begun < ANSWERS_WITHIN
        return answer.status_code == httpx.codes.OK

    async def _ready(self) -> bool | None:
        return await self.is_ready() or None

    async def recovers(self) -> float:
        """Return the seconds until it is ready again."""
        begun = time.monotonic()
        await eventually(self._ready, RECOVERS_WITHIN)
        return time.monotonic() - begun

    def alarms(self) -> list[str]:
        lines = [json.loads(line) for line in self.town.product.log.splitlines() if line.startswith("{")]
        return [line["alarm"] for line in lines if "alarm" in line and line["level"] == "ERROR"]

    async def lives(self) -> None:
        """Hold that the process is the one that was started, and all of its roles work."""
        process = self.town.product.process
        assert process is not None
        assert process.returncode is None, self.town.product.log


@asynccontextmanager
async def served(folder: Path, url: str, mode: str) -> AsyncIterator[Served]:
    await upgrade(url)
    async with wire_to(url) as wire, town_at(folder, mode, {"database.url": wire.url(url)}, warm=True) as town:
        await town.product.start()
        yield Served(town, wire)


@pytest.mark.parametrize(("mode", "seconds"), [("webhook", 5), ("polling", 30)])
async def test_an_outage_is_told_and_everything_goes_on_after_it(
    tmp_path: Path, postgres_url: str, mode: str, seconds: int
) -> None:
    async with served(tmp_path, postgres_url, mode) as here:
        mei, wang = await here.town.customer("王女士"), await here.town.customer("刘先生")
        await here.asked(mei, "1")
        here.wire.cut()
        ends = time.monotonic() + seconds
        await (mei.says("5") if seconds > TELEGRAM_KEEPS_A_PRESS else mei.taps("5"))
        while time.monotonic() < ends:
            assert (await here.put(wang, "2")).status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert not await here.is_ready()
            await asyncio.sleep(0.5)
        here.wire.mend()
        assert await here.recovers() < RECOVERS_WITHIN
        await here.lives()
        await mei.sees(step(2), within=RECOVERS_WITHIN)
        await here.asked(wang, "2")
        assert here.alarms()[0] == "database"
        assert here.alarms().count("database") == 1, "an alarm is one line in an hour"
        await here.town.group.sees("database", within=RECOVERS_WITHIN)
        await here.town.group.sees("已经恢复正常", within=RECOVERS_WITHIN)
        assert here.town.telegram.violations == []
        assert "Traceback" not in here.town.product.log


@pytest.mark.parametrize("moment", ["idle", "busy"])
async def test_a_frozen_database_holds_nobody_up_and_the_end_comes_in_time(
    tmp_path: Path, postgres_url: str, moment: str
) -> None:
    async with served(tmp_path, postgres_url, "webhook") as here:
        mei, wang = await here.town.customer("王女士"), await here.town.customer("刘先生")
        await here.asked(mei, "1")
        here.wire.freeze()
        answers = await asyncio.gather(*(here.put(wang, str(number)) for number in range(2, 12)))
        assert {answer.status_code for answer in answers} == {httpx.codes.SERVICE_UNAVAILABLE}
        assert not await here.is_ready()
        await mei.taps("5")
        await asyncio.sleep(6)
        here.wire.mend()
        assert await here.recovers() < RECOVERS_WITHIN
        await mei.sees(step(2), within=RECOVERS_WITHIN)
        await here.asked(wang, "2")
        here.wire.freeze()
        if moment == "busy":
            busy = [asyncio.create_task(here.put(wang, "13")), asyncio.create_task(wang.taps("4"))]
            await asyncio.sleep(0.5)
        else:
            busy = []
            await asyncio.sleep(7)
        await here.town.product.stop(within=STOPS_WITHIN)  # with code 0
        await asyncio.gather(*busy, return_exceptions=True)
        assert "Traceback" not in here.town.product.log
