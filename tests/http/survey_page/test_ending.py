"""How the page ends: an opt-out, which holds at once, and WeChat's offer to tell when it is fixed."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, asked, messages, open_house_with_pages, survey_link
from tests.support.web.tickets import TICKET

WECHAT = {"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
SDK = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"


class Signing:
    """WeChat's side of the subscription, as the page asks for it."""

    template_id = "tmpl-fixed"
    user_agent = "MicroMessenger"

    def __init__(self) -> None:
        self.signed: list[str] = []
        self.fails: type[Exception] | None = None

    async def config(self, url: str) -> Mapping[str, object]:
        """Sign, unless it fails or does not answer."""
        self.signed.append(url)
        if self.fails is TimeoutError:
            await asyncio.sleep(60)
        if self.fails is not None:
            raise self.fails
        return {"appId": "wx1", "timestamp": 1, "nonceStr": '"<n>', "signature": "s"}


@pytest.fixture
def signing() -> Signing:
    """Return what signs pages."""
    return Signing()


@pytest.fixture
async def house(folder: Path, signing: Signing) -> AsyncIterator[House]:
    """Open a house with pages, and a subscription."""
    async with open_house_with_pages(folder, subscription=signing, subscription_within=0.05) as opened:
        yield opened


async def finished(house: House, api: httpx.AsyncClient, first: int, ticket: str = "42") -> tuple[Phone, str]:
    link = survey_link(house, await asked(api, ticket=ticket))
    phone = await Phone.at(api, link)
    await phone.press("rate", first)
    for _ in range(7):
        if "thanks" not in phone.page.classes:
            await phone.press("skip")
    assert "thanks" in phone.page.classes
    return phone, link


async def test_an_opt_out_on_the_page_holds_at_once(house: House, api: httpx.AsyncClient) -> None:
    phone = await Phone.at(api, survey_link(house, await asked(api)))
    assert "以后不再请您评价，处理结果也不发给您，确定吗？" in phone.page.lines
    await phone.press("rate", 5)
    await phone.press("stop")
    assert "已退订，不再打扰您" in phone.page.lines
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert response["status"] == "declined"
    assert (await messages(house))[-1].prompt.text == "这次评价就到这里。"
    refused = await api.post("/api/v1/tickets/zendesk/42/survey", json={})
    assert refused.status_code == 409
    again = await api.put("/api/v1/tickets/zendesk/43", json=TICKET)
    assert (again.json()["survey"]["status"], again.json()["survey"]["reason"]) == ("cancelled", "opted_out")


async def test_whoever_writes_stop_into_the_comment_is_heard(house: House, api: httpx.AsyncClient) -> None:
    phone = await Phone.at(api, survey_link(house, await asked(api)))
    await phone.press("rate", 1)
    await phone.press("say", text="退订")
    assert "已退订，不再打扰您" in phone.page.lines


async def test_an_opt_out_pressed_twice_is_one(house: House, api: httpx.AsyncClient) -> None:
    phone = await Phone.at(api, survey_link(house, await asked(api)))
    first, again = await phone.send({"stop": "1"}), await phone.send({"stop": "1"})
    assert first.lines == again.lines


async def test_unsatisfied_customers_in_wechat_are_offered_to_be_told(
    house: House, api: httpx.AsyncClient, signing: Signing
) -> None:
    _, link = await finished(house, api, 1)
    answer = await api.get(f"{link}?from=singlemessage", headers=WECHAT)
    assert signing.signed == [f"{link}?from=singlemessage"]
    assert f'<script src="{SDK}" defer></script>' in answer.text
    assert '<wx-open-subscribe template="tmpl-fixed">' in answer.text
    (config,) = re.findall(r'data-config="([^"]*)"', answer.text)
    assert json.loads(html.unescape(config))["nonceStr"] == '"<n>'
    assert "https://res.wx.qq.com" in answer.headers["content-security-policy"]


async def test_nobody_else_loads_anything_from_wechat(house: House, api: httpx.AsyncClient, signing: Signing) -> None:
    _, low = await finished(house, api, 1)
    assert "res.wx.qq.com" not in (plain := await api.get(low)).text + plain.headers["content-security-policy"]
    _, praised = await finished(house, api, 5, ticket="43")
    assert "res.wx.qq.com" not in (await api.get(praised, headers=WECHAT)).text
    assert signing.signed == []


@pytest.mark.parametrize("fails", [LookupError, TimeoutError])
async def test_thanks_do_not_wait_for_wechat(
    house: House, api: httpx.AsyncClient, signing: Signing, fails: type[Exception]
) -> None:
    _, link = await finished(house, api, 1)
    signing.fails = fails
    answer = await api.get(link, headers=WECHAT)
    assert (answer.status_code, "您的评价收到了" in answer.text, "wx-open" in answer.text) == (200, True, False)
