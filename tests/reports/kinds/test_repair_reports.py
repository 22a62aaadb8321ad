"""Reports of a workshop: what did not hold, classes of fault, claims by station and model, weekly checks."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.rows.visited import visited
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

DAY = timedelta(days=1)
LEAK: dict[str, Any] = {"category": "漏水", "fault": "水箱漏水", "cause": "密封圈老化"}


async def told(api: httpx.AsyncClient, kind: str, period: str = "2026-11", **wanted: str) -> Any:  # noqa: ANN401 (JSON is anything)
    asked = {"period": period, "format": "json", "locale": "zh-Hans", **wanted}
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


def chapter(document: Any, title: str) -> list[list[list[str]]]:  # noqa: ANN401 (as above)
    """Return the tables of a chapter in words, each with its columns first."""
    section = next(one for one in document["sections"] if one["title"] == title)
    return [
        [block["columns"], *([cell["text"] for cell in row] for row in block["rows"])]
        for block in section["blocks"]
        if "rows" in block
    ]


async def repaired(service: Service, number: int, again_after: int = 0, **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    """Report a repair twelve days ago, and one of the same device so many days after it."""
    about = {"device": f"SN-{number}", "agent": {"id": "a1", "name": "李工"}, **LEAK, **said}
    await visited(service, f"{number}", f"c{number}", ago=12 * DAY, **about)
    if again_after:
        again = {**about, "agent": {"id": "a2", "name": "陈工"}}
        await visited(service, f"{number}-again", f"c{number}", ago=(12 - again_after) * DAY, **again)


@pytest.mark.row("S3-34", "S3-32")
async def test_what_did_not_hold_is_told_by_agent_fault_and_cause_and_ticket_by_ticket(service: Service) -> None:
    for number in range(8):
        await repaired(service, number, again_after=number + 1 if number < 3 else 0)
    await visited(service, "checked", "c7", device="SN-7", rework="internal", rework_of="desk/7", **LEAK)
    document = await told(service.api, "repeats")
    assert document["title"] == "重复维修统计分析表"
    whole, *cuts = chapter(document, "重复维修")
    assert [row[1:3] for row in whole[1:4]] == [["12", ""], ["4", ""], ["33.33%", "12"]]
    by_agent = next(table for table in cuts if any("李工" in row for row in table))
    assert ["李工", "4"] in [row[1:3] for row in by_agent[1:]]
    assert ["陈工", "0"] in [row[1:3] for row in by_agent[1:]]
    (listed,) = chapter(document, "重复维修明细")
    assert listed[0] == ["首次工单", "重修工单", "服务人员", "故障类别", "原因"]
    assert listed[1] == ["desk/0", "desk/0-again", "李工", "漏水", "密封圈老化"]
    assert len(listed) == 5
    (rework,) = chapter(document, "返工明细")
    assert rework[1][:3] == ["desk/7", "desk/checked", "（未填）"]
    assert rework[1][-1] == "内部"


@pytest.mark.proof
async def test_more_repetitions_than_fit_are_counted(service: Service) -> None:
    for number in range(52):
        await repaired(service, number, again_after=1)
    section = next(one for one in (await told(service.api, "repeats"))["sections"] if one["title"] == "重复维修明细")
    table, more = section["blocks"]
    assert len(table["rows"]) == 50
    assert more == {"lines": ["还有 2 条，没有列出。"]}


@pytest.mark.proof
async def test_no_repetition_is_lost_among_very_many_visits(service: Service) -> None:
    many = [closed_visit(f"m{n}", service.now - timedelta(days=15, seconds=n), None) for n in range(10_001)]
    await store_records(service.house.store, service.now, *(record for visit in many for record in visit))
    await repaired(service, 1, again_after=1)
    (table,) = chapter(await told(service.api, "repeats"), "重复维修明细")
    assert len(table) == 2


@pytest.mark.row("S3-31")
@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026-W47"])
async def test_repairs_are_analysed_by_class_of_fault_cause_and_measure(service: Service, period: str) -> None:
    faults = [
        ("漏水", "密封圈老化", "换密封圈", 6),
        ("噪音", "风扇松动", "紧固风扇", 3),
        ("不制冷", "缺氟", "补漏加氟", 1),
    ]
    for fault, cause, measure, n in faults:
        for number in range(n):
            await visited(service, f"{fault}-{number}", category=fault, cause=cause, measure=measure)
    document = await told(service.api, "quality", period)
    _, classes, _ = chapter(document, "故障类别")
    columns = classes[0]
    share = columns.index("占比")
    assert {row[1]: (row[2], row[share]) for row in classes[1:]} == {
        "漏水": ("6", "60%"),
        "噪音": ("3", "30%"),
        "不制冷": ("1", "10%"),
    }
    (causes,) = chapter(document, "原因")
    assert ["漏水、密封圈老化", "6"] in [row[1:3] for row in causes]
    (remedies,) = chapter(document, "原因和措施")
    assert ["密封圈老化、换密封圈", "6"] in [row[1:3] for row in remedies]


@pytest.mark.row("S3-30")
async def test_claims_of_a_year_are_a_table_of_stations_and_models_with_sums_and_shares(service: Service) -> None:
    for station, product, n in (("一矿", "TR100", 4), ("一矿", "TR50", 2), ("二矿", "TR100", 2)):
        for number in range(n):
            ago = timedelta(days=100 * number)
            await visited(
                service, f"{station}{product}{number}", station=station, product=product, warranty=True, ago=ago
            )
    await visited(service, "paid", station="二矿", product="TR50", warranty=False)
    document = await told(service.api, "claims", "2026")
    (table,) = chapter(document, "维修站和产品")
    assert table == [
        ["维修站", "TR100", "TR50", "全部", "占比"],
        ["一矿", "4", "2", "6", "75%"],
        ["二矿", "2", "0", "2", "25%"],
        ["全部", "6", "2", "8", "100%"],
    ]
    html = await service.api.get("/api/v1/reports/documents/claims", params={"period": "2026", "format": "html"})
    assert "填表人（签字、日期）" in html.text


@pytest.mark.row("S3-03")
async def test_half_a_month_of_repairs_under_warranty_names_the_stations_that_sent_nothing(service: Service) -> None:
    for station, ago in (("一站", 30), ("二站", 30), ("三站", 31), ("一站", 1), ("二站", 2)):
        await visited(
            service, f"{station}{ago}", station=station, product="TR50", warranty=station != "二站", ago=ago * DAY
        )
    until = service.now.date() + timedelta(days=1)
    document = await told(service.api, "claims", f"{until - timedelta(days=16)}..{until}")
    (table,) = chapter(document, "维修站和产品")
    assert [row[0] for row in table[1:]] == ["一站", "全部"], "only what is under warranty"
    silent = next(one for one in document["sections"] if one["title"] == "没有报数据的维修站")
    assert silent["blocks"] == [{"lines": ["三站"]}]


async def test_of_many_models_the_rarest_are_added_up_in_one_column(service: Service) -> None:
    for number in range(10):
        for one in range(2 if number < 8 else 1):
            await visited(service, f"{number}-{one}", station="一矿", product=f"M{number}", warranty=True)
    (table,) = chapter(await told(service.api, "claims"), "维修站和产品")
    assert table[0][-3:] == ["其余 2 种", "全部", "占比"]
    assert table[1][-3:] == ["2", "18", "100%"]


async def checked(service: Service, week: str, station: str, **words: str) -> None:
    values = dict.fromkeys(("repair", "bodywork", "engine", "final_check"), 90)
    body = {
        "form": "quality_check_week",
        "subject": station,
        "period": week,
        "role": "auditor",
        "rater": "周工",
        "by": "周工",
        "values": values,
        "words": words,
    }
    answer = await service.api.post("/api/v1/assessments", json=body)
    assert answer.is_success, answer.text


@pytest.mark.row("S3-35")
async def test_checks_of_each_week_are_told_with_what_passed_failed_and_follows(service: Service) -> None:
    await checked(service, "2026-W46", "一站", checked="30", failed="2", follow_up="返工两台，周五复检")
    await checked(service, "2026-W47", "一站", checked="20", failed="3")
    await checked(service, "2026-W47", "二站", checked="约十台")
    document = await told(service.api, "checks")
    passed, weeks = chapter(document, "检验结果")
    assert passed[1] == ["检验合格率", "90%", "50", "78.64% ～ 95.65%"]
    assert weeks[0] == ["周期", "维修站", "检验台数", "不合格台数", "维修检验", "钣喷检验", "发动机检验", "出店检验"]
    assert [row[:5] for row in weeks[1:]] == [
        ["2026-W46", "一站", "30", "2", "90%"],
        ["2026-W47", "一站", "20", "3", "90%"],
        ["2026-W47", "二站", "", "", "90%"],
    ]
    (follows,) = chapter(document, "跟踪措施")
    assert follows[1:] == [["2026-W46", "一站", "返工两台，周五复检"]]
    (computed,) = document["appendix"]
    assert "Wilson" in computed["blocks"][0]["lines"][0]


async def test_a_week_over_the_end_of_a_month_is_counted_in_one_of_them(service: Service) -> None:
    await service.passes(timedelta(days=14))
    await checked(service, "2026-W48", "一站", checked="20", failed="1")
    await checked(service, "2026-W49", "一站", checked="30", failed="2")
    counted = [chapter(await told(service.api, "checks", month), "检验结果") for month in ("2026-11", "2026-12")]
    assert [[row[2] for row in tables[0][1:]] for tables in counted if tables] == [["50"]]
