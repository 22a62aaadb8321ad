"""Reports by the calendar in the sandbox's chat, in a real browser: the month, and half of it, on a phone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser.serving import served
from tests.browser.tab import open_tab
from tests.jobs.reports.desk import ReportDesk
from tests.support.database.answered import closed_visit, store_records
from tests.support.database.migrated import copy_migrated
from tests.support.web.house import DATABASE
from tests.support.web.service import Service, open_service

RULES = """
[[reports]]
name = "month"
kind = "summary"
every = "month"
formats = ["html"]

[[reports]]
name = "half"
kind = "summary"
every = "half-month"
formats = ["png"]
"""
SAID = "[...document.querySelectorAll('#team .said')].map((one) => one.textContent.split('\\n')[1])"
KEYS = "[...document.querySelectorAll('#team .key')].map((one) => one.textContent)"
PRESSED = "[...document.querySelectorAll('#team .key')].find((one) => one.textContent === '已审阅并上报').click()"
LOADED = "[...document.querySelectorAll('#team .file img')].some((one) => one.naturalWidth === 800)"
INSIDE = """(() => {
  const chat = document.querySelector('#team .talk').getBoundingClientRect();
  const parts = [...document.querySelectorAll('#team .message, #team .file img, #team .key')];
  return document.documentElement.scrollWidth <= window.innerWidth
    && parts.every((one) => one.getBoundingClientRect().right <= chat.right + 1);
})()"""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """Open the product on an empty database."""
    copy_migrated(tmp_path / DATABASE)
    async with open_service(tmp_path) as opened:
        yield opened


async def _a_month(service: Service) -> ReportDesk:
    """Let November end, in which forty customers answered, and what is sent arrive."""
    desk = ReportDesk(service)
    await service.rules(RULES)
    await desk.job.look()
    for number in range(40):
        told = {"response_speed": 2 + number % 4, "attitude": 5, "problem_solving": 3 + number % 3}
        await store_records(service.house.store, service.now, *closed_visit(str(number), service.now, told))
    await desk.until("2026-12-01 09:00", step=timedelta(hours=6))
    await service.passes(timedelta(minutes=1))
    return desk


async def test_a_month_and_half_of_it_are_read_on_a_phone_and_handed_in(
    service: Service, chromium: str, tmp_path: Path
) -> None:
    desk = await _a_month(service)
    async with served(service.house) as address, open_tab(chromium, 390, 844) as tab:
        await tab.goto(f"{address}/console/enter?key={service.house.web.console.invite()}&lang=zh-Hans")
        await tab.tap("button.primary")
        await tab.until(LOADED)
        days = await tab.asks(SAID)
        assert set(days) == {"2026年11月1日 至 2026年11月30日", "2026年11月16日 至 2026年11月30日"}
        assert await tab.asks(INSIDE)
        for number in range(await tab.asks("document.querySelectorAll('#team .message').length")):
            await tab.asks(f"document.querySelectorAll('#team .message')[{number}].scrollIntoView()")
            await tab.photograph(tmp_path / f"message-{number}.png")
        assert "已审阅并上报" in await tab.asks(KEYS)
        await tab.asks(PRESSED)
        async with asyncio.timeout(15):
            while not any(run.confirmed_by for run in await desk.runs("month")):  # noqa: ASYNC110 (the browser's press does it)
                await asyncio.sleep(0.05)
        await service.passes(timedelta(minutes=1))
        await tab.sees("已审阅并上报：售后服务情况表")
        assert await tab.barriers([]) == []
        assert tab.complaints == []
