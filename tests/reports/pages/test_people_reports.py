"""The scorecard of an agent and the page of a team: needs of training, bands, masked words, nothing of few people."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dialogs.interview.model import Interview
from scoring.values import replace
from storage.unit_of_work.changes import Record
from tests.http.forms.test_assessments import sheet, stored
from tests.reports.test_report_kinds import rows, told
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
GOOD = {"response_speed": 5, "attitude": 5}
SLOW = {"response_speed": 1, "attitude": 5}


async def served(house: House, ratings: Sequence[Mapping[str, int]], start: int, said: str = "", **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    """Store a response for each set of ratings, all with the same words."""

    def with_words(one: Record) -> Record:
        return replace(one, comment=said) if isinstance(one, Interview) and said else one

    visits = [closed_visit(str(n), OCTOBER, one, **cut) for n, one in enumerate(ratings, start)]
    await store_records(house.store, OCTOBER, *(with_words(record) for visit in visits for record in visit))


def section(document: Any, title: str) -> Any:  # noqa: ANN401 (JSON is anything)
    return next(one for one in document["sections"] if one["title"] == title)


@pytest.mark.row("S1-03", "S4-06")
async def test_what_to_train_first_is_what_lies_below_everybody_with_n_and_interval(
    house: House, api: httpx.AsyncClient
) -> None:
    await served(house, [SLOW] * 20, 0, agent="slow")
    await served(house, [GOOD] * 40, 100, agent="fast")
    document = await told(api, "scorecard", of="agent:slow", locale="zh-Hans")
    assert document["head"][:2] == ["服务人员：agent slow", "我们只计数，不处罚：这一页用来看哪里要帮一把。"]
    (row,) = rows(document, "可以先培训的")
    assert (row["维度"], row["数值"], row["n"], row["大家"]) == ("响应速度", "0%", "20", "66.67%")
    assert row["95% 区间"] == "0% ～ 16.11%"
    assert row["说明"] == "整个区间都低于大家；样本少"
    assert row["可以怎么做（例）"].startswith("忙的时候加人手")
    fast = await told(api, "scorecard", of="agent:fast", locale="zh-Hans")
    assert section(fast, "可以先培训的")["blocks"] == [{"lines": ["没有哪个维度低于大家。"]}]


async def test_what_may_be_chance_is_called_so(house: House, api: httpx.AsyncClient) -> None:
    await served(house, [GOOD] * 9 + [SLOW], 0, agent="a1")
    await served(house, [GOOD] * 40, 100, agent="a2")
    (row,) = rows(await told(api, "scorecard", of="agent:a1", locale="en"), "Training that helps first")
    assert row["Note"] == "below everybody's, which may be chance; small sample"


@pytest.mark.row("S1-92")
async def test_agents_stand_in_bands_among_colleagues_and_not_in_ranks(house: House, api: httpx.AsyncClient) -> None:
    for agent, ratings, start in (("good", [GOOD] * 40, 0), ("mid", [GOOD, SLOW] * 20, 100), ("bad", [SLOW] * 40, 200)):
        await served(house, ratings, start, agent=agent, team="north")
    await served(house, [SLOW] * 12, 300, agent="new", team="north")
    document = await told(api, "team", of="team:north", locale="zh-Hans")
    people = {row["人"]: row for row in rows(document, "组里各人在哪一档")}
    assert list(people) == ["agent bad", "agent good", "agent mid", "agent new"], "by the alphabet"
    assert {name: row["档"][:1] for name, row in people.items()} == {
        "agent good": "A",
        "agent mid": "B",
        "agent bad": "C",
        "agent new": "不",
    }
    assert people["agent new"]["n"] == "12"
    score = (await api.get("/api/v1/scores/agent:bad", params={"period": "2026-10"})).json()["standing"]
    own = await told(api, "scorecard", of="agent:bad", locale="zh-Hans")
    (mine,) = section(own, "和同事比")["blocks"][0]["rows"]
    assert mine[2]["value"] == pytest.approx(score["csat"])
    assert mine[1]["text"] == "C：明显低于共同水平"
    assert "有 3 人满 30 份" in section(own, "和同事比")["blocks"][1]["lines"][0]
    assert "agent good" not in json.dumps(own, ensure_ascii=False)


async def test_the_figures_of_a_scorecard_are_those_of_the_summary(house: House, api: httpx.AsyncClient) -> None:
    await served(house, [SLOW] * 10 + [GOOD] * 10, 0, agent="a1")
    await served(house, [GOOD] * 10, 100, agent="a2")
    asked = {"period": "2026-10", "by": "agent,dimension", "metric": "csat"}
    figures = (await api.get("/api/v1/reports/summary", params=asked)).json()["figures"]
    theirs = sorted(one["value"] for one in figures if one["cut"]["agent"] == "a1")
    document = await told(api, "scorecard", of="agent:a1", locale="en")
    table = next(block for block in section(document, "By dimension")["blocks"] if "rows" in block)
    assert sorted(row[2]["value"] for row in table["rows"]) == theirs == [50, 100]


async def test_of_fewer_than_five_customers_no_value_is_told(house: House, api: httpx.AsyncClient) -> None:
    await served(house, [SLOW] * 4, 0, agent="new", team="north", said="太慢了")
    await served(house, [GOOD] * 40, 100, agent="old", team="north")
    document = await told(api, "scorecard", of="agent:new", locale="zh-Hans")
    few = "目前只有 4 条，满 5 条才计算"
    known = {row["指标"]: row["数值"] for row in rows(document, "数据")}
    assert known["平均分"] == known["满意率"] == few
    assert {row["数值"] for row in rows(document, "各维度")} == {few}
    assert section(document, "可以先培训的")["blocks"] == [{"lines": ["这段时间还没有数据。"]}]
    assert section(document, "客户的话")["blocks"][0]["lines"] == ["这段时间满 8 位客户回答后，这里会有他们的原话。"]
    assert "太慢了" not in json.dumps(document, ensure_ascii=False)


@pytest.mark.row("S4-06")
async def test_customers_words_are_masked_and_stand_in_a_chapter_of_their_own(
    house: House, api: httpx.AsyncClient
) -> None:
    await served(house, [SLOW] * 8, 0, agent="a1", said="等了三天，打 13800138000 没人接")
    await served(house, [GOOD] * 8, 100, agent="a2", said="很满意")
    document = await told(api, "scorecard", of="agent:a1", locale="zh-Hans")
    (lines,) = [block["lines"] for block in section(document, "客户的话")["blocks"]]
    assert len(lines) == 8
    assert all("等了三天" in line and "***" in line for line in lines)
    whole = json.dumps(document, ensure_ascii=False)
    assert "13800138000" not in whole
    assert "很满意" not in whole
    page = await api.get(
        "/api/v1/reports/documents/team", params={"period": "2026-10", "of": "team:north", "format": "json"}
    )
    assert "等了三天" not in page.text, "what customers wrote is on no page that others read"


async def test_a_team_has_its_own_figures_people_and_issues(house: House, api: httpx.AsyncClient) -> None:
    await served(house, [GOOD] * 10, 0, agent="a1", team="north")
    await served(house, [SLOW] * 10, 100, agent="b1", team="south")
    for ticket in ("1", "101"):
        opened = await api.post("/api/v1/issues", json={"title": f"等了三天 {ticket}", "ticket": f"desk/{ticket}"})
        assert opened.status_code == 201
    period = {"period": "2026-11", "of": "team:north"}
    document = await told(api, "team", locale="zh-Hans", **period)
    assert [row["问题"] for row in rows(document, "问题与处理")] == ["等了三天 1"]
    october = await told(api, "team", of="team:north", locale="zh-Hans")
    known = {row["指标"]: row["数值"] for row in rows(october, "数据")}
    assert (known["关闭工单"], known["满意率"], known["平均分"]) == ("10", "100%", "5")
    assert "agent b1" not in json.dumps(october, ensure_ascii=False)


async def test_sheets_about_an_agent_are_told_with_grade_and_formula(house: House, api: httpx.AsyncClient) -> None:
    await served(house, [GOOD] * 10, 0, agent="a1")
    given = await stored(api, **sheet("service_staff", subject="a1"))
    assert given["total"] is not None
    document = await told(api, "scorecard", of="agent:a1", locale="zh-Hans")
    (row,) = section(document, "考评表")["blocks"][0]["rows"]
    assert (row[1]["value"], row[2]["text"]) == (given["total"], given["grade"])
    assert row[3]["text"].startswith("上级")
    week = await told(api, "scorecard", of="agent:a1", period="2026-W42", locale="zh-Hans")
    assert "考评表" not in [one["title"] for one in week["sections"]], "a month's sheet tells nothing of a week"


@pytest.mark.row("S1-92")
async def test_a_manager_who_serves_no_customer_has_a_scorecard_of_sheets(api: httpx.AsyncClient) -> None:
    words = {"position": "店长"}
    given = await stored(api, **sheet("supervisor", subject="m1", words=words))
    document = await told(api, "scorecard", of="agent:m1", locale="zh-Hans")
    (row,) = section(document, "考评表")["blocks"][0]["rows"]
    assert row[1]["value"] == given["total"]
    assert section(document, "和同事比")["blocks"][0]["lines"][0].startswith("不满 30 份回答")


@pytest.mark.parametrize(("kind", "of"), [("scorecard", "team:north"), ("team", "agent:a1"), ("team", "")])
async def test_each_kind_is_about_its_own_key(api: httpx.AsyncClient, kind: str, of: str) -> None:
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params={"period": "2026-10", "of": of})
    assert answer.status_code == 422
    assert f"with one of {'agent' if kind == 'scorecard' else 'team'}" in answer.text


async def test_an_agent_who_is_asked_for_by_name_is_told_with_the_id(house: House, api: httpx.AsyncClient) -> None:
    await served(house, [GOOD] * 6, 0, agent="a17")
    await served(house, [GOOD] * 6, 100, agent="b4")
    for kind in ("subject", "scorecard"):
        asked = {"period": "2026-10", "of": "agent:agent a17"}
        answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        told_first, *_ = error["problem"].partition("; there are ")[2].split(", ")
        assert told_first == "agent:a17 (agent a17)"
