"""What a superior writes to be improved becomes a finding by one command, and is followed with metric and deadline."""

from typing import Any

import httpx
import pytest

from tests.rows.test_forms import URL, performance, stored

WORDS = {"position": "安装工", "remarks": "手艺好。", "improve": "多听客户说完，\n先报价再动手"}


async def sheet(api: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    """Store a sheet of the superior about a17."""
    return await stored(api, performance(*(4,) * 12, words=WORDS) | changed)


async def followed(api: httpx.AsyncClient, assessment: str, status: int = 201, **body: str) -> dict[str, Any]:
    """Ask for the finding that a sheet's words become."""
    answer = await api.post(f"{URL}/{assessment}/finding", json={"by": "王经理", **body})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.row("S0-05")
async def test_remark_and_direction_stand_on_the_sheet_and_the_direction_becomes_an_action_once(
    api: httpx.AsyncClient,
) -> None:
    told = await sheet(api)
    assert (told["words"]["remarks"], told["actions"]) == ("手艺好。", ["improve"])
    finding = await followed(api, told["id"])
    assert finding["text"] == "a17 2026-Q3 改进方向：多听客户说完， 先报价再动手"
    assert (finding["kind"], finding["status"], finding["department"]) == ("assessment", "open", "a17")
    assert (await followed(api, told["id"], 200))["id"] == finding["id"]
    assert len((await api.get("/api/v1/findings")).json()["items"]) == 1
    entry = next(one for one in (await api.get("/api/v1/audit")).json()["items"] if one["action"] == "finding_opened")
    assert (entry["by"], entry["detail"]["assessment"], entry["detail"]["field"]) == ("王经理", told["id"], "improve")


@pytest.mark.row("S1-65")
async def test_a_managers_plan_is_an_action_with_grade_metric_and_deadline_that_the_next_sheet_shows(
    api: httpx.AsyncClient,
) -> None:
    values = dict.fromkeys(("targets", "satisfaction", "speed", "cost", "team", "training"), 4)
    body = performance(words={"plan": "每周复盘差评", "position": "经理"}) | {"form": "manager", "values": values}
    told = await stored(api, body)
    assert told["grade"] == "优秀"
    finding = await followed(api, told["id"], department="客服部")
    plan = {
        "measure": "每周一复盘",
        "metric": "csat",
        "target": 90,
        "owner": "a17",
        "due": "2026-12-20",
        "by": "王经理",
    }
    answer = await api.post(f"/api/v1/findings/{finding['id']}/measure", json=plan)
    assert answer.status_code == 200, answer.text
    asked = {"period": "2026-Q3", "of": "agent:a17", "format": "json", "locale": "zh-Hans"}
    document = (await api.get("/api/v1/reports/documents/appraisal", params=asked)).json()
    (actions,) = (one for one in document["sections"] if one["title"] == "措施和效果")
    (row,) = actions["blocks"][0]["rows"]
    assert [cell["text"] for cell in row] == ["每周复盘差评", "每周一复盘", "a17", "2026年12月20日", "在做"]


@pytest.mark.parametrize(
    ("changed", "body", "field", "said"),
    [
        ({}, {"field": "nothing"}, "field", "words stand in: position, remarks, improve"),
        ({"words": {"position": "安装工", "remarks": "好"}}, {}, "field", "is missing; name the field"),
        ({"role": "peer", "form": "four_sides", "words": {}, "rater": "小张"}, {}, "assessment", "told to nobody else"),
    ],
    ids=["no such words", "none to act on", "of a peer"],
)
async def test_what_cannot_be_followed_is_told(
    api: httpx.AsyncClient, changed: dict[str, Any], body: dict[str, str], field: str, said: str
) -> None:
    if changed.get("form") == "four_sides":
        items = ("manner", "patience", "practice", "cases", "process", "response", "solving", "success", "rating")
        changed = {**changed, "values": dict.fromkeys((*items, "complaints", "returning"), 4)}
    told = await sheet(api, **changed)
    (wrong,) = (await followed(api, told["id"], 422, **body))["errors"]
    assert wrong["field"] == field
    assert said in wrong["problem"]


async def test_another_field_can_be_followed_and_a_sheet_that_there_is_not_is_told(api: httpx.AsyncClient) -> None:
    told = await sheet(api)
    first, second = await followed(api, told["id"]), await followed(api, told["id"], field="remarks")
    assert first["id"] != second["id"]
    assert second["text"].endswith("综合评语：手艺好。")
    assert "asm_none" in str(await followed(api, "asm_none", 404))
