"""The digest and reports by the calendar in the sandbox's chat, in a real browser: whole, no wider than the chat."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.sandbox.channel import TEAM
from bot.jobs.digest import DigestJob
from bot.ports import Sent
from bot.process.alarms import Alarms
from dialogs.time.recurrence import read_recurrence_rule
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.browser.serving import served
from tests.browser.tab import open_tab
from tests.jobs.reports.desk import ReportDesk
from tests.support.database.answered import closed_visit, store_records
from tests.support.database.migrated import copy_migrated
from tests.support.settling import settle_now
from tests.support.web.house import DATABASE, House
from tests.support.web.service import Service, open_service

WEEKLY = read_recurrence_rule("weekly mon 09:00")
LOADED = "(() => { const one = document.querySelector('.file img'); return !!one && one.naturalWidth === 800; })()"
WIDTHS = """(() => {
  const boxes = ['.file img', '#team .talk'].map((one) => document.querySelector(one).getBoundingClientRect());
  const [picture, chat] = boxes;
  return [picture.width <= chat.width, document.documentElement.scrollWidth <= window.innerWidth, picture.height > 200];
})()"""
SHOWN = "document.querySelector('#team .message').scrollIntoView()"
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
DAYS_SAID = "[...document.querySelectorAll('#team .said')].map((one) => one.textContent.split('\\n')[1])"
KEYS = "[...document.querySelectorAll('#team .key')].map((one) => one.textContent)"
PRESSED = "[...document.querySelectorAll('#team .key')].find((one) => one.textContent === '已审阅并上报').click()"
ANY_LOADED = "[...document.querySelectorAll('#team .file img')].some((one) => one.naturalWidth === 800)"
INSIDE = """(() => {
  const chat = document.querySelector('#team .talk').getBoundingClientRect();
  const parts = [...document.querySelectorAll('#team .message, #team .file img, #team .key')];
  return document.documentElement.scrollWidth <= window.innerWidth
    && parts.every((one) => one.getBoundingClientRect().right <= chat.right + 1);
})()"""


async def _a_week(house: House) -> None:
    """Let a week pass in which forty customers answered, and the team's digest arrive."""
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, team=(TEAM,)))
    job = DigestJob(receiver, house.web.reader, house.clock, Alarms(house.clock), WEEKLY, ZoneInfo("Asia/Shanghai"))
    await job.look(WEEKLY)
    for number in range(40):
        told = {"response_speed": 2 + number % 4, "attitude": 5, "problem_solving": 3 + number % 3}
        await store_records(house.store, house.clock.now(), *closed_visit(str(number), house.clock.now(), told))
    house.clock.passes(timedelta(days=8))
    await job.look(WEEKLY)
    async with house.store.reading() as session:
        sent = await session.records(OutboxMessage, all_of(OutboxMessage))
    for message in sent:
        await settle_now(receiver, message, Sent(message.receipt or message.id))


@pytest.mark.proof
@pytest.mark.parametrize("seen", [("zh-Hans", 1280), ("zh-Hant", 390), ("en", 390)], ids=["desk", "phone", "english"])
async def test_the_digest_shows_its_picture_inside_of_the_chat(
    house: House, address: str, chromium: str, tmp_path: Path, seen: tuple[str, int]
) -> None:
    language, width = seen
    house.web.receiver.speak_to_team(language)
    await _a_week(house)
    async with open_tab(chromium, width, 844) as tab:
        await tab.goto(f"{address}/console/enter?key={house.web.console.invite()}&lang={language}")
        await tab.tap("button.primary")
        await tab.until(LOADED)
        assert await tab.asks(WIDTHS) == [True, True, True]
        await tab.asks(SHOWN)
        await tab.photograph(tmp_path / f"digest-{language}.png")


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


@pytest.mark.proof
async def test_a_month_and_half_of_it_are_read_on_a_phone_and_handed_in(
    service: Service, chromium: str, tmp_path: Path
) -> None:
    desk = await _a_month(service)
    async with served(service.house) as address, open_tab(chromium, 390, 844) as tab:
        await tab.goto(f"{address}/console/enter?key={service.house.web.console.invite()}&lang=zh-Hans")
        await tab.tap("button.primary")
        await tab.until(ANY_LOADED)
        days = await tab.asks(DAYS_SAID)
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
