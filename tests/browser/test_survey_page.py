"""The survey's page in a real browser, on phones of 320 to 390 px: looks, thumbs, barriers, weight."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.signed_links import LinkPurpose
from tests.browser.tab import Tab, open_tab
from tests.support.web.house import House
from tests.support.web.survey_pages import LINKS, asked

HEAVIEST = 60_000
"""Bytes of a page with its style sheet and scripts."""
SMALLEST = "Math.min(99, ...[...document.querySelectorAll('button, summary')].map((one) => one.offsetHeight || 99))"
ANOTHER = "Object.keys(localStorage)[0].replace(/remark:.*/, 'comment=')"
"""The key of unsent words at another step of the same survey."""
LOWEST = "Math.max(...[...document.querySelectorAll('[name=rate]')].map((one) => one.getBoundingClientRect().bottom))"


def link(house: House, address: str, purpose: LinkPurpose, subject: str) -> str:
    return f"{address}/s/{LINKS.token(purpose, subject, house.clock.now() + timedelta(hours=72))}"


async def look(tab: Tab, pictures: Path, name: str) -> None:
    """Look at a screen by day and by night: no barrier, no button too small for a thumb."""
    for scheme, rules in (("dark", ["color-contrast"]), ("light", [])):
        await tab.color(scheme)
        await tab.photograph(pictures / f"{name}-{scheme}.png")
        assert (name, scheme, await tab.barriers(rules)) == (name, scheme, [])
    assert await tab.asks(SMALLEST) >= 44, name


async def test_a_thumb_answers_everything_on_the_smallest_phone(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    async with open_tab(chromium, 320, 568) as tab:
        await tab.goto(link(house, address, LinkPurpose.SURVEY, await asked(api)))
        await tab.sees("响应速度")
        assert await tab.asks(LOWEST) <= 568, "the stars are below the edge"
        assert tab.weight < HEAVIEST, f"the page weighs {tab.weight} bytes"
        await look(tab, tmp_path, "first")
        await tab.tap("[name=rate][value='2']")
        await tab.sees("哪里让您不满意？")
        await look(tab, tmp_path, "remark")
        await tab.write("textarea", "等了两个小时 <b>&")
        await tab.tap("[name=say]")
        await tab.sees("问题解决得怎么样")
        await tab.tap("[name=rate][value='4']")
        await tab.sees("服务态度")
        await tab.tap("[name=back]")
        await tab.sees("问题解决得怎么样")
        for name in ("服务态度", "方便程度", "后续关怀", "最后"):
            await tab.tap("[name=rate][value='5']")
            await tab.sees(name)
        await tab.photograph(tmp_path / "comment.png")
        await tab.tap("[name=skip]")
        await tab.sees("您的评价收到了")
        await tab.tap(".ratings summary")
        await look(tab, tmp_path, "done")
        await tab.tap("[name=rate][value='3']")
        await tab.sees("★★★☆☆")
        assert tab.complaints == []
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert [answer["value"] for answer in response["answers"]] == [3, 5, 5, 5, 5]
    assert response["answers"][0]["text"] == "等了两个小时 <b>&"


async def test_everything_works_where_no_script_runs(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    async with open_tab(chromium, 390, 844, scripts=False) as tab:
        await tab.color("dark")
        await tab.goto(link(house, address, LinkPurpose.SURVEY, await asked(api, locale="en", name="Ms Wang")))
        await tab.sees("Hello Ms Wang!")
        await tab.photograph(tmp_path / "plain.png")
        await tab.tap("[name=rate][value='1']")
        await tab.sees("What went wrong?")
        await tab.write("textarea", "They came two hours late.")
        await tab.tap("[name=say]")
        for following in ("Problem solving", "Attitude", "Convenience", "After-care"):
            await tab.sees(following)
            await tab.tap("[name=skip]")
        await tab.sees("Last step")
        await tab.tap("[name=skip]")
        await tab.sees("Thank you, Ms Wang!")
        await tab.photograph(tmp_path / "plain-done.png")
        await tab.tap(".stop summary")
        await tab.tap("[name=stop]")
        await tab.sees("All right, no more surveys")
        assert tab.complaints == []
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert (response["status"], response["score"]) == ("completed", 1)


@pytest.mark.proof
async def test_ten_points_fit_a_thumb_too(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    async with open_tab(chromium, 320, 568) as tab:
        await tab.goto(link(house, address, LinkPurpose.SURVEY, await asked(api, "ten_point", locale="zh-Hant")))
        await tab.sees("第 1 題，共 5 題")
        assert await tab.asks(LOWEST) <= 568, "the numbers are below the edge"
        await look(tab, tmp_path, "ten")
        await tab.tap("[name=rate][value='10']")
        await tab.sees("第 2 題，共 5 題")
        assert tab.complaints == []


async def test_without_a_connection_nothing_typed_is_lost(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    async with open_tab(chromium, 375, 667) as tab:
        here = link(house, address, LinkPurpose.SURVEY, await asked(api))
        await tab.goto(here)
        await tab.sees("响应速度")
        await tab.tap("[name=rate][value='1']")
        await tab.sees("哪里让您不满意？")
        await tab.write("textarea", "等了两个小时")
        gone = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await tab.call("Network.emulateNetworkConditions", **gone)
        await tab.tap("[name=say]")
        await tab.sees("网络没连上，刚才点的没有记上，您写的还在。")
        await look(tab, tmp_path, "offline")
        assert await tab.asks("document.querySelector('textarea').value") == "等了两个小时"
        await tab.call("Network.emulateNetworkConditions", **gone | {"offline": False})
        await tab.goto(here)
        await tab.until("document.querySelector('textarea').value === '等了两个小时'")
        await tab.tap("[name=back]")
        await tab.until("document.querySelector('textarea') === null")
        assert await tab.asks("Object.keys(localStorage).join()") == ""
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert response["answers"][0]["text"] == "等了两个小时"


@pytest.mark.proof
async def test_unsent_words_are_forgotten_when_the_survey_ends(
    house: House, api: httpx.AsyncClient, address: str, chromium: str
) -> None:
    async with open_tab(chromium, 375, 667) as tab:
        here = link(house, address, LinkPurpose.SURVEY, await asked(api))
        await tab.goto(here)
        await tab.tap("[name=rate][value='1']")
        await tab.write("textarea", "等了两个小时")
        await tab.until("Object.keys(localStorage).length === 1")
        assert await tab.asks("Object.keys(localStorage)[0].length") < 50, "the link's token is a permission"
        await tab.asks(f"localStorage[{ANOTHER}] = localStorage[Object.keys(localStorage)[0]]")
        await tab.tap(".stop summary")
        await tab.tap("[name=stop]")
        await tab.until("document.querySelector('main').hasAttribute('data-over')")
        assert await tab.asks("Object.keys(localStorage).join()") == ""


@pytest.mark.proof
async def test_notes_and_codes_keep_nobody_out(house: House, address: str, chromium: str, tmp_path: Path) -> None:
    async with open_tab(chromium, 320, 568) as tab:
        await tab.call("Network.setExtraHTTPHeaders", headers={"accept-language": "zh-CN"})
        for purpose, says in ((LinkPurpose.BINDING, "用微信扫一扫"), (LinkPurpose.TEAM, "这个链接打不开")):
            await tab.goto(link(house, address, purpose, "http://weixin.qq.com/q/02xyzABC"))
            await tab.sees(says)
            await look(tab, tmp_path, purpose.name.lower())


@pytest.mark.proof  # a browser of its own for one page; without a script tests/http/survey_page has it
async def test_an_outcome_is_read_whole_and_judged_by_thumb(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    await asked(api)
    issue = (await api.post("/api/v1/issues", json={"title": "空调", "ticket": "zendesk/42"})).json()["id"]
    note = "换了压缩机，又加了制冷剂，试了一个小时，请再试试看，不行随时找我。" * 4
    await api.post(f"/api/v1/issues/{issue}/resolve", json={"by": "李工", "note": note})
    async with open_tab(chromium, 320, 568) as tab:
        await tab.goto(link(house, address, LinkPurpose.CLOSURE, f"{issue} 0 c-1001"))
        await tab.sees("不行随时找我")
        await look(tab, tmp_path, "outcome")
        await tab.tap("[name=verdict][value=not_solved]")
        await tab.sees("我们已经告诉处理的同事")
        await look(tab, tmp_path, "judged")
