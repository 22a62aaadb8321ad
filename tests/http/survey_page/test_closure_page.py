"""The page behind a notice of an outcome: the sentence whole, and the verdict on it, once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scoring.values import replace
from storage.model.records import Purpose
from storage.privacy.erasure import ErasureTask, erase
from storage.unit_of_work.writer import Writer
from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, messages, open_house_with_pages
from tests.support.web.tickets import ticket

NOTE = "换了压缩机，又加了制冷剂，<b>试</b>了一个小时，\n请再试试看，不行随时找我"
OPENID = "oMei"


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    async with open_house_with_pages(folder) as opened:
        receiver = opened.web.receiver
        receiver.adopt(replace(receiver.policy, channels=("wechat", "sandbox")))
        yield opened


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(key=None) as client:
        yield client


async def resolved(api: httpx.AsyncClient, customer: str = "c w 1") -> str:
    """Resolve an issue of somebody in WeChat, and return its id."""
    who: dict[str, Any] = {"id": customer, "name": "王女士", "contacts": [{"channel": "wechat", "address": OPENID}]}
    await api.put("/api/v1/tickets/desk/1", json=ticket(customer=who, status="open", closed_at=None))
    issue = (await api.post("/api/v1/issues", json={"title": "空调", "ticket": "desk/1"})).json()["id"]
    await resolve(api, issue)
    return str(issue)


async def resolve(api: httpx.AsyncClient, issue: str) -> None:
    answer = await api.post(f"/api/v1/issues/{issue}/resolve", json={"by": "李工", "note": NOTE})
    assert answer.status_code == 200, answer.text


async def page_of_notice(house: House, resolution: int = 0) -> str:
    found = [m for m in await messages(house) if m.purpose is Purpose.CLOSURE and m.round == resolution]
    return found[-1].prompt.page


async def read_notice(house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient) -> tuple[str, str, Phone]:
    """Resolve an issue and open its notice's page; gives the issue, the page's link, and the phone."""
    issue = await resolved(api)
    link = await page_of_notice(house)
    return issue, link, await Phone.at(browser, link)


async def state(api: httpx.AsyncClient, issue: str) -> tuple[str, int]:
    told = (await api.get(f"/api/v1/issues/{issue}")).json()
    return told["status"], told["resolution"]


async def test_the_sentence_stands_there_whole_and_reading_it_changes_nothing(
    house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    issue = await resolved(api)
    phone = await Phone.at(browser, await page_of_notice(house))
    assert phone.page.status == 200
    assert "".join(NOTE.split()) in "".join(phone.page.text.split())
    assert "<b>试</b>" not in phone.page.html
    assert "空调不制冷" in phone.page.text
    assert [text for _, _, text in phone.page.form("verdict").buttons] == ["解决了", "还没解决"]
    assert await state(api, issue) == ("resolved", 0)


async def test_solved_closes_it_and_the_page_says_so_from_then_on(
    house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    issue, link, phone = await read_notice(house, api, browser)
    for _ in range(2):
        shown = await phone.send({"verdict": "solved", "resolution": "0"})
        assert "谢谢您告诉我们" in shown.text
        assert await state(api, issue) == ("closed", 0)
    assert not (await Phone.at(browser, link)).page.forms


async def test_not_solved_opens_it_again_once_and_is_thanked_for_once(
    house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    issue, link, phone = await read_notice(house, api, browser)
    shown = await phone.press("verdict", "not_solved")
    assert "我们已经告诉处理的同事" in shown.text
    assert await state(api, issue) == ("open", 1)
    again = (await Phone.at(browser, link)).page
    assert ("又在处理了" in again.text, "已经告诉" in again.text, again.forms) == (True, False, [])


async def test_an_older_page_shows_the_outcome_that_is_out_now_and_judges_only_what_it_showed(
    house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    issue, link, phone = await read_notice(house, api, browser)
    assert (await api.post(f"/api/v1/issues/{issue}/reopen", json={"by": "李工", "reason": "再看看"})).is_success
    assert "又在处理了" in (await Phone.at(browser, link)).page.text
    await resolve(api, issue)
    shown = await phone.press("verdict", "not_solved")
    assert await state(api, issue) == ("resolved", 1), "what it showed is no longer out"
    assert "已经告诉" not in shown.text
    assert "".join(NOTE.split()) in "".join(shown.text.split())
    shown = await phone.press("verdict", "not_solved")
    assert await state(api, issue) == ("open", 2)
    assert "已经告诉" in shown.text


async def test_a_link_opens_nothing_but_its_own_closure(
    house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    await resolved(api)
    link = await page_of_notice(house)
    head, _, token = link.rpartition("/")
    for crooked in (f"{head}/{token[:-2]}AA", link.replace("/s/", "/t/")):
        assert (await browser.get(crooked)).status_code == 404
    assert (await browser.post(link, data={"verdict": "maybe", "resolution": "0"})).status_code == 303
    foreign = await browser.post(
        link, data={"verdict": "solved", "resolution": "0"}, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    writer = Writer(house.store, house.clock.now)
    assert await erase(house.store, writer, ErasureTask("c w 1", "gone_x", b"key"))
    await writer.stop()
    assert (await browser.get(link)).status_code == 404


async def test_only_where_a_notice_may_have_no_room_is_there_a_page(house: House, api: httpx.AsyncClient) -> None:
    contact = [{"channel": "sandbox", "address": "phone"}]
    body = ticket(customer={"id": "c-9", "contacts": contact}, status="open", closed_at=None)
    await api.put("/api/v1/tickets/desk/9", json=body)
    issue = (await api.post("/api/v1/issues", json={"title": "空调", "ticket": "desk/9"})).json()["id"]
    await resolve(api, issue)
    assert await page_of_notice(house) == ""


async def test_where_we_make_a_mistake_the_page_says_so_and_the_verdict_is_taken_afterwards(
    house: House, api: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    issue = await resolved(api)
    link, receiver = await page_of_notice(house), house.web.receiver
    right = receiver.policy
    no_length: Any = "soon"
    pressed = {"verdict": "not_solved", "resolution": "0"}
    receiver.adopt(replace(right, claim_within=no_length))
    answer = await browser.post(link, data=pressed, headers={"accept-language": "zh-CN"})
    assert (answer.status_code, "过一会儿再试一次就好" in answer.text) == (503, True)
    receiver.adopt(right)
    assert (await browser.post(link, data=pressed)).status_code == 303
    assert await state(api, issue) == ("open", 1)
