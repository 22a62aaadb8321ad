"""Reports on the data itself: how far it can be trusted, the peaks of a year, what is held of people."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from dialogs.interview.model import InterviewState
from storage.model.records import Customer
from storage.model.registers import Request, RequestKind
from tests.reports.kinds.test_repair_reports import chapter, told
from tests.rows.visited import visited
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House
from tests.support.web.service import Service

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 15, 4, tzinfo=UTC)
LONG_AGO = datetime(2024, 5, 2, 4, tzinfo=UTC)
"""When the first ticket was closed: whatever is compared is known as a whole."""
_RUSH = 60
FIVE = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")


async def stored(house: House, at: datetime, numbers: range, rating: int | None = 5, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    ratings = None if rating is None else dict.fromkeys(FIVE, rating)
    visits = [closed_visit(str(n), at, ratings, **cut) for n in numbers]
    await store_records(house.store, at, *(record for visit in visits for record in visit))


async def stored_each(house: House, *several: tuple[datetime, int, int]) -> None:
    """Store visits that were closed at a moment: numbered from the second on, as many as the third says."""
    for at, start, n in several:
        await stored(house, at, range(start, start + n))


def lines(document: Any, title: str) -> list[str]:  # noqa: ANN401 (JSON is anything)
    section = next(one for one in document["sections"] if one["title"] == title)
    return [line for block in section["blocks"] for line in block.get("lines", ())]


async def test_who_was_not_asked_and_why_stands_beside_who_answered_on_which_channel(
    house: House, api: httpx.AsyncClient
) -> None:
    await stored(house, OCTOBER, range(20), station="一站")
    await stored(house, OCTOBER, range(20, 30), None, station="一站")
    await stored(house, OCTOBER, range(30, 35), state=InterviewState.EXPIRED, station="一站")
    document = await told(api, "data_quality", "2026-10")
    (reach,) = chapter(document, "覆盖和回收")
    assert reach[1][:2] == ["关闭工单", "35"]
    (unsent,) = chapter(document, "为什么没有发出")
    assert unsent[1] == ["近期问过，不打扰", "10", "28.57%"]
    rates = {row[1]: row[2:4] for row in chapter(document, "各渠道")[0][1:]}
    assert rates["沙盒"] == ["80%", "25"]
    assert [one["title"] for one in document["sections"]] == [
        *("覆盖和回收", "为什么没有发出", "各渠道", "答到哪一题", "不计入的评分"),
        *("单据和客户资料", "工单填了什么", "不在清单里的服务类型", "没有报数据的维修站"),
    ]


async def test_how_far_people_went_is_told_question_by_question(house: House, api: httpx.AsyncClient) -> None:
    await stored(house, OCTOBER, range(8), station="一站")
    document = await told(api, "data_quality", "2026-10")
    (course,) = chapter(document, "答到哪一题")
    assert course[0] == ["项目", "到达", "打分", "跳过", "离开", "用时（中位数）"]
    assert [row[1:3] for row in course[1:6]] == [["8", "8"]] * 5
    assert lines(document, "答到哪一题") == ["售后服务评价：邀请 8，开始 8，完成 8，没答完 0（没开始的也算）"]


async def test_a_station_that_sent_something_the_month_before_and_nothing_now_is_named(
    house: House, api: httpx.AsyncClient
) -> None:
    for station, start in (("一站", 0), ("二站", 10), ("三站", 20)):
        await stored(house, SEPTEMBER, range(start, start + 3), station=station)
    await stored(house, OCTOBER, range(100, 103), station="二站")
    assert lines(await told(api, "data_quality", "2026-10"), "没有报数据的维修站") == ["一站", "三站"]
    told_now = lines(await told(api, "data_quality", "2026-09"), "没有报数据的维修站")
    assert told_now == ["上期有结单的维修站，这一期都有。"]


@pytest.mark.row("S4-03", "S1-76")
async def test_kinds_of_service_outside_the_list_and_false_contacts_are_counted(service: Service) -> None:
    for number in range(12):
        kind = "安裝" if number < 8 else "拆机"
        problem = "电话" if number in (1, 3) else ""
        await visited(service, f"{number}", service_type=kind, station="一站", contact_problem=problem)
    document = await told(service.api, "data_quality")
    (unlisted,) = chapter(document, "不在清单里的服务类型")
    assert unlisted[1:] == [["拆机", "4", "33.33%"]]
    whole, *by_cut = chapter(document, "单据和客户资料")
    assert [row[1] for row in whole[1:3]] == ["2", "16.67%"]
    assert ["一站", "2"] in [row[1:3] for table in by_cut for row in table]
    (always,) = lines(document, "工单填了什么")
    assert always == "每张工单都有：维修站、服务类型。"


@pytest.mark.row("S1-84")
async def test_peaks_of_the_year_stand_beside_each_other_the_year_before_and_the_whole(
    house: House, api: httpx.AsyncClient
) -> None:
    await stored_each(
        house,
        (datetime(2026, 6, 18, 4, tzinfo=UTC), 0, 30),
        (datetime(2025, 6, 18, 4, tzinfo=UTC), 100, 20),
        (datetime(2026, 11, 11, 4, tzinfo=UTC), 200, 40),
        (datetime(2026, 3, 1, 4, tzinfo=UTC), 300, 10),
        (LONG_AGO, 400, 1),
    )
    document = await told(api, "peaks", "2026")
    assert lines(document, "高峰") == ["618：2026年6月1日 至 2026年6月20日", "双11：2026年10月24日 至 2026年11月13日"]
    (closings,) = chapter(document, "关闭工单")
    year = closings[0].index("去年同期")
    assert {row[1]: (row[2], row[year]) for row in closings[1:]} == {"618": ("30", "20"), "双11": ("40", "无可比数据")}
    whole = chapter(document, "数据")[0]
    assert whole[1][:2] == ["关闭工单", "80"]
    by_name = await api.get("/api/v1/reports/summary", params={"period": "2026-双11", "metric": "closings"})
    assert by_name.json()["figures"][0]["value"] == 40
    assert (await api.get("/api/v1/reports/summary", params={"period": "2026-春节"})).status_code == 422


@pytest.mark.row("S1-84")
async def test_at_a_peak_everybody_is_asked_in_the_minute_when_they_are_due_and_counted_once(service: Service) -> None:
    for number in range(_RUSH):
        chat = {"contacts": [{"channel": "sandbox", "address": f"phone-c{number}"}]}
        await service.closes(f"{number}", f"c{number}", person=chat)
    await service.passes(timedelta(minutes=31))
    asks = await service.asks()
    late = [one.sent_at - one.due_at for one in asks if one.sent_at is not None]
    assert len(asks) == len({one.customer for one in asks}) == _RUSH
    assert max(late) <= timedelta(minutes=1)
    for number in range(_RUSH):
        for words in "5 5 5 5 5 跳过".split():
            await service.says(words, f"phone-c{number}")
    figures = (await service.api.get("/api/v1/reports/summary", params={"metric": "closings,asked,answered"})).json()
    assert [one["value"] for one in figures["figures"]] == [_RUSH] * 3


async def test_a_peak_alone_is_one_table_beside_that_of_its_month(house: House, api: httpx.AsyncClient) -> None:
    for at, start, n in ((datetime(2026, 6, 18, 4, tzinfo=UTC), 0, 30), (datetime(2026, 6, 28, 4, tzinfo=UTC), 50, 5)):
        await stored(house, at, range(start, start + n))
    document = await told(api, "peaks", "2026-06")
    assert [one["title"] for one in document["sections"]] == ["618：2026年6月1日 至 2026年6月20日", "数据"]
    (peak,), (month,) = (chapter(document, one["title"]) for one in document["sections"])
    assert [row[0] for row in peak[1:]] == [row[0] for row in month[1:]]
    assert (peak[1][:2], month[1][:2]) == (["关闭工单", "30"], ["关闭工单", "35"])


async def test_a_month_tells_of_a_peak_that_began_in_the_one_before(house: House, api: httpx.AsyncClient) -> None:
    await stored_each(
        house,
        (datetime(2026, 10, 26, 4, tzinfo=UTC), 0, 12),
        (datetime(2026, 11, 11, 4, tzinfo=UTC), 50, 8),
        (datetime(2026, 11, 20, 4, tzinfo=UTC), 100, 5),
        (datetime(2025, 11, 11, 4, tzinfo=UTC), 200, 6),
        (LONG_AGO, 300, 1),
    )
    days = "双11（2026年10月24日 至 2026年11月13日）"
    sentence = f"{days}：关闭工单 20，去年同期 6；满意率 100%（n=100），去年同期 100%。"
    for month in ("2026-10", "2026-11"):
        peaks = await told(api, "peaks", month)
        assert peaks["sections"][0]["title"] == "双11：2026年10月24日 至 2026年11月13日"
        assert lines(await told(api, "summary", month), "这段时间里的高峰") == [sentence]
    (first,) = chapter(await told(api, "review", "2026-11"), "一眼看懂")
    assert ["有没有高峰", sentence] in first


async def test_a_month_without_a_peak_and_a_year_have_no_chapter_of_peaks(house: House, api: httpx.AsyncClient) -> None:
    await stored(house, datetime(2026, 6, 18, 4, tzinfo=UTC), range(10))
    for period in ("2026-05", "2026"):
        titles = [one["title"] for one in (await told(api, "summary", period))["sections"]]
        assert "这段时间里的高峰" not in titles


@pytest.mark.parametrize(
    ("locale", "names"),
    [("zh-Hans", ["微信", "网页", "纸质问卷", "门店"]), ("zh-Hant", ["微信", "網頁", "紙本問卷", "门店"])],
)
async def test_channels_are_called_as_people_call_them(
    house: House, api: httpx.AsyncClient, locale: str, names: list[str]
) -> None:
    for place, channel in enumerate(("wechat", "web", "paper", "门店")):
        await stored(house, OCTOBER, range(10 * place, 10 * place + 10), channel=channel)
    asked = {"period": "2026-10", "format": "json", "locale": locale}
    answer = await api.get("/api/v1/reports/documents/data_quality", params=asked)
    words = {
        cell["text"]
        for one in answer.json()["sections"]
        for block in one["blocks"]
        for row in block.get("rows", ())
        for cell in row
    }
    assert set(names) <= words
    assert not {"wechat", "web", "paper"} & words


async def test_a_year_is_set_beside_the_year_before_once(house: House, api: httpx.AsyncClient) -> None:
    await stored(house, datetime(2025, 6, 18, 4, tzinfo=UTC), range(10))
    await stored(house, datetime(2026, 6, 18, 4, tzinfo=UTC), range(50, 70))
    (whole, *_) = chapter(await told(api, "problems", "2026"), "补发单数和占比")
    assert "去年同期" in whole[0]
    assert "上期" not in whole[0]
    (of_month, *_) = chapter(await told(api, "problems", "2026-06"), "补发单数和占比")
    assert "去年同期" in of_month[0]


async def test_a_year_without_a_peak_that_has_begun_says_where_they_are_written(api: httpx.AsyncClient) -> None:
    assert "lists.toml" in lines(await told(api, "peaks", "2026-03"), "高峰")[0]


async def test_the_register_counts_what_is_held_and_says_for_how_many_days(service: Service) -> None:
    for number in range(4):
        person = {"name": "王女士", "phone": "13800000000" if number else ""}
        await service.closes(f"{number}", f"c{number}", person=person, subject="漏水")
    document = await told(service.api, "privacy")
    (held,) = chapter(document, "保存了哪些个人信息")
    counts = {row[0]: (row[1], row[2]) for row in held[1:]}
    assert (counts["客户"], counts["姓名"], counts["电话"]) == (("4", ""), ("4", "180"), ("3", "180"))
    assert counts["工单标题"] == ("4", "365")
    assert counts["聊天账号"] == ("4", "180")
    assert lines(document, "查阅和删除申请") == ["这段时间还没有数据。"]


async def test_erasures_are_told_by_whether_they_were_done_in_time(service: Service) -> None:
    await visited(service, "1", "mei", ago=timedelta(days=1))
    erased = await service.api.delete("/api/v1/customers/mei")
    assert erased.is_success, erased.text
    (requests,) = chapter(await told(service.api, "privacy"), "查阅和删除申请")
    assert requests[0] == ["申请", "本期收到", "已办", "按时", "逾期未办"]
    assert requests[2][:2] == ["删除", "1"]


async def test_a_report_of_a_peak_is_a_file_in_every_format(house: House, api: httpx.AsyncClient) -> None:
    await stored(house, OCTOBER, range(9))
    for form in ("html", "xlsx", "csv", "json", "png"):
        answer = await api.get("/api/v1/reports/documents/summary", params={"period": "2026-双11", "format": form})
        assert answer.status_code == 200, answer.text
        name = f"huifang-summary-2026-%E5%8F%8C11.{form}"
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


async def test_requests_are_told_by_what_was_done_in_time_done_late_and_not_done(
    house: House, api: httpx.AsyncClient
) -> None:
    due, many = OCTOBER + timedelta(days=5), range(60)
    done = (due - timedelta(days=1), due + timedelta(days=1), None)
    asked = [Request(f"req_{n}", RequestKind.ERASURE, "anon", OCTOBER, due, done_at=done[n % len(done)]) for n in many]
    await store_records(house.store, OCTOBER, Customer("anon", ""), *asked)
    (requests,) = chapter(await told(api, "privacy", "2026-10"), "查阅和删除申请")
    assert requests[2] == ["删除", "60", "40", "20", "20"]
