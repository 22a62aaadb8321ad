"""A rater's page: what it shows, what is recorded when, what is refused."""

import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.process.logs import redact
from bot.signed_links import LinkPurpose
from tests.support.web.house import House
from tests.support.web.rater_pages import RaterPhone, rater_link
from tests.support.web.survey_pages import LINKS
from tests.support.web.tickets import TICKET

URL = "/api/v1/assessments"


async def sheets(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return every stored sheet."""
    found: list[dict[str, Any]] = (await api.get(URL)).json()["items"]
    return found


async def test_a_sheet_is_filled_looked_over_and_sent(api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理", form="performance_60_40", subject_name="李工")
    phone = await RaterPhone.at(api, link)
    for says in (
        "给李工打分",
        "2026 年第 3 季度",
        "售后服务工作绩效测评表",
        "王经理，辛苦了！",
        "业务工作",
        "共 60 分",
        "完成订货",
    ):
        assert says in phone.text
    assert "不记名" not in phone.text
    items = {name: "4" for name in phone.names if name.startswith("v.")}
    await phone.press("review", **items | {"v.orders": "5"}, w__position="安装工", w__improve="多听\n客户说完")
    assert (phone.status, "请再看一遍" in phone.text, "合计 81.5 分" in phone.text) == (200, True, True)
    assert await sheets(api) == [], "nothing is recorded before it is sent"
    await phone.press("send")
    assert "收到了，谢谢！" in phone.text
    assert "多听\n客户说完" in phone.text
    (told,) = await sheets(api)
    assert (told["total"], told["rater"], told["by"], told["role"]) == (81.5, "王经理", "王经理", "superior")
    assert told["words"] == {"position": "安装工", "improve": "多听\n客户说完"}


async def test_looking_records_nothing_and_shows_what_was_sent(api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理")
    for _ in range(2):
        assert "v.quality" in (await RaterPhone.at(api, link)).names
    assert await sheets(api) == []
    await (await RaterPhone.at(api, link)).fill(4)
    again = await RaterPhone.at(api, link)
    assert (again.names, "合计 80 分" in again.text) == ([], True)


async def test_a_second_sending_changes_the_own_sheet(api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理")
    await (await RaterPhone.at(api, link)).fill(4)
    phone = await RaterPhone.at(api, link, "?edit=1")
    assert phone.held["v.quality"] == "4"
    await phone.press("review", v__quality="5")
    await phone.press("send")
    (told,) = await sheets(api)
    assert told["total"] == 84.0
    (entry,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (entry["by"], entry["detail"]["total"]) == ("王经理", "80")


async def test_what_is_missing_is_marked_and_what_was_typed_stays(api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理", form="performance_60_40")
    phone = await RaterPhone.at(api, link)
    await phone.press("review", v__orders="4", w__improve="多听客户说完")
    assert (phone.status, phone.held["v.orders"], phone.held["w.improve"]) == (422, "4", "多听客户说完")
    assert "还有 12 处要补一下" in phone.text
    assert (phone.text.count("这一项还没填"), phone.text.count("这里要填一下")) == (11, 1)
    assert "send" not in phone.buttons


@pytest.mark.parametrize(
    ("typed", "says"), [("41", "超出范围了，最高 6"), ("六", "请填一个数字"), ("-1", "超出范围了，最高 6")]
)
async def test_points_have_bounds(api: httpx.AsyncClient, typed: str, says: str) -> None:
    phone = await RaterPhone.at(api, await rater_link(api, "auditor", "老周", form="gbt_27922_part"))
    await phone.press("review", v__c_5_1_7_2=typed)
    assert says in phone.text


async def test_evidence_and_what_does_not_apply(api: httpx.AsyncClient) -> None:
    phone = await RaterPhone.at(api, await rater_link(api, "auditor", "老周", form="gbt_27922_part"))
    fields = {name: "na" for name in phone.names if name.startswith("v.")} | {"v.c_5_1_7_2": "４.5"}
    await phone.press("review", **fields)
    assert "这一项要附上证据：链接或文件" in phone.text
    await phone.press("review", e__c_5_1_7_2="javascript:alert(1)")
    assert "请贴完整的网址" in phone.text
    await phone.press("review", e__c_5_1_7_2="https://example.com/a\nhttps://example.com/b")
    assert ("合计 75 分" in phone.text, "不涉及" in phone.text) == (True, True)
    await phone.press("edit")
    assert (phone.held["v.c_5_1_7_2"], phone.held["v.c_5_1_7_3"]) == ("４.5", "na")
    await phone.press("review")
    await phone.press("send")
    (told,) = await sheets(api)
    assert (told["total"], told["items"][0]["evidence"]) == (75.0, ["https://example.com/a", "https://example.com/b"])


async def test_a_peer_is_told_that_nobody_is_named(api: httpx.AsyncClient) -> None:
    phone = await RaterPhone.at(api, await rater_link(api, "peer", "小张"))
    assert "不记名：满 3 位才合起来算平均分，谁打了几分都不公布。" in phone.text
    await phone.fill(2)
    assert "不记名" in phone.text
    (told,) = await sheets(api)
    assert (told["role"], told["rater"], told["total"]) == ("peer", None, None)


async def test_everybody_rates_themselves_and_a_customer_is_no_rater(api: httpx.AsyncClient) -> None:
    phone = await RaterPhone.at(api, await rater_link(api, "self", "a17"))
    assert "给自己打分" in phone.text
    await phone.fill(5)
    assert "自评记下了" in phone.text
    await api.put("/api/v1/tickets/desk/1", json=TICKET)
    customer = TICKET["customer"]["id"]
    link = await rater_link(api, "customer", form="four_sides", customer=customer)
    await (await RaterPhone.at(api, link)).fill(5)
    told = next(one for one in await sheets(api) if one["role"] == "customer")
    assert (told["customer"], told["source"], told["rater"]) == (customer, "web", None)


@pytest.mark.parametrize(("language", "says"), [("zh-TW", "給李工打分數"), ("en", "How is 李工 doing?")])
async def test_it_speaks_the_readers_language(api: httpx.AsyncClient, language: str, says: str) -> None:
    link = await rater_link(api, "superior", "王经理", subject_name="李工")
    assert says in (await RaterPhone.at(api, link, **{"accept-language": language})).text


@pytest.mark.parametrize(
    ("period", "says"),
    [("2026-10", "2026 年 10 月"), ("2026-H1", "2026 年上半年"), ("2026", "2026 年"), ("2026-W40", "2026 年第 40 周"),
     ("2026-10-05", "2026-10-05")],
)  # fmt: skip
async def test_periods_are_told_in_words(api: httpx.AsyncClient, period: str, says: str) -> None:
    assert says in (await RaterPhone.at(api, await rater_link(api, "superior", "王", period=period))).text.split("\n")


async def test_a_link_that_opens_nothing_says_why(house: House, api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理", days=1)
    token = link.rpartition("/")[2]
    assert (await RaterPhone.at(api, f"/f/{token[:-3]}AAA")).status == 404
    other = LINKS.token(LinkPurpose.SURVEY, "int_x", house.clock.now() + timedelta(days=1))
    assert (await RaterPhone.at(api, f"/f/{other}")).status == 404
    assert (await RaterPhone.at(api, link.replace("/f/", "/s/"))).status == 404
    house.clock.passes(timedelta(days=2))
    expired = await RaterPhone.at(api, link)
    assert (expired.status, "这个链接过期了" in expired.text) == (410, True)
    assert (await api.post(link, data={"do": "send"})).status_code == 410
    assert await sheets(api) == []


async def test_another_site_cannot_send_a_sheet(api: httpx.AsyncClient) -> None:
    phone = await RaterPhone.at(api, await rater_link(api, "superior", "王经理"))
    await phone.press("review", origin="https://elsewhere.example", **dict.fromkeys(phone.names, "4"))
    assert (phone.status, "刚才的没有记上" in phone.text) == (403, True)


async def test_guessing_links_is_slowed_down_and_a_right_one_still_opens(api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理")
    answers = [(await api.get(f"/f/{'A' * 40}{number}")).status_code for number in range(31)]
    assert (answers[:30], answers[30]) == ([404] * 30, 429)
    assert (await api.get(link)).status_code == 200


async def test_no_log_line_holds_a_link(api: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    link = await rater_link(api, "superior", "王经理")
    with caplog.at_level(logging.DEBUG):
        await RaterPhone.at(api, link)
    token = link.rpartition("/")[2]
    assert all(token not in record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert token not in redact(f"GET /f/{token}")


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"form": "nothing"}, 404, None),
        ({"role": "customer"}, 422, "role"),
        ({"role": "self"}, 422, "rater"),
        ({"rater": "a17"}, 422, "rater"),
        ({"rater": ""}, 422, "rater"),
        ({"period": "2027-Q1"}, 422, "period"),
        ({"period": "now"}, 422, "period"),
        ({"days": 93}, 422, "days"),
        ({"customer": "c"}, 422, "customer"),
        ({"form": "four_sides", "role": "customer", "rater": "", "customer": "nobody"}, 404, None),
    ],
)
async def test_no_link_is_made_for_what_could_not_be_stored(
    api: httpx.AsyncClient, changed: dict[str, object], status: int, field: str | None
) -> None:
    body = {"form": "appraisal_360", "subject": "a17", "period": "2026-Q3", "role": "peer", "rater": "小张"} | changed
    answer = await api.post(f"{URL}/links", json=body)
    assert answer.status_code == status, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == ([field] if field else [])


async def test_once_it_is_published_a_sheet_stays_and_a_late_one_still_comes(api: httpx.AsyncClient) -> None:
    link = await rater_link(api, "superior", "王经理")
    await (await RaterPhone.at(api, link)).fill(4)
    open_still = await RaterPhone.at(api, link, "?edit=1")
    published = await api.post("/api/v1/periods/2026-Q3/appraisal_360", json={"by": "陈总", "revision": 1})
    assert published.status_code == 201, published.text
    await open_still.press("review", v__quality="1")
    await open_still.press("send")
    assert (open_still.status, "这一期已经公布了" in open_still.text) == (409, True)
    again = await RaterPhone.at(api, link, "?edit=1")
    assert (again.names, "这一期已经公布，不能再改了。" in again.text, "改一改" in again.text) == ([], True, False)
    assert [one["total"] for one in await sheets(api)] == [80.0]
    await (await RaterPhone.at(api, await rater_link(api, "self", "a17"))).fill(5)
    assert len(await sheets(api)) == 2
    standing = (await api.get("/api/v1/periods/2026-Q3")).json()
    assert [one["waiting"] != [] for one in standing["published"]] == [True]


async def test_of_others_nothing_is_published_and_their_sheets_can_be_changed(api: httpx.AsyncClient) -> None:
    link = ""
    for subject in ("a17", "a18"):
        link = await rater_link(api, "superior", "王经理", subject=subject)
        await (await RaterPhone.at(api, link)).fill(4)
    body = {"by": "陈总", "revision": 1, "subjects": ["a17"]}
    assert (await api.post("/api/v1/periods/2026-Q3/appraisal_360", json=body)).status_code == 201
    assert "v.quality" in (await RaterPhone.at(api, link, "?edit=1")).names
