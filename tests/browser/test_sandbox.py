"""The sandbox's page in a real browser, on a phone: the first message is seen whole, and the wait may be ended."""

import json
from pathlib import Path

from bot.ports import Sent
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.browser.tab import Tab, open_tab
from tests.support.settling import settle_now
from tests.support.web.house import House

HIDDEN = """[...document.querySelectorAll('#phone .said, #phone .key')].filter((one) => {
  const [box, frame] = [one, one.closest('.talk')].map((each) => each.getBoundingClientRect());
  return box.top < frame.top || box.bottom > frame.bottom;
}).length"""
LINES = """(() => {
  const said = document.querySelector('#phone .said');
  return Math.round(said.offsetHeight / parseFloat(getComputedStyle(said).lineHeight));
})()"""

GUIDE = (
    """[document.querySelector('.outcome').textContent, document.querySelector('.steps [aria-current]').dataset.step]"""
)


async def _arrives(house: House) -> None:
    """Let every message arrive, as the sender does at once."""
    async with house.store.reading() as session:
        sent = await session.records(OutboxMessage, all_of(OutboxMessage))
    for message in sent:
        await settle_now(house.web.receiver, message, Sent(message.receipt or message.id))


async def _plays(tab: Tab, house: House, address: str, language: str) -> None:
    await tab.goto(f"{address}/console/enter?key={house.web.console.invite()}&lang={language}")
    await tab.tap("button.primary")
    await tab.tap("#ticket .primary")
    await tab.until("document.querySelector('.outcome strong') !== null")
    await _arrives(house)
    await tab.until("document.querySelectorAll('#phone .key').length === 7")


async def test_the_first_message_is_seen_whole_and_the_minute_may_be_ended(
    house: House, address: str, chromium: str, tmp_path: Path
) -> None:
    async with open_tab(chromium, 390, 844) as tab:
        await _plays(tab, house, address, "zh-Hans")
        assert await tab.asks(HIDDEN) == 0
        assert await tab.asks(LINES) <= 6 + 2  # and two empty ones
        assert await tab.asks("document.querySelector('#phone .said a').textContent") == "隐私说明"
        await tab.tap("#phone .key")
        await tab.sees("秒后发到群里")
        await tab.photograph(tmp_path / "waiting.png")
        await tab.tap(".waiting button")
        await tab.until("document.querySelector('.waiting').hidden")
        await _arrives(house)
        await tab.sees("等人认领")
        before = await tab.asks(GUIDE)
        await tab.goto(f"{address}/console/sandbox?lang=zh-Hans")
        await tab.until(f"JSON.stringify({GUIDE}) === JSON.stringify({json.dumps(before, ensure_ascii=False)})")
        assert before[0].startswith("工单 ")
        assert before[1] == "claim"
        assert await tab.barriers([]) == []
        assert tab.complaints == []
