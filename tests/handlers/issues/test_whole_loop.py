"""The whole loop as it is played in the sandbox, on the real container: what was bad comes back as "fixed"."""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.wiring.container import open_container
from config.settings.loading import load_settings
from tests.support.web.api import api_of, web_of
from tests.support.web.house import DATABASE, KEY, URL

HERE = "/console/sandbox"
PATIENCE = 10.0
LI, WANG = {"person": "li", "name": "李工"}, {"person": "wang", "name": "王姐"}

Line = dict[str, Any]


class Page:
    """The sandbox's page without its looks: it shows what the server tells, and presses buttons that are shown."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser
        self._numbers = count()
        self._rated: set[str] = set()

    async def shows(self, chat: str, has: Callable[[list[Line]], bool]) -> list[Line]:
        """Wait until a chat looks like this."""
        lines: list[Line] = []
        async with asyncio.timeout(PATIENCE):
            while not has(lines):
                await asyncio.sleep(0.02)
                lines = (await self.browser.get(f"{HERE}/state")).json()["chats"][chat]
        return lines

    async def press(self, chat: str, label: str, who: dict[str, str] | None = None) -> str:
        """Press the last button whose text begins so; return what the toast says."""
        lines = await self.shows(chat, lambda lines: bool(_buttons(lines, label)))
        return await self._press(chat, _buttons(lines, label)[-1], who)

    async def rate(self, value: int) -> None:
        """Rate the question that has not been rated yet, as soon as it is shown."""
        lines = await self.shows("phone", lambda lines: bool(self._fresh(lines, str(value))))
        button = self._fresh(lines, str(value))[-1]
        self._rated.add(button[1])
        await self._press("phone", button, None)

    async def say(self, chat: str, text: str, who: dict[str, str] | None = None, replies_to: str = "") -> None:
        """Type something."""
        await self._act(chat, who, text=text, replies_to=replies_to)

    def _fresh(self, lines: list[Line], label: str) -> list[tuple[str, str]]:
        return [button for button in _buttons(lines, label) if button[1] not in self._rated]

    async def _press(self, chat: str, button: tuple[str, str], who: dict[str, str] | None) -> str:
        pressed, texts = await self._act(chat, who, tap=button[1], message=button[0]), list[str]()
        async with asyncio.timeout(PATIENCE):
            while not texts:
                await asyncio.sleep(0.02)
                toasts = (await self.browser.get(f"{HERE}/state")).json()["toasts"]
                texts = [toast["text"] for toast in toasts if toast["callback"] == pressed]
        return texts[0]

    async def _act(self, chat: str, who: dict[str, str] | None, **said: str) -> str:
        name = f"action-{next(self._numbers)}"
        person = who or {"person": "customer", "name": "王女士"}
        answer = await self.browser.post(f"{HERE}/act", json={"id": name, "chat": chat, **person, **said})
        assert answer.status_code == 204, answer.text
        return name


def _buttons(lines: list[Line], label: str) -> list[tuple[str, str]]:
    return [
        (line["id"], key["tap"])
        for line in lines
        for row in line["rows"]
        for key in row
        if key["label"].startswith(label)
    ]


def says(text: str) -> Callable[[list[Line]], bool]:
    return lambda lines: any(text in line["text"] for line in lines)


@pytest.fixture
async def page(folder: Path) -> AsyncIterator[Page]:
    """Run the real container with the sandbox, and open its page."""
    settings = load_settings({"HUIFANG_DATABASE__URL": f"sqlite:///{folder / DATABASE}"}, cwd=folder)

    async with open_container(settings) as container:
        web = web_of(
            container.services,
            KEY,
            container.failed,
            bindable=container.able_to(lambda can: can.binding),
            simulated=container.connections["sandbox"].simulated,
        )
        sending = asyncio.ensure_future(container.sender.run())
        async with api_of(web, KEY, origin=URL) as browser:
            await browser.post("/console/enter", data={"key": web.console.invite()})
            yield Page(browser)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


@pytest.mark.row("S0-32", "S1-08", "S1-23", "S1-44", "S3-25")
async def test_a_low_rating_comes_back_to_the_customer_as_fixed_and_their_word_counts(page: Page) -> None:
    form = {"id": "0123456789abcdef", "name": "王女士", "subject": "空调不制冷", "agent": "李工"}
    assert (await page.browser.post(f"{HERE}/close?lang=zh-Hans", json=form)).json()["asked"]

    await page.rate(1)
    await page.shows("phone", lambda lines: not _buttons(lines, "5"))
    await page.say("phone", "师傅迟到了两个小时")
    for _ in range(4):
        await page.rate(5)
    await page.shows("phone", lambda lines: not _buttons(lines, "5"))
    await page.say("phone", "其他都好")

    await page.shows("team", says("师傅迟到了两个小时"))
    await page.press("team", "认领", LI)
    assert "李工" in await page.press("team", "处理完成", WANG)
    await page.press("team", "处理完成", LI)
    lines = await page.shows("team", lambda lines: any(line["asks"] for line in lines))
    question = next(line for line in lines if line["asks"])
    assert question["mentions"] == "li"
    await page.say("team", "已经换好压缩机。", LI, replies_to=question["id"])
    await page.press("team", "发送", LI)

    await page.shows("phone", says("已经换好压缩机。"))
    await page.press("phone", "还没解决")
    await page.shows("team", lambda lines: len(_buttons(lines, "认领")) == 1)
    (issue,) = (await page.browser.get("/api/v1/issues")).json()["items"]
    assert (issue["status"], issue["resolution"], issue["claimed_by"]) == ("open", 1, None)
    events = [line["event"] for line in issue["timeline"]]
    assert {"opened", "claimed", "resolved"} <= set(events)
