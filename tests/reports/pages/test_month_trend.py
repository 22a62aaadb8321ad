"""The report of a year month by month: each dimension's values with n, interval, and what may be said of changes."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.reports.test_report_kinds import every_row, rated, rows, told
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER, SEPTEMBER = (datetime(2026, month, 15, 4, tzinfo=UTC) for month in (10, 9))
YEAR_BEFORE = datetime(2025, 10, 15, 4, tzinfo=UTC)
MONTHS = [f"2025-{month}" for month in (11, 12)] + [f"2026-{month:02}" for month in range(1, 11)]


async def answered(house: House, at: datetime, values: list[int], start: int, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    """Store a response for each value, all about how fast the team came."""
    visits = [closed_visit(str(n), at, {"response_speed": value}, **cut) for n, value in enumerate(values, start)]
    await store_records(house.store, at, *(record for visit in visits for record in visit))


def tables(document: Any, title: str) -> list[list[dict[str, Any]]]:  # noqa: ANN401 (JSON is anything)
    """Return the tables of a chapter, their rows by column."""
    section = next(one for one in document["sections"] if one["title"] == title)
    found = [block for block in section["blocks"] if "rows" in block]
    return [[dict(zip(one["columns"], row, strict=True)) for row in one["rows"]] for one in found]


@pytest.mark.row("S3-15")
async def test_each_month_has_n_interval_and_both_differences_with_a_mark(house: House, api: httpx.AsyncClient) -> None:
    await answered(house, OCTOBER, [5] * 30, 0)
    await answered(house, SEPTEMBER, [5] * 12 + [1] * 18, 100)
    await answered(house, YEAR_BEFORE, [5] * 29 + [1], 200)
    document = await told(api, "trend", locale="zh-Hans")
    assert document["title"] == "各维度按月走势"
    csat, mean = tables(document, "响应速度")
    (september, october) = csat
    assert (september["月份"]["text"], october["月份"]["text"]) == ("2026-09", "2026-10")
    assert (october["数值"]["value"], october["n"]["value"]) == (100, 30)
    assert october["95% 区间"]["text"].startswith("88.65")
    assert (october["环比"]["text"], october["环比"]["value"]) == ("+60↑", 60)
    assert october["同比"]["text"] == "+3.33≈"
    assert (september["环比"], september["同比"]) == ({"text": "无可比数据"},) * 2
    assert "高于上期；≈去年同期" in october["说明"]["text"]
    assert [row["数值"]["value"] for row in mean] == [2.6, 5]


@pytest.mark.row("S3-15")
async def test_a_month_of_the_trend_is_told_as_the_summary_tells_it(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 4, range(20), team="north")
    await rated(house, SEPTEMBER, 2, range(100, 117), team="north")
    await rated(house, YEAR_BEFORE, 5, range(200, 220), team="north")
    asked = {"period": "2026-10", "by": "dimension", "metric": "csat,mean", "compare": "previous,year"}
    figures = (await api.get("/api/v1/reports/summary", params=asked)).json()["figures"]
    document = await told(api, "trend", locale="en")
    names, metrics = {"response_speed": "Response speed", "attitude": "Attitude"}, ("csat", "mean")
    assert len(figures) == 10
    for figure in (one for one in figures if one["cut"]["dimension"] in names):
        row = tables(document, names[figure["cut"]["dimension"]])[metrics.index(figure["metric"])][-1]
        assert (row["Value"]["value"], row["n"]["value"]) == (figure["value"], figure["n"])
        changes = (figure["change"], figure["year_change"])
        found = (row["Against the month before"], row["Against a year before"])
        for change, cell in zip(changes, found, strict=True):
            assert cell["value"] == pytest.approx(figure["value"] - change["before"])
            mark = {"higher": "↑", "lower": "↓", "not_clear": "≈"}[change["verdict"]]
            assert cell["text"].endswith(mark)


async def test_the_table_of_all_months_has_a_column_for_each_and_leaves_out_what_nobody_said(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, OCTOBER, [5] * 6, 0)
    await answered(house, SEPTEMBER, [5] * 3, 100)
    document = await told(api, "trend", locale="zh-Hans")
    table = document["sections"][0]["blocks"][0]
    assert table["columns"] == ["月份", "响应速度"]
    told_of = {row[0]["text"]: row[1]["text"] for row in table["rows"]}
    assert told_of == {**dict.fromkeys(MONTHS, ""), "2026-09": "n=3", "2026-10": "100%"}
    charts = [block["chart"] for block in document["sections"][1]["blocks"] if "chart" in block]
    assert charts == ["满意率", "平均分"]


@pytest.mark.parametrize(
    ("period", "last"),
    [("2026-Q3", "2026-09"), ("2026-W41", "2026-10"), ("2025", "2025-12"), ("2026-10-31", "2026-10")],
)
async def test_the_year_ends_with_the_month_in_which_the_period_ends(
    house: House, api: httpx.AsyncClient, period: str, last: str
) -> None:
    for number in range(12):
        await answered(house, datetime(2026, number % 10 + 1, 3, 4, tzinfo=UTC), [4] * 5, 100 * number)
    await answered(house, datetime(2025, 12, 3, 4, tzinfo=UTC), [4] * 5, 9000)
    document = await told(api, "trend", period=period, locale="zh-Hans")
    assert document["sections"][0]["blocks"][0]["rows"][-1][0]["text"] == last


async def test_a_trend_of_one_team_tells_of_nobody_else(house: House, api: httpx.AsyncClient) -> None:
    await answered(house, OCTOBER, [5] * 10, 0, team="north")
    await answered(house, OCTOBER, [1] * 10, 100, team="south")
    document = await told(api, "trend", of="team:north", locale="zh-Hans")
    assert document["head"][0] == "班组：north"
    assert [row["数值"] for row in rows(document, "响应速度")] == ["100%"]
    assert "south" not in json.dumps(document, ensure_ascii=False)
    assert all(cell["text"] != "0%" for row in every_row(document) for cell in row)


async def test_a_subject_that_nobody_knows_is_refused_with_those_that_are_written_alike(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, OCTOBER, [5] * 10, 0, team="north")
    await answered(house, SEPTEMBER, [5] * 10, 100, team="south")
    for kind in ("subject", "trend"):
        asked = {"period": "2026-10", "of": "team:nort"}
        answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["field"] == "of"
        assert error["problem"].startswith("is team:nort, of which nothing is known in this period")
        assert error["problem"].endswith("there are team:north")
    nobody = await api.get("/api/v1/reports/documents/subject", params={"period": "2026-10", "of": "station:x"})
    assert nobody.status_code == 422
    assert "there are" not in nobody.text


async def test_a_subject_that_had_something_in_the_period_before_has_empty_chapters(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, OCTOBER, [5] * 10, 0, team="north")
    await answered(house, SEPTEMBER, [5] * 10, 100, team="south")
    document = await told(api, "subject", of="team:south", locale="zh-Hans")
    assert [one["blocks"] for one in document["sections"]] == [[{"lines": ["这段时间还没有数据。"]}]] * 4
