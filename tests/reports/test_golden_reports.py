"""Reports cell by cell: the tables that customer service has always filled in by hand, here from stored answers."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
from openpyxl import load_workbook

from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House
from tests.support.web.service import Service

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)

THREE_LEVELS = {
    "product_quality": (54, 33, 13),
    "service_quality": (63, 32, 5),
    "price": (48, 38, 14),
    "after_sales": (58, 34, 8),
}
FOUR_LEVELS = {
    "product_quality": (30, 50, 15, 5),
    "service_quality": (25, 55, 15, 5),
    "support": (35, 40, 20, 5),
    "response_speed": (20, 55, 20, 5),
    "price": (10, 50, 25, 15),
    "company_image": (15, 50, 25, 10),
}


async def answered(house: House, survey: str, counted: Mapping[str, Sequence[int]]) -> None:
    """Store a hundred responses in which each question has so many answers at each level, the best first."""
    columns = []
    for counts in counted.values():
        levels = range(len(counts), 0, -1)
        columns.append([level for level, count in zip(levels, counts, strict=True) for _ in range(count)])
    ratings = [dict(zip(counted, row, strict=True)) for row in zip(*columns, strict=True)]
    visits = [closed_visit(str(n), NOON, one, survey=survey, version="1") for n, one in enumerate(ratings)]
    await store_records(house.store, NOON, *(record for visit in visits for record in visit))


async def document(api: httpx.AsyncClient, kind: str, period: str = "2026-10", locale: str = "zh-Hans") -> Any:  # noqa: ANN401 (JSON is anything)
    asked = {"period": period, "format": "json", "locale": locale}
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


async def sheet(api: httpx.AsyncClient, kind: str, period: str = "2026-10") -> list[list[Any]]:
    """Return the rows of the printed sheet, without empty cells and rows."""
    asked = {"period": period, "format": "xlsx", "locale": "zh-Hans"}
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
    rows = ([cell.value for cell in row] for row in load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows())
    return [kept for row in rows if (kept := [cell for cell in row if cell is not None])]


def tables(section: Any) -> list[list[list[str]]]:  # noqa: ANN401 (as above)
    """Return the words of a section's tables, each with its columns first."""
    return [
        [block["columns"], *([cell["text"] for cell in row] for row in block["rows"])]
        for block in section["blocks"]
        if "rows" in block
    ]


async def test_three_levels_in_words_of_their_own_are_a_table_for_each_set_of_words(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, "satisfaction_3", THREE_LEVELS)
    (section,) = (await document(api, "distribution"))["sections"]
    assert tables(section) == [
        [
            ["项目", "n", "非常满意", "满意", "不满意"],
            ["产品质量", "100", "54%", "33%", "13%"],
            ["售后服务", "100", "58%", "34%", "8%"],
        ],
        [
            ["项目", "n", "很好", "还可以", "不满意"],
            ["服务质量", "100", "63%", "32%", "5%"],
        ],
        [
            ["项目", "n", "很合理", "还可以", "不合理"],
            ["价格", "100", "48%", "38%", "14%"],
        ],
    ]
    rows = await sheet(api, "distribution")
    assert ["产品质量", 100, 54, 33, 13] in rows
    assert ["服务质量", 100, 63, 32, 5] in rows
    assert ["价格", 100, 48, 38, 14] in rows
    assert ["售后服务", 100, 58, 34, 8] in rows


async def test_four_levels_of_six_questions_are_one_table_with_conclusions_and_measures(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, "satisfaction_4", FOUR_LEVELS)
    entered = {
        "kind": "remark",
        "metric": "csat",
        "period": "2026-10",
        "cut": {"survey": "satisfaction_4", "question": "price"},
        "conclusion": "四成觉得贵。",
        "measures": "报价单写清人工和配件。",
        "by": "李工",
    }
    assert (await api.post("/api/v1/entries", json=entered)).is_success
    section, remarks = (await document(api, "distribution"))["sections"]
    (table,) = tables(section)
    assert table[0] == ["项目", "n", "很满意", "满意", "一般", "不满意"]
    assert [row[1:] for row in table[1:]] == [
        ["100", "30%", "50%", "15%", "5%"],
        ["100", "25%", "55%", "15%", "5%"],
        ["100", "35%", "40%", "20%", "5%"],
        ["100", "20%", "55%", "20%", "5%"],
        ["100", "10%", "50%", "25%", "15%"],
        ["100", "15%", "50%", "25%", "10%"],
    ]
    assert remarks["title"] == "结论和措施"
    assert tables(remarks) == [
        [
            ["对象", "结论", "措施", "录入人"],
            ["满意率、价格、客户满意度调查", "四成觉得贵。", "报价单写清人工和配件。", "李工"],
        ]
    ]
    rows = await sheet(api, "distribution")
    numbers = [row[1:] for row in rows if len(row) == 6 and row[1] == 100]
    assert numbers == [[100, *counts] for counts in FOUR_LEVELS.values()]


async def test_of_fewer_than_five_answers_no_share_is_printed(house: House, api: httpx.AsyncClient) -> None:
    visits = [closed_visit(str(n), NOON, {"price": 4}, survey="satisfaction_4", version="1") for n in range(4)]
    await store_records(house.store, NOON, *(record for visit in visits for record in visit))
    (section,) = (await document(api, "distribution"))["sections"]
    assert tables(section) == [
        [
            ["项目", "n", "很满意", "满意", "一般", "不满意"],
            ["价格", "4", "不满 5 份，先不公布", "", "", ""],
        ]
    ]
    assert not [block for block in section["blocks"] if "chart" in block]


async def resent(service: Service, ticket: str, category: str, *, is_resent: bool) -> None:
    await service.closes(ticket, f"c-{ticket}", category=category, resent=is_resent)


async def test_a_week_of_goods_sent_again_by_class_with_both_shares(service: Service) -> None:
    for category, is_resent, n in (("丢件", True, 3), ("错发漏发", True, 2), ("未收到货", False, 5)):
        for number in range(n):
            await resent(service, f"{category}-{number}", category, is_resent=is_resent)
    entered: dict[str, Any] = {"kind": "figure", "metric": "orders", "period": "2026-W47", "numerator": 400}
    said = {"origin": "店铺后台", "by": "李工"}
    assert (await service.api.post("/api/v1/entries", json=entered | said)).is_success
    words = {"conclusion": "快递丢件多。", "measures": "换一家快递，贵重的保价。"}
    remark = {"kind": "remark", "metric": "resends", "period": "2026-W47", "by": "李工"}
    assert (await service.api.post("/api/v1/entries", json=remark | words)).is_success
    told = await document(service.api, "problems", "2026-W47")
    assert told["title"] == "补发统计表"
    assert told["head"][0] == "2026年11月16日 至 2026年11月22日"
    of_all, by_class, of_orders, of_problems = ([row[:4] for row in table[1:]] for table in tables(told["sections"][0]))
    assert [row[:2] for row in of_all] == [
        ["关闭工单", "10"],
        ["补发单数", "5"],
        ["订单总数", "400"],
        ["补发占全部订单", "1.25%"],
        ["补发占问题单", "50%"],
    ]
    assert [row[1:3] for row in by_class] == [["丢件", "3"], ["错发漏发", "2"], ["未收到货", "0"]]
    assert [row[1:3] for row in of_orders] == [["未收到货", "0%"], ["错发漏发", "0.5%"], ["丢件", "0.75%"]]
    assert [row[1:3] for row in of_problems] == [["未收到货", "0%"], ["错发漏发", "20%"], ["丢件", "30%"]]
    assert tables(told["sections"][1])[0][1:] == [["补发单数", "快递丢件多。", "换一家快递，贵重的保价。", "李工"]]


async def test_the_summary_is_one_page_of_four_chapters_with_complaints_satisfaction_and_times(
    service: Service,
) -> None:
    for number in range(6):
        await visited(service, number)
    first, *others = (await service.api.get("/api/v1/issues")).json()["items"]
    for issue in others:
        path = f"/api/v1/issues/{issue['id']}"
        await service.api.post(f"{path}/judge", json={"by": "李工", "category": "late", "verdict": "valid"})
        await service.api.post(f"{path}/claim", json={"by": "李工"})
        await service.api.post(f"{path}/resolve", json={"by": "李工", "note": "已经上门修好了。"})
    assert first["status"] == "open"
    told = await document(service.api, "summary", "2026-11")
    assert [section["title"] for section in told["sections"]] == [
        "投诉数量和类别",
        "客户满意度",
        "服务响应时间",
        "服务效率",
        "哪些数字先别当真",
    ]
    complaints, satisfaction, speed, efficiency = ([*map(tuple, tables(one)[0][1:])] for one in told["sections"][:4])
    assert [row[:2] for row in complaints] == [("投诉数", "6"), ("投诉解决率", "83.33%"), ("投诉率", "100%")]
    assert [row[:3] for row in satisfaction] == [("满意率", "80%", "30"), ("答复率", "100%", "6")]
    assert speed[0][1:3] == ("30分钟", "6")
    assert efficiency[0][1:3] == ("2小时", "6")
    by_category = [row[1:3] for row in tables(told["sections"][0])[1][1:]]
    assert by_category == [["不及时", "5"], ["（未填）", "1"]]
    assert told["head"][1] == "暂定：这段时间还没结束，数字还会变"
    assert [section["title"] for section in told["appendix"]] == ["这些数字怎么来的"]


async def visited(service: Service, number: int) -> None:
    """Report a visit whose customer complains: the first reply after half an hour, done after two hours."""
    opened = service.now - timedelta(hours=20)
    times = {"opened_at": 0, "first_replied_at": 30, "solved_at": 120}
    told = {name: (opened + timedelta(minutes=minutes)).isoformat() for name, minutes in times.items()}
    phone = f"phone-c{number}"
    person = {"contacts": [{"channel": "sandbox", "address": phone}]}
    await service.closes(str(number), f"c{number}", person=person, **told)
    await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})
    for words in "1 我要投诉 5 5 5 5 跳过".split():
        await service.says(words, phone)


async def test_a_review_begins_with_what_stands_out_and_ends_with_what_is_done_about_it(
    house: House, api: httpx.AsyncClient
) -> None:
    dimensions = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
    ratings = dict(zip(dimensions, (1, 4, 5, 5, 4), strict=True))
    visits = [closed_visit(str(n), NOON, ratings, team="北区") for n in range(40)]
    await store_records(house.store, NOON, *(record for visit in visits for record in visit))
    opened = await api.post("/api/v1/issues", json={"title": "等了三天", "ticket": "desk/1"})
    assert opened.is_success
    told = await document(api, "review", "2026-10")
    titles = [section["title"] for section in told["sections"]]
    assert titles == [
        "一眼看懂",
        "做得好的",
        "要改进的",
        "响应速度",
        "服务质量",
        "问题解决",
        "服务人员",
        "反馈和建议",
        "问题与处理",
    ]
    (good,), (weak,) = (tables(section) for section in told["sections"][1:3])
    assert [row[:3] for row in weak[1:]] == [["满意率", "响应速度", "0%"]]
    assert {row[1] for row in good[1:]} <= {"问题解决得怎么样", "服务态度", "方便程度", "后续关怀"}
    assert len(good) - 1 == 3
    assert told["sections"][-1]["blocks"] == [{"lines": ["这段时间没有开过问题单。"]}]
    of_november = await document(api, "review", "2026-11")
    (actions,) = tables(of_november["sections"][-1])
    assert actions[0] == ["问题", "类型", "状态", "经办人", "期限"]
    assert [row[:4] for row in actions[1:]] == [["等了三天", "需要人工处理", "等人认领", ""]]


async def test_nothing_stands_out_where_every_interval_holds_the_common_level(
    house: House, api: httpx.AsyncClient
) -> None:
    ratings = dict.fromkeys(("response_speed", "problem_solving", "attitude", "convenience", "after_care"), 4)
    visits = [closed_visit(str(n), NOON, ratings) for n in range(10)]
    await store_records(house.store, NOON, *(record for visit in visits for record in visit))
    sections = (await document(api, "review"))["sections"]
    said = "没有哪一项明显不同：区间都跨过了总体水平。"
    assert [section["blocks"] for section in sections[1:3]] == [[{"lines": [said]}]] * 2


async def test_the_same_report_in_three_languages_has_the_same_numbers(house: House, api: httpx.AsyncClient) -> None:
    await answered(house, "satisfaction_4", FOUR_LEVELS)
    told = {locale: await document(api, "distribution", locale=locale) for locale in ("zh-Hans", "zh-Hant", "en")}
    assert [one["title"] for one in told.values()] == [
        "满意度调查汇总表",
        "滿意度調查彙總表",
        "Satisfaction survey results",
    ]
    values = [
        [cell["value"] for row in one["sections"][0]["blocks"][1]["rows"] for cell in row if "value" in cell]
        for one in told.values()
    ]
    assert values[0] == values[1] == values[2]
