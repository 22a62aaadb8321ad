"""At the page's door: looking records nothing, other sites send nothing, a link that opens nothing says what to do."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.signed_links import LinkPurpose, Links
from scoring.values import replace
from tests.support.web.house import DATABASE, URL, House
from tests.support.web.survey_pages import LINKS, Page, Phone, asked, survey_link


def written(folder: Path) -> list[str]:
    """Return every row of the database."""
    with sqlite3.connect(folder / DATABASE) as database:
        rows = list(database.iterdump())
    database.close()
    return rows


async def test_looking_records_nothing_however_often(house: House, api: httpx.AsyncClient, folder: Path) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json={"status": "closed", "customer": {"id": "c-1001"}})
    web = (await api.post("/api/v1/customers/c-1001/links", json={"channel": "web"})).json()["url"]
    links = [
        survey_link(house, await asked(api)),
        web,
        LINKS.url(LinkPurpose.BINDING, "weixin://q/1", house.clock.now()),
    ]
    before = written(folder)
    for link in links:
        for method in ("GET", "HEAD"):
            for query in ("", "?rate=5&step=response_speed%3D", "?stop=1", "?said=late"):
                assert (await api.request(method, link + query)).status_code in {200, 410}
    assert written(folder) == before


async def test_an_expired_link_says_so_in_the_readers_language(house: House, api: httpx.AsyncClient) -> None:
    link = survey_link(house, await asked(api), lasts=timedelta(hours=1))
    house.clock.passes(timedelta(hours=1))
    for answer in (await api.get(link), await api.post(link, data={"rate": "5"})):
        assert (answer.status_code, "这个链接过期了" in answer.text) == (410, True)
    english = await api.get(link, headers={"accept-language": "en-GB"})
    assert "This link has expired" in english.text
    assert '<html lang="en">' in english.text


@pytest.mark.parametrize("crooked", ["", "x", "é", "a:b", "%2F..%2F", "A" * 4000])
async def test_a_link_that_is_none_of_ours_opens_nothing(api: httpx.AsyncClient, crooked: str) -> None:
    await asked(api)
    answer = await api.get(f"/s/{crooked}x")
    assert (answer.status_code, "这个链接打不开" in answer.text) == (404, "/" not in crooked and "%2F" not in crooked)


async def test_links_for_the_team_of_others_and_of_nobody_open_nothing(house: House, api: httpx.AsyncClient) -> None:
    interview, until = await asked(api), house.clock.now() + timedelta(hours=1)
    for token in (
        LINKS.token(LinkPurpose.TEAM, interview, until),
        LINKS.token(LinkPurpose.SURVEY, "int_none", until),
        LINKS.token(LinkPurpose.WEB, "a-secret-that-was-never-drawn", until),
        Links(URL, b"somebody else's key").token(LinkPurpose.SURVEY, interview, until),
        Links(URL, b"").token(LinkPurpose.SURVEY, interview, until),
    ):
        answer = await api.get(f"/s/{token}")
        assert (answer.status_code, "请从原来的消息里再点一次" in answer.text) == (404, True)
        assert (await api.post(f"/s/{token}", data={"stop": "1"})).status_code in {303, 404}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{URL}.evil.example"},
        {"origin": URL, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_what_another_site_sends_is_not_recorded(
    house: House, api: httpx.AsyncClient, folder: Path, headers: dict[str, str]
) -> None:
    phone = await Phone.at(api, survey_link(house, await asked(api)))
    before = written(folder)
    link = survey_link(house, phone.page.forms[0].action)
    answer = await api.post(link, data={"stop": "1"}, headers=headers)
    assert answer.status_code == 403
    assert "它不是从评价页上点的" in answer.text
    assert written(folder) == before


@pytest.mark.parametrize("headers", [{}, {"origin": URL, "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
async def test_what_our_page_sends_is_taken(house: House, api: httpx.AsyncClient, headers: dict[str, str]) -> None:
    link = survey_link(house, await asked(api))
    fields = {"step": "response_speed=", "rate": "5"}
    answer = await api.post(link, data=fields, headers=headers)
    assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
    assert "第 2 题" in (await api.get(link)).text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"rate=", b"say=1&text=%ff", b"&" * 999, b"a=1&" * 99, b"stop"])
async def test_a_form_that_is_none_of_ours_changes_nothing(house: House, api: httpx.AsyncClient, body: bytes) -> None:
    link = survey_link(house, await asked(api))
    answer = await api.post(link, content=body)
    page = Page(await api.get(link))
    assert (answer.status_code, "第 1 题，共 5 题" in page.lines) == (303, True)


async def test_pages_are_kept_nowhere_framed_nowhere_and_hold_no_inline_code(
    house: House, api: httpx.AsyncClient
) -> None:
    answer = await api.get(survey_link(house, await asked(api)))
    sources = set(answer.headers["content-security-policy"].split("; "))
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= sources
    assert (answer.headers["cache-control"], answer.headers["x-frame-options"]) == ("no-store", "DENY")
    assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=|javascript:|http", answer.text)


async def test_styles_and_scripts_are_given_and_nothing_else(house: House, api: httpx.AsyncClient) -> None:
    page = await api.get(survey_link(house, await asked(api)))
    found = re.findall(r'(?:href|src)="(static/[^"]+)"', page.text)
    assert len(found) == 3
    for name in found:
        given = await api.get(f"/s/{name}")
        assert (given.status_code, "immutable" in given.headers["cache-control"]) == (200, True)
    for name in ("nothing.css", "..%2Froutes.py", "%2e%2e/routes.py"):
        assert (await api.get(f"/s/static/{name}")).status_code == 404


async def test_a_code_to_scan_is_shown_with_what_to_do(house: House, api: httpx.AsyncClient) -> None:
    link = LINKS.url(LinkPurpose.BINDING, "http://weixin.qq.com/q/02xyz", house.clock.now() + timedelta(days=1))
    for language, says in (("zh-CN", "用微信扫一扫"), ("zh-TW", "用微信掃一掃"), ("en", "Scan with WeChat")):
        answer = await api.get(link, headers={"accept-language": language})
        assert says in answer.text
        assert 'src="data:image/png;base64,' in answer.text
        assert "img-src 'self' data:" in answer.headers["content-security-policy"]
    assert (await api.post(link, data={"stop": "1"})).status_code == 303


async def test_where_we_make_a_mistake_the_page_says_so_kindly(house: House, api: httpx.AsyncClient) -> None:
    link = survey_link(house, await asked(api))
    house.web.receiver.adopt(replace(house.web.receiver.policy, surveys={}))
    for answer in (await api.get(link), await api.post(link, data={"step": "response_speed=", "rate": "5"})):
        assert (answer.status_code, "过一会儿再试一次就好" in answer.text) == (503, True)
