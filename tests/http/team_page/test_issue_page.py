"""The team's page on a phone: a name given once, claim, a sentence, exactly what the customer reads, sent."""

from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from storage.model.records import Member
from tests.dialogs.samples import PHRASES
from tests.support.web.survey_pages import Page, messages
from tests.support.web.team_pages import SENTENCE, Office, Phone, open_office


def said(key: str, **values: object) -> str:
    return PHRASES.say("zh-Hans", f"team_page.{key}", **values)


@pytest.fixture
async def office(folder: Path) -> AsyncIterator[Office]:
    """An office with one open issue."""
    async with open_office(folder) as opened:
        yield opened


async def test_from_a_link_in_the_group_to_the_customers_phone(office: Office) -> None:
    phone = await office.phone()
    assert "客户来电说漏水" in phone.page.text
    claimed = await phone.presses("claim", name="小李")
    assert said("said.claimed") in claimed.text
    assert (await office.told())["claimed_by"] == "小李"
    preview = await phone.presses("draft", note=SENTENCE)
    assert (await office.told())["status"] == "claimed"
    done = await phone.presses("send")
    assert said("said.sent") in done.text
    issue = await office.told()
    assert (issue["status"], issue["note"], issue["claimed_by"]) == ("resolved", SENTENCE, "小李")
    (closure,) = [message for message in await messages(office.house) if message.purpose == "closure"]
    assert closure.prompt.text in unescape(preview.html)


async def test_a_name_is_given_once_and_can_be_given_back(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    other = await office.opened("发票开错了")
    phone.link = (await office.phone(other)).link
    assert said("me", name="小李") in (await phone.opens()).text
    await phone.presses("claim")
    assert (await office.told(other))["claimed_by"] == "小李"
    forgotten = await phone.presses("forget")
    assert said("me", name="小李") not in forgotten.text
    assert (await office.told(other))["claimed_by"] == "小李"


async def test_the_name_is_kept_from_scripts_and_cannot_be_made_up(office: Office) -> None:
    phone = await office.phone()
    form = phone.page.form("act")
    answer = await phone.browser.post(phone.link, data={**form.hidden, "act": "claim", "name": "小李"})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/t"} <= set(cookie.split("; "))
    (name,) = phone.browser.cookies
    phone.browser.cookies.set(name, phone.link.removeprefix("/t/"), domain="127.0.0.1", path="/t")
    assert office.issue not in (await phone.opens()).text


async def test_without_a_name_nothing_happens_and_what_was_typed_stays(office: Office) -> None:
    phone = await office.phone()
    await phone.opens("?do=re")
    page = await phone.presses("draft", note=SENTENCE)
    assert (page.status, said("said.no_name") in page.text, SENTENCE in page.text) == (422, True, True)
    assert (await office.told())["status"] == "open"
    await phone.presses("draft", note=SENTENCE, name="小李")
    assert "send" in phone.acts


@pytest.mark.parametrize(("note", "why"), [(" \r\n ", "no_note"), ("长" * 2001, "long_note")])
async def test_a_sentence_that_is_none_or_too_long_is_not_taken(office: Office, note: str, why: str) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    page = await phone.presses("draft", note=note)
    assert page.status == 422
    assert said(f"said.{why}", most=2000, count=2001) in page.text
    assert note.strip() in page.html
    assert [line["event"] for line in (await office.told())["timeline"]] == ["opened", "claimed"]


async def test_lines_of_a_sentence_reach_the_customer_as_they_were_written(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    await phone.presses("draft", note="第一行\r\n第二行 <b>& \x00")
    assert "第二行 &lt;b&gt;&amp;" in phone.page.html
    await phone.presses("send")
    assert (await office.told())["note"] == "第一行\n第二行 <b>&"


async def test_who_presses_first_wins_and_the_other_is_told_politely(office: Office) -> None:
    first, second = await office.phone(), await office.phone()
    await first.presses("claim", name="小李")
    lost = await second.presses("claim", name="小张")
    assert said("said.held", name="小李") in lost.text
    assert second.acts == ["forget", "take", "assign", "merge"]
    assert (await office.told())["claimed_by"] == "小李"


async def _more(phone: Phone, act: str, **written: str) -> Page:
    """Press a button under More, whichever form it stands in."""
    assert act in phone.acts
    return await phone.sends(phone.page.form("act").hidden | written | {"act": act})


async def test_it_is_passed_on_by_the_holder_and_taken_over_by_others_once_the_time_has_come(office: Office) -> None:
    first, second = await office.phone(), await office.phone()
    await first.presses("claim", name="小李")
    await second.opens()
    early = await _more(second, "take", name="小张")
    assert said("said.not_yet", name="小李", moment="11月22日 23:00") in early.text
    assert (await _more(first, "assign", to="")).status == 422
    assert said("said.assigned", name="小张") in (await _more(first, "assign", to="小张")).text
    assert said("said.taken") not in (await second.opens()).text
    assert "draft" in second.acts
    lines = [(line["event"], line["by"], line["text"]) for line in (await office.told())["timeline"]]
    assert lines[1:] == [("claimed", "小李", None), ("assigned", "小李", "小李 → 小张")]


async def test_a_name_that_is_only_typed_gives_no_rights_of_a_lead_and_none_of_the_holder(office: Office) -> None:
    await office.enlists(Member("李工", "agent"), Member("陈组长", "lead"))
    first, stranger = await office.phone(), await office.phone()
    await first.presses("claim", name="李工")
    await stranger.opens()
    taken = await _more(stranger, "take", name="陈组长")
    assert said("said.not_yet", name="李工", moment="11月22日 23:00") in taken.text
    for act in ("release", "assign"):
        fields = stranger.page.form("act").hidden | {"act": act, "name": "李工", "to": "陈组长"}
        for name in ("李工", " 李\u200b 工", "李工\u3164"):
            page = await stranger.sends(fields | {"name": name})
            assert said("said.not_proven", name="李工") in page.text, "no spelling proves it either"
    assert (await office.told())["claimed_by"] == "李工"
    await first.opens()
    assert said("said.released") in (await first.presses("release")).text


async def test_the_browser_in_which_it_was_claimed_proves_it_also_by_the_groups_link(office: Office) -> None:
    phone = await office.phone()
    group = phone.link
    await phone.presses("claim", name="小李")
    phone.link = group
    await phone.opens()
    assert said("said.released") in (await phone.presses("release")).text


async def test_it_is_merged_by_the_number_of_the_other(office: Office) -> None:
    phone = await office.phone()
    other = (await office.api.post("/api/v1/issues", json={"title": "同一台空调"})).json()["id"]
    assert "merge" not in phone.acts
    await phone.presses("claim", name="小李")
    assert (await _more(phone, "merge", number="随便")).status == 422
    assert said("said.no_such") in (await _more(phone, "merge", number="#00000")).text
    merged = await _more(phone, "merge", number=f"#{other[-5:].lower()}")
    assert said("merged", number=f"#{other[-5:].upper()}") in merged.text
    assert ((await office.told())["status"], (await office.told())["timeline"][-1]["text"]) == ("closed", other)


async def test_a_sentence_written_while_somebody_else_claimed_changes_nothing(office: Office) -> None:
    first, second = await office.phone(), await office.phone()
    await second.opens("?do=re")
    await first.presses("claim", name="小李")
    await second.presses("draft", note=SENTENCE, name="小张")
    assert said("said.held", name="小李") in second.page.text
    assert [line["event"] for line in (await office.told())["timeline"]] == ["opened", "claimed"]


async def test_a_press_sent_twice_is_done_once(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    fields = phone.page.form("act").hidden | {"act": "draft", "note": SENTENCE}
    await phone.sends(fields)
    again = await phone.sends(fields)
    assert "send" in phone.acts
    assert SENTENCE in again.text
    events = [line["event"] for line in (await office.told())["timeline"]]
    assert events == ["opened", "claimed", "drafted"]
    release = phone.page.form("act").hidden | {"act": "release"}
    for _ in range(2):
        assert said("said.released") in (await phone.sends(release)).text


async def test_a_preview_that_was_overtaken_sends_nothing(office: Office) -> None:
    phone, tablet = await office.phone(), await office.phone()
    await phone.presses("claim", name="小李")
    await phone.presses("draft", note="旧的一句")
    await tablet.opens()
    await tablet.presses("remember", name="小李")
    await tablet.opens("?edit=1")
    await tablet.presses("draft", note=SENTENCE)
    assert said("said.stale") in (await phone.presses("send")).text
    assert (await office.told())["status"] == "claimed"
    await phone.presses("send")
    assert (await office.told())["note"] == SENTENCE


async def test_a_page_from_before_it_was_opened_again_does_nothing(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    await phone.presses("draft", note=SENTENCE)
    old = phone.page.form("act").hidden
    await phone.presses("send")
    await office.does("reopen", by="小王", reason="又漏了")
    assert said("said.stale") in (await phone.sends({**old, "once": "another", "act": "silently"})).text
    assert (await office.told())["status"] == "open"


async def test_a_sentence_can_be_changed_before_it_goes(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    await phone.presses("draft", note="打错的字")
    await phone.opens("?edit=1")
    assert "打错的字" in phone.page.text
    await phone.presses("draft", note=SENTENCE)
    await phone.presses("send")
    assert (await office.told())["note"] == SENTENCE


async def test_resolving_silently_tells_the_customer_nothing(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    await phone.presses("draft", note=SENTENCE)
    assert said("said.silent") in (await phone.presses("silently")).text
    issue = await office.told()
    assert (issue["status"], issue["note"]) == ("closed", SENTENCE)
    assert [message for message in await messages(office.house) if message.purpose == "closure"] == []


async def test_what_was_taken_can_be_put_back(office: Office) -> None:
    phone, other = await office.phone(), await office.phone()
    await phone.presses("claim", name="小李")
    assert said("said.released") in (await phone.presses("release")).text
    await other.opens()
    await other.presses("claim", name="小张")
    assert (await office.told())["claimed_by"] == "小张"


async def test_who_claimed_elsewhere_goes_on_here_under_the_same_name(office: Office) -> None:
    await office.does("claim", by="小李")
    phone = await office.phone()
    assert said("theirs", name="小李") in phone.page.text
    await phone.presses("remember", name="小李")
    assert said("yours") in phone.page.text
    assert "draft" in phone.acts


async def test_only_people_of_the_roster_work_once_there_is_one(office: Office) -> None:
    await office.enlists(Member("小李", "agent"), Member("老板", "owner"), Member("访客", "viewer"))
    phone = await office.phone()
    assert "访客" not in phone.page.text
    assert {"小李", "老板"} <= set(phone.page.lines)
    for stranger in ("访客", "路人"):
        page = await phone.presses("claim", name=stranger)
        assert said("said.not_allowed") in page.text
        assert said("me", name=stranger) not in page.text
    await phone.presses("claim", name="小李")
    assert (await office.told())["claimed_by"] == "小李"


async def test_a_roster_of_viewers_lets_nobody_work(office: Office) -> None:
    await office.enlists(Member("访客", "viewer"))
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    assert (await office.told())["status"] == "open"


async def test_a_name_that_left_the_roster_counts_for_nothing(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("remember" if "remember" in phone.acts else "claim", name="小李")
    await office.enlists(Member("小张", "agent"))
    assert said("me", name="小李") not in (await phone.opens()).text
    await phone.sends(phone.page.form("act").hidden | {"act": "release"} if phone.page.forms else {})
    assert (await office.told())["claimed_by"] == "小李"


async def test_a_customer_who_opted_out_is_not_promised_a_message(office: Office) -> None:
    await office.customer_says("退订")
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    page = await phone.presses("draft", note=SENTENCE)
    assert said("opted_out") in page.text
    assert "send" not in phone.acts
    await phone.presses("silently")
    assert (await office.told())["status"] == "closed"


async def test_a_customer_out_of_reach_will_be_rung(folder: Path) -> None:
    async with open_office(folder, contacts=[]) as office:
        phone = await office.phone()
        await phone.presses("claim", name="小李")
        page = await phone.presses("draft", note=SENTENCE)
        assert said("nobody") in page.text
        assert said("said.silent") in (await phone.presses("send")).text
        (call,) = [i for i in (await office.api.get("/api/v1/issues")).json()["items"] if i["kind"] == "call"]
        ring = await office.phone(call["id"])
        assert said("rung_hint") in ring.page.text
        await ring.presses("rung", name="小张")
        assert (await office.told(call["id"]))["status"] == "closed"


async def test_an_issue_without_a_customer_has_nobody_to_tell(office: Office) -> None:
    issue = await office.opened("仓库的灯坏了", ticket=None)
    phone = await office.phone(issue)
    await phone.presses("claim", name="小李")
    page = await phone.presses("draft", note=SENTENCE)
    assert said("no_customer") in page.text
    assert (phone.acts[0], "send" in phone.acts) == ("silently", False)


async def test_a_button_for_calls_closes_nothing_else(office: Office) -> None:
    phone = await office.phone()
    fields = phone.page.form("act").hidden | {"act": "rung", "name": "小李"}
    assert said("said.stale") in (await phone.sends(fields)).text
    assert (await office.told())["status"] == "open"


async def test_how_it_ended_stands_on_the_page_and_nothing_can_be_pressed(office: Office) -> None:
    await office.does("resolve", by="小李", note=SENTENCE)
    phone = await office.phone()
    assert said("ended") in phone.page.text
    assert SENTENCE in phone.page.text
    assert "小李" in phone.page.text
    assert phone.page.forms == []


async def test_a_merged_issue_leads_to_the_one_it_went_into(office: Office) -> None:
    into = await office.opened("同一件事")
    await office.does("merge", into=into, by="小李")
    phone = await office.phone()
    (link,) = [part.partition('"')[0] for part in phone.page.html.split('class="button" href="')[1:]]
    answer = await phone.browser.get(link)
    assert "同一件事" in answer.text


async def test_the_timeline_says_what_happened_in_words(office: Office) -> None:
    await office.does("claim", by="小李")
    office.house.clock.passes(timedelta(minutes=5))
    await office.does("resolve", by="小李", note=SENTENCE)
    phone = await office.phone()
    lines = phone.page.lines
    start = lines.index(said("timeline"))
    assert said("event.claimed") in lines[start:]
    assert said("event.resolved") in lines[start:]
    assert "11月22日 11:05" in lines[start:]


KEPT = "写了很久的一句话 <b>真的</b>\n第二行"


async def _come_between(office: Office, how: str) -> None:
    """Let something happen while somebody writes."""
    if how == "held":
        await office.does("claim", by="小张")
    elif how == "over":
        await office.does("resolve", by="小李", note="修好了")
    elif how == "stale":
        await office.does("resolve", by="小李", note="修好了")
        await office.does("reopen", by="小李", reason="又漏了")
    elif how == "expired":
        office.house.clock.passes(timedelta(days=15))
    elif how == "busy":
        await office.house.web.receiver._writer.stop()  # noqa: SLF001 (the database stands still)


@pytest.mark.parametrize("how", ["held", "over", "stale", "expired", "busy"])
async def test_what_was_written_and_not_taken_is_shown_once_more(office: Office, how: str) -> None:
    phone = await office.phone()
    await phone.opens("?do=re")
    await _come_between(office, how)
    page = await phone.sends(phone.page.form("act").hidden | {"act": "draft", "note": KEPT, "name": "小李"})
    assert page.status >= 400
    assert "写了很久的一句话 <b>真的</b>" in unescape(page.html)
    assert "<b>真的</b>" not in page.html
