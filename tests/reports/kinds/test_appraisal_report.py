"""The appraisal sheet: items with a column for each rater, what they come to, and sign-offs in their order."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from scoring.values import replace
from tests.reports.kinds.test_repair_reports import chapter, told
from tests.support.web.house import House

ITEMS = {"reports": 8, "faults": 12, "callbacks": 12, "skills": 12, "cost": 8, "values": 9, "others": 20}


async def rated(api: httpx.AsyncClient, role: str, rater: str, subject: str = "a17", **more: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    body = {
        "form": "supervisor",
        "subject": subject,
        "period": "2026-10",
        "role": role,
        "rater": rater,
        "by": "人事",
        "values": ITEMS,
        "words": {"position": "售后主管", "opinion": "稳。"},
        **more,
    }
    answer = await api.post("/api/v1/assessments", json=body)
    assert answer.is_success, answer.text
    return answer.json()


@pytest.mark.row("S3-05", "S3-06")
async def test_three_raters_stand_side_by_side_and_none_is_mixed_but_the_superior(api: httpx.AsyncClient) -> None:
    await rated(api, "self", "a17", values={**ITEMS, "others": 25})
    await rated(api, "superior", "王经理")
    await rated(api, "auditor", "周总", values={**ITEMS, "others": 10})
    document = await told(api, "appraisal", "2026-10", of="agent:a17")
    (sheet,) = chapter(document, "售后主管岗位绩效考核表、2026-10")
    assert sheet[0] == ["项目", "自评 a17", "上级 王经理", "检查人 周总"]
    assert sheet[1] == ["报修及汇总", "8", "8", "8"]
    assert sheet[-2:] == [["总分", "86", "81", "71"], ["等级", "优秀", "良好", "及格"]]
    (results,) = chapter(document, "考核结果")
    assert results[1] == ["a17", "售后主管岗位绩效考核表", "81", "良好", "上级 81 × 100%"]
    assert "考核意见（上级 王经理）：稳。" in document["sections"][0]["blocks"][1]["lines"]


@pytest.mark.row("S1-94")
async def test_it_is_signed_in_order_and_a_changed_sheet_is_logged(api: httpx.AsyncClient) -> None:
    await rated(api, "superior", "王经理")
    asked = {"period": "2026-10", "format": "xlsx", "locale": "zh-Hans", "of": "agent:a17"}
    answer = await api.get("/api/v1/reports/documents/appraisal", params=asked)
    rows = [row[0].value for row in load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows()]
    signed = [one.partition("（")[0] for one in rows if one and "签字" in one]
    assert signed == ["一、上级主管", "二、职能部门经理", "三、人力资源总监", "四、总经理"]
    await rated(api, "superior", "王经理", values={**ITEMS, "others": 25}, reason="目标计划变更")
    (entry,) = (await api.get("/api/v1/audit")).json()["items"]
    assert (entry["by"], entry["detail"]["reason"], entry["detail"]["total"]) == ("人事", "目标计划变更", "81")


@pytest.mark.row("S1-06", "S1-13")
async def test_everybodys_grades_are_a_file_for_who_pays_and_nothing_follows_by_itself(api: httpx.AsyncClient) -> None:
    await rated(api, "superior", "王经理")
    await rated(api, "superior", "王经理", "a18", values={**ITEMS, "others": 0})
    await rated(api, "self", "a19", "a19")
    issues, actions = [(await api.get(f"/api/v1/{path}")).json()["items"] for path in ("issues", "findings")]
    document = await told(api, "appraisal", "2026-10")
    (results,) = chapter(document, "考核结果")
    assert [row[0:1] + row[2:4] for row in results[1:]] == [
        ["a17", "81", "良好"],
        ["a18", "61", "及格"],
        ["a19", "", ""],
    ]
    assert results[3][-1] == "还缺：上级"
    asked = {"period": "2026-10", "format": "csv", "locale": "zh-Hans"}
    written = (await api.get("/api/v1/reports/documents/appraisal", params=asked)).text.splitlines()
    assert any(line.startswith("考核结果,a18,售后主管岗位绩效考核表,61,及格") for line in written)
    assert [(await api.get(f"/api/v1/{path}")).json()["items"] for path in ("issues", "findings")] == [issues, actions]


async def test_what_peers_and_customers_gave_is_in_the_result_and_on_no_sheet(api: httpx.AsyncClient) -> None:
    items = ("manner", "patience", "practice", "cases", "process", "response", "solving", "success", "rating")
    values = dict.fromkeys((*items, "complaints", "returning"), 4)
    about = {"form": "four_sides", "subject": "a17", "period": "2026-10", "by": "人事", "values": values}
    for role, rater in (("superior", "王经理"), ("peer", "张"), ("peer", "李"), ("peer", "赵")):
        answer = await api.post("/api/v1/assessments", json={**about, "role": role, "rater": rater})
        assert answer.is_success, answer.text
    document = await told(api, "appraisal", "2026-10", of="agent:a17")
    (sheet,) = chapter(document, f"{document['sections'][0]['title']}")
    assert sheet[0] == ["项目", "上级 王经理"]
    assert not [name for name in ("张", "李", "赵") if name in str(document)]


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("agent:nobody", "about which no sheet is filled"),
        ("product:X", "write it as agent:NAME"),
        ("agent", "agent:NAME"),
    ],
)
async def test_a_subject_without_sheets_is_told(api: httpx.AsyncClient, of: str, said: str) -> None:
    answer = await api.get("/api/v1/reports/documents/appraisal", params={"period": "2026-10", "of": of})
    assert answer.status_code == 422
    assert said in answer.text


async def test_points_that_somebody_added_and_the_mean_of_months_are_told_in_words(api: httpx.AsyncClient) -> None:
    await rated(api, "superior", "王经理")
    await rated(api, "superior", "王经理", period="2026-09")
    line = {
        "form": "supervisor",
        "subject": "a17",
        "period": "2026-10",
        "points": 5,
        "reason": "抢修表彰",
        "by": "总监",
    }
    assert (await api.post("/api/v1/assessments/adjustments", json=line)).is_success
    (results,) = chapter(await told(api, "appraisal", "2026-10", of="agent:a17"), "考核结果")
    assert results[1][2:] == ["86", "优秀", "上级 81 × 100%，另 +5 分（抢修表彰）"]
    (of_half,) = chapter(await told(api, "appraisal", "2026-H2", of="agent:a17"), "考核结果")
    assert of_half[1][-1].startswith("2 个周期的平均：2026-09 81、2026-10 86")
    (english,) = chapter(await told(api, "appraisal", "2026-10", locale="en", of="agent:a17"), "Results")
    assert english[1][-1] == "superior 81 × 100%, and +5 points (抢修表彰)"


@pytest.mark.parametrize("period", ["2026-10-01..2026-10-16", "618", "FY2026"])
async def test_everybodys_results_are_of_periods_for_which_sheets_are_filled(
    api: httpx.AsyncClient, house: House, period: str
) -> None:
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, fiscal_from=4))
    name = "2026-618" if period == "618" else period
    answer = await api.get("/api/v1/reports/documents/appraisal", params={"period": name})
    assert answer.status_code == 422
    (wrong,) = answer.json()["errors"]
    assert wrong["field"] == "period"
    assert wrong["problem"].startswith(f"is {name}; sheets are filled for periods such as 2026")
