"""The review of a period: five chapters, strengths and weaknesses by evidence, actions, conclusions and measures."""

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from tests.rows.quality.test_entries import entered
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

NOON = datetime(2026, 11, 15, 4, tzinfo=UTC)
DIMENSIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")


async def answered(service: Service, *ratings: tuple[int, ...], start: int = 0, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    """Store a response of November for each set of ratings, in the order of the questions."""
    told = [dict(zip(DIMENSIONS, row, strict=True)) for row in ratings]
    visits = [closed_visit(str(n), NOON, one, **cut) for n, one in enumerate(told, start)]
    await store_records(service.house.store, NOON, *(record for visit in visits for record in visit))


async def review(service: Service, period: str = "2026-11", locale: str = "en") -> dict[str, Any]:
    answer = await service.api.get("/api/v1/reports/review", params={"period": period, "locale": locale})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def complained(service: Service, ticket: str, **judged: str) -> dict[str, Any]:
    """Open a complaint about a ticket, judge it and resolve it with its cause."""
    opened: dict[str, Any]
    opened = (await service.api.post("/api/v1/issues", json={"title": "等了三天", "ticket": ticket})).json()
    path = f"/api/v1/issues/{opened['id']}"
    await service.api.post(f"{path}/judge", json={"by": "陈工", **judged})
    return opened


@pytest.mark.row("S4-22", "S1-69")
async def test_a_review_has_five_chapters_with_service_needs_and_solutions_together(service: Service) -> None:
    await answered(service, *[(5, 4, 5, 4, 4)] * 6, category="漏水")
    await answered(service, *[(3, 4, 5, 4, 4)] * 6, start=10, category="噪音")
    await complained(service, "desk/1", category="late", remedy="explanation")
    told = await review(service)
    titles = [(one["chapter"], one["title"]) for one in told["chapters"]]
    assert titles == [
        ("response", "Speed of response"),
        ("quality", "Quality of service"),
        ("solving", "Solving problems"),
        ("people", "People"),
        ("feedback", "Feedback and suggestions"),
    ]
    chapters = {one["chapter"]: one["figures"] for one in told["chapters"]}

    def cells(chapter: str, metric: str, key: str) -> dict[str, Any]:
        found = (one for one in chapters[chapter] if one["metric"] == metric and key in one["cut"])
        return {one["cut"][key]: one["value"] for one in found}

    assert cells("quality", "csat", "dimension")["attitude"] == 100  # service
    assert cells("feedback", "repairs", "category") == {"噪音": 6, "漏水": 6}  # needs
    assert {"first_time_reported", "first_time_proxy", "repairs_held"} <= {one["metric"] for one in chapters["solving"]}
    assert cells("people", "csat", "agent") == {"a1": 90}
    assert "" in cells("solving", "repairs", "measure")  # solutions
    whole = {one["metric"] for one in chapters["response"] if not one["cut"]}
    assert whole >= {"time_to_first_reply", "time_to_start", "done_on_time"}
    assert [one["chapter"] for one in (await review(service, "2026-10"))["chapters"]] == [one for one, _ in titles]
    chinese = await review(service, locale="zh-Hans")
    names = ["响应速度", "服务质量", "问题解决", "服务人员", "反馈和建议"]
    assert [one["title"] for one in chinese["chapters"]] == names
    wrong = await service.api.get("/api/v1/reports/review", params={"period": "soon"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "period")


@pytest.mark.row("S4-23", "S4-25")
async def test_strengths_and_weaknesses_are_what_the_interval_shows_with_examples_of_measures(service: Service) -> None:
    await answered(service, *[(1, 3, 5, 5, 3)] * 20, *[(2, 5, 5, 5, 5)] * 20)
    told = await review(service)
    strong = [(one["figure"]["cut"]["dimension"], one["figure"]["value"]) for one in told["strengths"]]
    assert strong == [("attitude", 100), ("convenience", 100)]  # solving and care are told apart from nothing
    (weak,) = told["weaknesses"]
    assert (weak["figure"]["cut"]["dimension"], weak["figure"]["value"], weak["common"]) == ("response_speed", 0, 60)
    assert weak["figure"]["interval"]["high"] == pytest.approx(60 - weak["distance"])
    assert weak["examples"] == ["slow_reply"]
    library = {one["id"]: one for one in told["library"]}
    assert list(library) == ["slow_reply", "not_solved_at_once", "communication", "repair_quality", "no_call_back"]
    assert all(one["name"] and one["measures"] for one in library.values())
    quarterly = {"cron": "0 10 1 */3 *", "timezone": "Asia/Shanghai"}
    callback = {"name": "回访", "kind": "survey", "survey": "callback", "schedule": quarterly}
    assert (await service.api.post("/api/v1/campaigns", json=callback)).status_code == 201


async def test_of_few_answers_nothing_is_strong_or_weak(service: Service) -> None:
    await answered(service, (1, 3, 5, 5, 3), (2, 5, 5, 5, 5), (1, 5, 5, 5, 5))
    told = await review(service)
    assert (told["strengths"], told["weaknesses"]) == ([], [])


@pytest.mark.row("S1-55")
async def test_the_months_figures_of_quality_come_with_the_list_of_actions(service: Service) -> None:
    await answered(service, *[(5, 4, 5, 4, 4)] * 6)
    late = await complained(service, "desk/1", category="late", remedy="compensation")
    path = f"/api/v1/issues/{late['id']}"
    await service.api.post(f"{path}/claim", json={"by": "李工"})
    done = {"by": "李工", "note": "下次按约定时间到。", "root_cause": "排班太满"}
    await service.api.post(f"{path}/resolve", json=done)
    waiting = await complained(service, "desk/2", category="attitude")
    told = await review(service)
    quality = {one["metric"]: one["value"] for one in told["chapters"][1]["figures"] if not one["cut"]}
    assert (quality["csat"], quality["score_rate"]) == (100, 88)
    actions = {one["id"]: one for one in told["actions"]}
    assert actions.keys() >= {late["id"], waiting["id"]}
    one = actions[late["id"]]
    assert (one["status"], one["holder"], one["tickets"]) == ("resolved", "李工", ["desk/1"])
    assert (one["category"], one["root_cause"], one["remedy"]) == ("late", "排班太满", "compensation")
    assert (actions[waiting["id"]]["status"], bool(actions[waiting["id"]]["due_at"])) == ("open", True)
    by = {"period": "2026-11", "by": "remedy", "metric": "complaints", "locale": "zh-Hans"}
    page = (await service.api.get("/api/v1/reports/documents/figures", params=by)).text
    assert ("补偿" in page, "compensation" in page) == (True, False)
    wanted = {"period": "2026-11", "format": "csv", "locale": "en"}
    rows = list(csv.DictReader(StringIO((await service.api.get("/api/v1/reports/review", params=wanted)).text)))
    assert "排班太满; compensation" in [row["measures"] for row in rows if row["section"] == "action"]
    assert {row["section"] for row in rows} >= {"Quality of service", "Solving problems", "action"}
    assert (await review(service, "2026-10"))["actions"] == []


COUNTED = {
    "product_quality": (30, 50, 15, 5),
    "service_quality": (25, 55, 15, 5),
    "support": (35, 40, 20, 5),
    "response_speed": (20, 55, 20, 5),
    "price": (10, 50, 25, 15),
    "company_image": (15, 50, 25, 10),
}


@pytest.mark.row("S3-21")
async def test_four_levels_of_six_questions_are_told_with_conclusions_and_measures(service: Service) -> None:
    columns = [[4] * a + [3] * b + [2] * c + [1] * d for a, b, c, d in COUNTED.values()]
    ratings = [dict(zip(COUNTED, row, strict=True)) for row in zip(*columns, strict=True)]
    visits = [closed_visit(str(n), NOON, one, survey="satisfaction_4", version="1") for n, one in enumerate(ratings)]
    await store_records(service.house.store, NOON, *(record for visit in visits for record in visit))
    about = {"survey": "satisfaction_4"}
    whole: dict[str, Any] = {"conclusion": "价格是短板。", "measures": "明年推保养套餐。"}
    price: dict[str, Any] = {"conclusion": "四成觉得贵。", "measures": "报价单写清人工和配件。"}
    await entered(service, "remark", "csat", cut=about, **whole)
    await entered(service, "remark", "csat", cut=about | {"question": "price"}, **price)
    path = "/api/v1/surveys/satisfaction_4/answers"
    told = (await service.api.get(path, params={"period": "2026-11"})).json()
    for question in told["questions"]:
        levels = [(level["label"], level["count"], level["share"]) for level in question["levels"]]
        words = ("很满意", "满意", "一般", "不满意")
        counted = COUNTED[question["question"]]
        assert levels == [(word, n, float(n)) for word, n in zip(words, counted, strict=True)], question["question"]
        assert question["n"] == 100
    assert {name: told["remark"][name] for name in whole} == whole
    remarks = {one["question"]: one["remark"] for one in told["questions"]}
    assert {name: remarks["price"][name] for name in price} == price
    assert remarks["support"] is None
    wanted = {"period": "2026-11", "format": "csv"}
    rows = list(csv.DictReader(StringIO((await service.api.get(path, params=wanted)).text)))
    assert {row["measures"] for row in rows if row["question"] == "price"} == {price["measures"]}
    assert {row["conclusion"] for row in rows if row["question"] == "support"} == {whole["conclusion"]}
