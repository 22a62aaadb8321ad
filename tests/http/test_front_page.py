"""`/` tells people what this is; an address where nothing is says so: a page for readers, a problem for programs."""

import re
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from scoring.values import replace
from tests.support.web.house import House, open_house
from tests.support.web.survey_pages import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NOWHERE = "/none /console /console/sandbox /s/ /s/a/b /s/static/none.css /t/ /d/ /f/x/y?z=1".split()
LOST = {"zh-CN": "这个网址没有内容", "zh-TW": "這個網址沒有內容", "en": "nothing at this address"}
ANYTHING = ("*/*", "application/json", "")


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house as it is with a real channel: without a sandbox."""
    async with open_house(folder, simulated=None) as opened:
        yield opened


@pytest.fixture
async def anybody(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client without a key."""
    async with house.client(key=None) as client:
        yield client


async def seen(client: httpx.AsyncClient, path: str, language: str = "zh-CN", method: str = "GET") -> Page:
    return Page(await client.request(method, path, headers={"accept": BROWSER, "accept-language": language}))


async def leads_somewhere(client: httpx.AsyncClient, page: Page, path: str) -> list[str]:
    """Follow every address in a page, and return those that are there."""
    addresses = [urljoin(path, address) for address in re.findall(r'(?:href|src)="([^"]+)"', page.html)]
    for address in addresses:
        answer = await client.get(address)
        assert answer.status_code == 200, address
    return addresses


async def test_the_front_page_says_what_this_is_and_leads_on(anybody: httpx.AsyncClient) -> None:
    for language, says in (
        ("zh-CN", "服务结束以后，我们会请您打个分"),
        ("zh-TW", "服務結束之後，我們會請您打個分"),
        ("en", "we ask how it went"),
    ):
        page = await seen(anybody, "/", language)
        assert page.status == 200
        assert says in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert {"/docs", "/privacy"} <= set(await leads_somewhere(anybody, page, "/"))


async def test_the_front_page_names_the_company(house: House, anybody: httpx.AsyncClient) -> None:
    policy = house.web.receiver.policy
    house.web.receiver.adopt(replace(policy, privacy=replace(policy.privacy, company="清风空调 <b>")))
    page = await seen(anybody, "/")
    assert "清风空调 <b>服务结束以后" in page.text
    assert "<b>" not in page.html


async def test_programs_are_told_in_json_where_things_are(anybody: httpx.AsyncClient) -> None:
    told = {"name": "huifang", "api": "/openapi.json", "health": "/healthz", "privacy": "/privacy", "docs": "/docs"}
    for accept in ANYTHING:
        assert (await anybody.get("/", headers={"accept": accept})).json() == told


async def test_the_sandbox_is_named_where_there_is_one(folder: Path) -> None:
    async with open_house(folder) as house, house.client(key=None) as anybody:
        assert 'href="./console"' in (await seen(anybody, "/")).html
        assert (await anybody.get("/")).json()["console"] == "/console"


async def test_whoever_lost_the_way_reads_so_in_their_language(anybody: httpx.AsyncClient) -> None:
    for path, (language, says) in product(NOWHERE, LOST.items()):
        page = await seen(anybody, path, language)
        assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8"), path
        assert says in page.text, path
        assert "/" in await leads_somewhere(anybody, page, path)


async def test_programs_that_lost_the_way_are_told_a_problem(anybody: httpx.AsyncClient) -> None:
    for path, accept in product(NOWHERE, ANYTHING):
        answer = await anybody.get(path, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


async def test_what_is_for_programs_answers_as_to_programs(anybody: httpx.AsyncClient) -> None:
    for path, status in (("/api/none", 404), ("/api/v1/none", 401), ("/hooks/none", 404), ("/hooks/tickets", 405)):
        page = await seen(anybody, path)
        assert (page.status, page.headers["content-type"]) == (status, "application/problem+json")


async def test_a_form_sent_to_where_none_is_taken_says_so_in_a_page(anybody: httpx.AsyncClient) -> None:
    page = await seen(anybody, "/privacy", method="POST")
    assert (page.status, page.headers["content-type"]) == (405, "text/html; charset=utf-8")
