"""The team's digest in the sandbox, in a real browser: its picture is loaded, and no wider than the chat."""

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
from tests.browser.tab import open_tab
from tests.support.database.answered import closed_visit, store_records
from tests.support.settling import settle_now
from tests.support.web.house import House

WEEKLY = read_recurrence_rule("weekly mon 09:00")
LOADED = "(() => { const one = document.querySelector('.file img'); return !!one && one.naturalWidth === 800; })()"
WIDTHS = """(() => {
  const boxes = ['.file img', '#team .talk'].map((one) => document.querySelector(one).getBoundingClientRect());
  const [picture, chat] = boxes;
  return [picture.width <= chat.width, document.documentElement.scrollWidth <= window.innerWidth, picture.height > 200];
})()"""
SHOWN = "document.querySelector('#team .message').scrollIntoView()"


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


@pytest.mark.some(1)
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
