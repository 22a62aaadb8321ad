"""The console's pages: in by a one-time link, on our own origin only, in the reader's language, free of inline code."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.http.console.render import CONSOLE_TEXTS
from tests.support.web.house import URL, House, open_house

HERE = "/console/sandbox"
OURS = {"origin": URL}
PAGE = {"accept": "text/html"}


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a browser that has not come in."""
    async with house.client(key=None) as client:
        yield client


@pytest.fixture
async def member(house: House, visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser that has come in."""
    assert (await enter(visitor, link_of(house))).status_code == 303
    return visitor


def link_of(house: House) -> str:
    return f"/console/enter?key={house.web.console.invite()}"


async def enter(browser: httpx.AsyncClient, link: str) -> httpx.Response:
    """Open the link and press its button."""
    page = await browser.get(link)
    key = re.search(r'name="key" value="([^"]*)"', page.text)
    return await browser.post("/console/enter", data={"key": key[1] if key else ""}, headers=OURS)


async def test_looking_at_the_link_does_not_burn_it_but_entering_does(house: House, visitor: httpx.AsyncClient) -> None:
    link = link_of(house)
    for _ in range(3):
        assert (await visitor.get(link)).status_code == 200
    entered = await enter(visitor, link)
    assert (entered.status_code, entered.headers["location"].partition("?")[0]) == (303, HERE)
    visitor.cookies.clear()
    again = await enter(visitor, link)
    assert again.status_code == 401
    assert CONSOLE_TEXTS["zh-Hans"]["used_title"] in again.text


async def test_the_sessions_cookie_is_kept_from_scripts_and_other_sites(
    house: House, visitor: httpx.AsyncClient
) -> None:
    entered = await enter(visitor, link_of(house))
    cookie = entered.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


async def test_over_https_the_cookie_is_for_this_host_and_https_only(folder: Path) -> None:
    async with open_house(folder, public_url="https://huifang.example") as house, house.client(key=None) as visitor:
        key = house.web.console.invite()
        entered = await visitor.post("/console/enter", data={"key": key}, headers={"origin": "https://huifang.example"})
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie.split("; ")


async def test_without_a_session_people_are_shown_the_way_and_scripts_a_problem(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get(HERE, headers=PAGE)
    assert (page.status_code, CONSOLE_TEXTS["zh-Hans"]["lost_title"] in page.text) == (401, True)
    for path in (f"{HERE}/state", f"{HERE}/stream"):
        assert (await visitor.get(path)).json()["status"] == 401
    for path in (f"{HERE}/act", f"{HERE}/close"):
        assert (await visitor.post(path, json={}, headers=OURS)).json()["status"] == 401


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://127.0.0.1:8481", f"{URL}.evil.example"])
async def test_what_another_site_sends_is_refused(member: httpx.AsyncClient, origin: str) -> None:
    for path in ("/console/enter", f"{HERE}/act", f"{HERE}/close"):
        answer = await member.post(path, json={}, headers={"origin": origin})
        assert answer.status_code == 403, path


async def test_pages_allow_no_inline_code_and_no_foreign_frame(member: httpx.AsyncClient) -> None:
    page = await member.get(HERE)
    policy = page.headers["content-security-policy"]
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?! src)|<style|\sstyle=|\son\w+=|javascript:", page.text)


async def test_what_stands_in_the_address_does_no_harm(member: httpx.AsyncClient) -> None:
    page = await member.get(HERE, params={"start": '"><script>alert(1)</script>', "lang": "<b>"})
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "zh-Hans"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.8,en;q=0.5", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("fr,de;q=0.9,en;q=0.1", "en"),
        ("fr", "zh-Hans"),
        ("en;q=0.2,zh-CN;q=0.7", "zh-Hans"),
    ],
)
async def test_a_page_speaks_the_readers_language(visitor: httpx.AsyncClient, wish: str, language: str) -> None:
    page = await visitor.get("/console/enter", headers={"accept-language": wish})
    assert f'<html lang="{language}">' in page.text
    assert CONSOLE_TEXTS[language]["enter_button"] in page.text


async def test_the_language_chosen_on_the_page_wins(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/console/enter?lang=zh-Hant", headers={"accept-language": "en"})
    assert '<html lang="zh-Hant">' in page.text


def test_every_language_has_the_same_words_with_the_same_holes() -> None:
    holes = {
        tag: {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words.items()}
        for tag, words in CONSOLE_TEXTS.items()
    }
    assert holes["zh-Hans"] == holes["zh-Hant"] == holes["en"]


async def test_styles_and_scripts_are_given_and_nothing_else(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/console/enter")
    for name in re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page.text):
        assert (await visitor.get(name)).status_code == 200
    for name in ("nothing.css", "..%2Froutes.py", "%2e%2e/words.toml"):
        assert (await visitor.get(f"/console/static/{name}")).status_code == 404


async def test_the_page_knows_every_word_that_its_script_says(member: httpx.AsyncClient) -> None:
    names = ("chat.js", "sandbox.js")
    script = "".join([(await member.get(f"/console/static/{name}")).text for name in names])
    assert set(re.findall(r"\bwords\.(\w+)", script)) <= CONSOLE_TEXTS["en"].keys()
    assert "innerHTML" not in script


async def test_with_a_real_channel_there_is_no_sandbox(folder: Path) -> None:
    async with open_house(folder, simulated=None) as house, house.client(key=None) as client:
        for path in ("/console/enter", HERE, f"{HERE}/state"):
            assert (await client.get(path)).status_code == 404


async def test_the_words_reach_the_script_whole(member: httpx.AsyncClient) -> None:
    page = await member.get(HERE, params={"lang": "en"})
    (written,) = re.findall(r'data-words="([^"]*)"', page.text)
    plain = written.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    assert json.loads(plain.replace("&amp;", "&")) == CONSOLE_TEXTS["en"]
