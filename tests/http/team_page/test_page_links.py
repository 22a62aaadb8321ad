"""The links of the team's page: what opens it, what does not, in which language, and how it is guarded."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.handlers.issues.team_page import IssueSheet
from bot.http.team_page.sheet import EventLine, SheetReader, sheet_values
from bot.signed_links import LinkPurpose, Links
from dialogs.issue.cards import CardFacts
from storage.model.records import IssueEvent
from tests.dialogs.samples import ISSUE, LOCALES, NOW, PHRASES, SHANGHAI
from tests.support.web.house import URL
from tests.support.web.survey_pages import Page
from tests.support.web.team_pages import LINKS, SENTENCE, Office, open_office


def said(key: str, locale: str = "zh-Hans", **values: object) -> str:
    return PHRASES.say(locale, f"team_page.{key}", **values)


@pytest.fixture
async def office(folder: Path) -> AsyncIterator[Office]:
    """An office with one open issue."""
    async with open_office(folder) as opened:
        yield opened


async def test_looking_records_nothing_and_leaves_no_cookie(office: Office) -> None:
    phone = await office.phone()
    before = await office.told()
    for query in ("", "?do=re", "?edit=1", "?said=sent"):
        page = await phone.opens(query)
        assert (page.status, "set-cookie" in page.headers) == (200, False)
    head = await phone.browser.head(phone.link)
    assert head.status_code in {200, 405}
    assert await office.told() == before


async def test_an_expired_link_says_what_to_do(office: Office) -> None:
    phone = await office.phone(lasts=timedelta(minutes=1))
    office.house.clock.passes(timedelta(minutes=2))
    page = await phone.opens()
    assert (page.status, said("note.expired") in page.text) == (410, True)
    assert page.forms == []
    sent = await phone.sends({"act": "claim", "name": "小李"})
    assert (sent.status, (await office.told())["status"]) == (410, "open")


@pytest.mark.parametrize("token", ["x", "%00", "é", "A" * 400, "..%2f..%2fetc", "-_-_", "AAAA=="])
async def test_what_is_no_link_of_ours_is_told_kindly(office: Office, token: str) -> None:
    phone = await office.phone()
    phone.link = f"/t/{token}"
    for page in (await phone.opens(), await phone.sends({"act": "claim", "name": "小李"})):
        assert page.status == 404
    assert (await office.told())["status"] == "open"


@pytest.mark.parametrize("purpose", [LinkPurpose.SURVEY, LinkPurpose.WEB, LinkPurpose.BINDING])
async def test_a_customers_link_opens_no_team_page(office: Office, purpose: LinkPurpose) -> None:
    phone = await office.phone()
    phone.link = f"/t/{LINKS.token(purpose, office.issue, office.house.clock.now() + timedelta(days=1))}"
    assert (await phone.opens()).status == 404


async def test_a_link_that_somebody_signed_themselves_opens_nothing(office: Office) -> None:
    phone = await office.phone()
    forged = Links(URL, b"another key").token(
        LinkPurpose.TEAM, office.issue, office.house.clock.now() + timedelta(days=1)
    )
    phone.link = f"/t/{forged}"
    assert (await phone.opens()).status == 404


async def test_a_link_to_an_issue_that_is_not_there_says_so(office: Office) -> None:
    page = await (await office.phone("iss_gone")).opens()
    assert (page.status, said("note.unknown_title") in page.text) == (404, True)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}], ids=str)
async def test_what_another_site_sends_is_not_taken(office: Office, headers: dict[str, str]) -> None:
    phone = await office.phone()
    form = phone.page.form("act").hidden | {"act": "claim", "name": "小李"}
    page = await phone.sends(form, **headers)
    assert (page.status, (await office.told())["status"]) == (403, "open")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"act": "reopen", "name": "小李"},
        {"act": "claim", "name": " \u202e\x00 "},
        {"act": "claim", "name": "小李", "round": "x"},
        {"act": "claim", "name": "小李", "round": "99999999999999"},
        {f"f{n}": "x" for n in range(50)} | {"act": "claim"},
        {"act": "send", "name": "小李", "round": "0", "draft": "0"},
    ],
    ids=str,
)
async def test_a_crooked_form_changes_nothing(office: Office, fields: dict[str, str]) -> None:
    phone = await office.phone()
    page = await phone.sends(fields)
    assert page.status in {200, 422}
    assert (await office.told())["status"] == "open"


async def test_a_body_without_end_is_refused(office: Office) -> None:
    phone = await office.phone()
    assert (await phone.sends({"act": "draft", "note": "x" * 70_000})).status == 413


async def test_the_page_is_guarded_as_the_console_is(office: Office) -> None:
    page = (await office.phone()).page
    policy = set(page.headers["content-security-policy"].split("; "))
    assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "noindex" in page.headers["x-robots-tag"]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page.html)


async def test_whatever_was_written_stays_text(folder: Path) -> None:
    async with open_office(folder, name="<i>王</i>") as office:
        issue = await office.opened("<script>alert(1)</script>\u202e")
        phone = await office.phone(issue)
        await phone.presses("claim", name='<b>"小李"</b>')
        assert "<script>" not in phone.page.html
        assert "\u202e" not in phone.page.html
        assert '<b>"小李"' not in phone.page.html
        assert '<b>"小李"</b>' in phone.page.text.replace("\n", "") or "小李" in phone.page.text


async def test_the_customers_whole_name_does_not_stand_on_the_page(office: Office) -> None:
    page = (await office.phone()).page
    assert "王**" in page.text
    assert "王女士" not in page.text


@pytest.mark.parametrize(
    ("wish", "locale"), [("en-GB,en;q=0.9", "en"), ("zh-TW,zh;q=0.8", "zh-Hant"), ("zh-CN", "zh-Hans"), ("", "zh-Hans")]
)
async def test_it_speaks_the_readers_language(office: Office, wish: str, locale: str) -> None:
    phone = await office.phone()
    page = await phone.opens(**{"accept-language": wish})
    assert f'<html lang="{locale}">' in page.html
    assert PHRASES.say(locale, "button.claim") in page.text


async def test_the_preview_speaks_the_customers_language_whatever_the_reader_speaks(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    await phone.presses("draft", note=SENTENCE)
    page = await phone.opens(**{"accept-language": "en"})
    assert said("reads", "en") in page.text
    assert PHRASES.say("zh-Hans", "closure.ask") in page.text


async def test_styles_and_pictures_are_given_and_nothing_else(office: Office) -> None:
    phone = await office.phone()
    names = re.findall(r'href="(static/[^"]+)"', phone.page.html)
    assert len(names) == 2
    answers = [await phone.browser.get(f"/t/{name}") for name in names]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sum(len(answer.content) for answer in answers) + len(phone.page.html.encode()) < 20_000
    for name in ("nothing.css", "..%2Froutes.py", "%2e%2e/pages.py"):
        assert (await phone.browser.get(f"/t/static/{name}")).status_code == 404


@pytest.mark.parametrize("said_in", ["drafted", "event.opened", "<b>", "no_note", "x" * 500])
async def test_an_address_puts_no_words_into_our_mouth(office: Office, said_in: str) -> None:
    phone = await office.phone()
    plain = re.sub(r'name="once" value="[^"]*"', "", (await phone.opens()).html)
    crooked = Page(await phone.browser.get(phone.link, params={"said": said_in}))
    assert re.sub(r'name="once" value="[^"]*"', "", crooked.html) == plain


async def test_while_nothing_can_be_saved_it_says_so_and_asks_to_come_back(office: Office) -> None:
    phone = await office.phone()
    await office.house.web.receiver._writer.stop()  # noqa: SLF001 (the database stands still)
    for page in (await phone.opens(), await phone.sends({"act": "claim", "name": "小李"})):
        assert (page.status, said("note.busy") in page.text) == (503, True)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_timeline_has_words_for_what_happens_and_shows_the_rest_as_it_is(locale: str) -> None:
    happened = (
        "opened joined corrected claimed released drafted resolved resolved_silently reopened confirmed not_solved "
        "customer_wrote closure_undeliverable closure_not_sent overdue closed merged martian"
    ).split()
    lines = [IssueEvent(ISSUE.id, number, NOW, event) for number, event in enumerate(happened)]
    shown: list[EventLine] = []
    for start in range(0, len(lines), 8):
        told = sheet_values(
            IssueSheet(ISSUE, CardFacts()), lines[start : start + 8], SheetReader(locale, SHANGHAI), PHRASES
        )
        shown += cast("list[EventLine]", told["timeline"])
    assert [line.event for line in shown if line.event in happened] == ["martian"]
    assert len({line.event for line in shown}) == len(happened)
