"""Importance beside performance as a report: a chart around the crosshair, a row for each dimension, every format."""

from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook

from tests.reports.pages.test_priority_reports import blocks, rows
from tests.reports.test_report_documents import report
from tests.reports.test_report_kinds import told
from tests.rows.importance.test_weighted_figures import FOUR, PLACES, enters


@pytest.mark.row("S0-14")
async def test_every_dimension_has_its_quadrant_with_both_values_n_and_intervals(api: httpx.AsyncClient) -> None:
    for number in range(12):
        await enters(api, number, *FOUR)
    month = (await api.get("/api/v1/reports/quadrants")).json()
    document = await told(api, "importance", period="2026-11", locale="zh-Hans")
    found = blocks(document, "重要程度和表现")
    assert found[0] == {"chart": "重要程度和表现"}
    points = {one["dimension"]: one for one in month["items"][0]["points"]}
    assert {one["quadrant"] for one in points.values()} == set(PLACES.values())
    texts = sorted((one["text"], one["importance"]["value"], one["performance"]["value"]) for one in points.values())
    shown = rows(found)
    assert texts == sorted((row["判断"]["text"], row["重要程度"]["value"], row["表现"]["value"]) for row in shown)
    assert {row["n 3"]["value"] for row in shown} == {row["n 6"]["value"] for row in shown} == {12}
    assert all("～" in row["95% 区间 4"]["text"] for row in shown)
    assert found[-1]["lines"] == ["十字线：重要程度 3，表现 50%（各项的平均）"]
    (formulas, *_) = document["appendix"][0]["blocks"]
    assert len(formulas["rows"]) == 2


async def test_the_chart_is_native_in_a_workbook_and_numbered_on_the_page(api: httpx.AsyncClient) -> None:
    for number in range(12):
        await enters(api, number, *FOUR)
    book = load_workbook(BytesIO(await report(api, "importance", "xlsx", period="2026-11")))
    (chart,) = book.worksheets[0]._charts  # noqa: SLF001 (openpyxl has no other way)
    assert len(chart.series) == 4
    page = (await report(api, "importance", "html", period="2026-11")).decode()
    assert page.count("<circle") == 2 * 4, "each for a desk and for a phone"
    assert all(f">{number}</text>" in page for number in range(1, 5))


async def test_of_too_few_answers_there_is_a_sentence_and_no_chart(api: httpx.AsyncClient) -> None:
    for number in range(4):
        await enters(api, number, *FOUR)
    document = await told(api, "importance", period="2026-11", locale="zh-Hans")
    (only,) = blocks(document, "重要程度和表现")
    assert "回答不够，先不画" in only["lines"][0]
