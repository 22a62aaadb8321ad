"""The machine's clock is set under the real process: what ends, what is deleted, what is told, and when that stops."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from storage.connection.migrate import upgrade
from tests.support.botapi import Person
from tests.support.time.shifted import ShiftedClock, Witness, witness_before
from tests.support.town.town import Town, eventually, town_at
from tests.support.town.words import said, step

DAY = timedelta(days=1)
ALARM = said("alarm.kind.clock")
LOOKS_WITHIN = 20.0
RETENTION_WITHIN = 80.0
"""Seconds; it begins a minute after a start."""

pytestmark = [pytest.mark.proof, pytest.mark.alone]  # starts take their time, and retention begins a minute after one


@dataclass(frozen=True, slots=True)
class Served:
    """A town whose product has a clock of its own, and a Telegram that tells the time."""

    town: Town
    clock: ShiftedClock
    witness: Witness

    async def restarts(self, ahead: timedelta, told: timedelta) -> None:
        """Start it again with its clock set; Telegram says that the real time is `told` later than it is."""
        await self.town.product.stop()
        self.clock.set(ahead)
        self.witness.ahead = told
        await self.town.product.start()

    async def alarms(self) -> str:
        return str((await self.town.call("GET", "/readyz"))["alarms"])

    async def holds(self, customer: Person) -> str:
        """Return what is stored of a customer."""
        return json.dumps(await self.town.call("GET", f"/api/v1/customers/c-{customer.account.id}"), ensure_ascii=False)

    async def status(self, ticket: str) -> str:
        return str((await self.town.survey(ticket))["status"])


@asynccontextmanager
async def _served(folder: Path, url: str = "") -> AsyncIterator[Served]:
    if url:
        await upgrade(url)
    settings = {"database.url": url} if url else {}
    async with town_at(folder, "polling", settings) as town, witness_before(town.telegram.api_base, folder) as witness:
        clock, product = ShiftedClock.made_in(folder), town.product
        product.settings = {**product.settings, "telegram.api_base": witness.url}
        product.interpreter = {**clock.environment, "SSL_CERT_FILE": str(witness.certificate)}
        await product.start()
        yield Served(town, clock, witness)
        assert "Traceback" not in product.log, product.log


async def test_a_start_with_the_clock_far_ahead_takes_nothing_from_anybody(tmp_path: Path) -> None:
    async with _served(tmp_path) as here:
        town = here.town
        mei, li = await town.customer(), await town.customer("李先生")
        for number, customer in enumerate((mei, li), 1):
            await town.put(str(number), "closed", customer)
            await customer.sees(step(1))
        await mei.taps("1")
        await mei.sees("1")
        await here.restarts(400 * DAY, timedelta(0))
        await town.group.sees(ALARM, within=LOOKS_WITHIN)
        assert "400 days ahead of a platform's" in town.product.log
        assert "clock:" in await here.alarms()
        await eventually(lambda: _logged(here, "retention waits"), RETENTION_WITHIN)
        assert "retention emptied" not in town.product.log
        assert [await here.status(ticket) for ticket in ("1", "2")] == ["started", "sent"]
        assert f'"{mei.account.id}"' in await here.holds(mei)
        await li.taps("5")
        await li.sees(step(2))
        here.clock.set(timedelta(0))
        await eventually(lambda: _nothing(here), LOOKS_WITHIN)
        assert [await here.status(ticket) for ticket in ("1", "2")] == ["started", "started"]


async def test_a_service_that_was_off_for_weeks_works_as_soon_as_a_platform_agrees(
    tmp_path: Path, postgres_url: str
) -> None:
    async with _served(tmp_path, postgres_url) as here:
        town = here.town
        mei = await town.customer()
        await town.put("1", "closed", mei)
        await mei.sees(step(1))
        await here.restarts(400 * DAY, 400 * DAY)
        await town.survey_becomes("1", "expired", within=LOOKS_WITHIN)
        await eventually(lambda: _logged(here, "retention emptied"), RETENTION_WITHIN)
        assert "ahead of a platform's" not in town.product.log
        here.clock.set(393 * DAY)
        await town.group.sees(ALARM, within=LOOKS_WITHIN)
        assert "before the last time known" in town.product.log
        li = await town.customer("李先生")
        await town.put("2", "closed", li)
        await li.sees(step(1))


async def _nothing(here: Served) -> bool | None:
    return "clock:" not in await here.alarms() or None


async def _logged(here: Served, words: str) -> bool | None:
    return words in here.town.product.log or None
