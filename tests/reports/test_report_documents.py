"""Reports as files: every kind in every format, the same numbers in all of them, nothing from outside that runs."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO, StringIO
from typing import Any, get_args

import httpx
import pytest
from openpyxl import load_workbook

from bot.http.api.schemas.campaign import SurveyStatus
from bot.jobs.reports.report_documents import REPORT_KINDS
from bot.reports.report_formats import REPORT_FORMATS
from dialogs.invitation.model import InvitationReason
from dialogs.reports.document import ReportKind
from scoring.validity import ExclusionReason
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
DIMENSIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>'


OF_KIND = {
    "figures": {"by": "team", "metric": "csat,mean,time_to_first_reply"},
    "subject": {"of": "team:南区"},
    "team": {"of": "team:南区"},
    "scorecard": {"of": "agent:南区1"},
}
"""What some kinds of reports are asked for besides."""


DRAWN = {"pdf": b"%PDF-", "png": b"\x89PNG"}
"""The formats that a process of their own draws, which takes it half a second, and how their files begin."""


async def filled(house: House) -> None:
    """Store a month for two teams, one with a name that a spreadsheet or a browser might run, and the month before."""
    for team, start, ratings in ((HOSTILE, 0, (5, 4, 5, 4, 4)), ("南区", 100, (2, 2, 5, 4, 3))):
        for month, shift in ((OCTOBER, 0), (OCTOBER - timedelta(days=30), 1000)):
            numbers = range(start + shift, start + shift + 20)
            told = dict(zip(DIMENSIONS, ratings, strict=True))
            visits = [closed_visit(str(n), month, told, team=team, agent=f"{team}1", category="漏水") for n in numbers]
            await store_records(house.store, month, *(record for visit in visits for record in visit))


async def report(api: httpx.AsyncClient, kind: str, form: str, **wanted: str) -> bytes:
    asked = {"period": "2026-10", "format": form, **wanted}
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == REPORT_FORMATS[form].media_type
    name = f"huifang-{kind}-{asked['period']}.{form}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    return answer.content


def json_numbers(raw: bytes, day: int = 86400) -> list[float]:
    """Return the numbers of all tables, in their order; lengths of time in days, as a workbook has them."""
    told: dict[str, Any] = json.loads(raw)
    blocks = (block for part in ("sections", "appendix") for section in told[part] for block in section["blocks"])
    cells = (cell for block in blocks for row in block.get("rows", ()) for cell in row if "value" in cell)
    return [cell["value"] / (day if cell["unit"] == "seconds" else 1) for cell in cells]


def workbook_numbers(raw: bytes) -> list[float]:
    book = load_workbook(BytesIO(raw))
    sheets = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    cells = (cell for sheet in sheets for row in sheet.iter_rows() for cell in row)
    return [float(cell.value) for cell in cells if isinstance(cell.value, int | float)]


def csv_numbers(raw: bytes) -> Iterator[float]:
    for row in csv.reader(StringIO(raw.decode("utf-8-sig"))):
        for cell in row[1:]:
            try:
                yield float(cell)
            except ValueError:
                continue


@pytest.mark.some(3)
@pytest.mark.parametrize("kind", [*ReportKind])
async def test_every_kind_has_the_same_numbers_in_every_format(house: House, api: httpx.AsyncClient, kind: str) -> None:
    await filled(house)
    wanted = OF_KIND.get(kind, {})
    found = {form: await report(api, kind, form, locale="en", **wanted) for form in REPORT_FORMATS if form not in DRAWN}
    numbers = json_numbers(found["json"])
    assert workbook_numbers(found["xlsx"]) == pytest.approx(numbers, rel=1e-14)
    assert [*csv_numbers(found["csv"])] == json_numbers(found["json"], day=1)
    told = json.loads(found["json"])
    page = unescape(found["html"].decode())
    for section in (*told["sections"], *told["appendix"]):
        assert section["title"] in page
        for block in section["blocks"]:
            assert all(cell["text"] in page for row in block.get("rows", ()) for cell in row if "value" in cell)


@pytest.mark.parametrize("form", DRAWN)
@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=() if kind is ReportKind.REVIEW else pytest.mark.proof) for kind in ReportKind],
)
async def test_every_kind_can_be_drawn(house: House, api: httpx.AsyncClient, kind: str, form: str) -> None:
    await filled(house)
    drawn = await report(api, kind, form, locale="en", **OF_KIND.get(kind, {}))
    assert drawn.startswith(DRAWN[form])
    assert len(drawn) > 10_000


async def test_what_comes_from_outside_runs_in_no_format(house: House, api: httpx.AsyncClient) -> None:
    await filled(house)
    wanted = {"by": "team", "metric": "csat"}
    page = (await report(api, "figures", "html", **wanted)).decode()
    assert "<script" not in page
    assert "default-src 'none'" in page
    rows = [*csv.reader(StringIO((await report(api, "figures", "csv", **wanted)).decode("utf-8-sig")))]
    assert f"'{HOSTILE}" in [cell for row in rows for cell in row]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    book = load_workbook(BytesIO(await report(api, "figures", "xlsx", **wanted)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert HOSTILE in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


async def test_the_numbers_are_those_of_the_summary(house: House, api: httpx.AsyncClient) -> None:
    await filled(house)
    asked = {"period": "2026-10", "by": "team", "metric": "csat", "compare": "previous"}
    figures = (await api.get("/api/v1/reports/summary", params=asked)).json()["figures"]
    figures.sort(key=lambda figure: -figure["value"])
    told = json.loads(await report(api, "figures", "json", by="team", metric="csat"))
    (section,) = told["sections"]
    (table,) = [block for block in section["blocks"] if "rows" in block]
    at = table["columns"].index("数值")
    assert [(row[at]["value"], row[at]["text"]) for row in table["rows"]] == [(f["value"], f["text"]) for f in figures]
    assert [row[at + 1]["value"] for row in table["rows"]] == [figure["n"] for figure in figures]


async def test_a_workbook_prints_on_a4_with_frozen_head_formats_and_native_charts(
    house: House, api: httpx.AsyncClient
) -> None:
    await filled(house)
    book = load_workbook(BytesIO(await report(api, "review", "xlsx")))
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "服务质量分析"
    assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
    assert sheet.print_area.startswith("'服务质量分析'!$A$1:")
    assert sheet.freeze_panes == "A4"
    assert len(sheet._charts) >= 2  # noqa: SLF001 (openpyxl names them nowhere else)
    formats = {cell.number_format for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)}
    assert {'#,##0"%"', "#,##0.0", "#,##0"} <= formats


@pytest.mark.parametrize("kind", ["review", "trend", "quality"])
async def test_no_chart_of_a_workbook_is_cut_where_a_page_ends(house: House, api: httpx.AsyncClient, kind: str) -> None:
    await filled(house)
    for sheet in load_workbook(BytesIO(await report(api, kind, "xlsx"))).worksheets:
        ends = [end.id for end in sheet.row_breaks.brk]
        drawn = [(one.anchor._from.row, one.anchor.to.row) for one in sheet._charts]  # noqa: SLF001 (as above)
        assert not [(chart, end) for chart in drawn for end in ends if chart[0] < end <= chart[1]]
        heads = [cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.font.bold and cell.value]
        assert not set(heads) & set(ends), "a heading at the foot of a page"
        assert ends or not drawn or sheet.max_row < 60


async def test_what_is_long_in_a_workbook_has_the_room_beside_it(house: House, api: httpx.AsyncClient) -> None:
    await filled(house)
    sheet = load_workbook(BytesIO(await report(api, "review", "xlsx"))).worksheets[0]
    shared = [(one.min_row, one.min_col, one.max_col) for one in sheet.merged_cells.ranges]
    assert shared
    for row, first, last in shared:
        assert (last, first < last) == (6, True)
        assert len(str(sheet.cell(row, first).value)) > 20


async def test_words_in_place_of_a_number_take_no_line_of_their_own(house: House, api: httpx.AsyncClient) -> None:
    await filled(house)
    page = (await report(api, "figures", "html")).decode()
    assert re.search(r'<td class="number"[^>]*>[\d.]+%', page)
    assert re.search(r'<td class="number said"[^>]*>\D', page)
    assert not re.search(r'<td class="number said"[^>]*>\d', page)


async def test_an_empty_month_says_so_and_an_open_one_is_provisional(api: httpx.AsyncClient) -> None:
    for kind in (kind for kind, one in REPORT_KINDS.items() if not one.needs_of):
        page = (await report(api, kind, "html", **OF_KIND.get(kind, {}))).decode()
        assert "还没有数据" in page or "这段时间没有" in page, kind
    answer = await api.get("/api/v1/reports/documents/summary", params={"period": "2026-11"})
    assert "暂定：这段时间还没结束" in answer.text


@pytest.mark.parametrize(
    ("kind", "wanted", "said"),
    [
        ("monthly", {}, "is 'monthly'; write one of figures, summary"),
        ("summary", {"by": "team"}, "is for reports of kind figures; summary has figures of its own"),
        ("subject", {}, "is ''; write it as team:NAME, with one of team"),
        ("review", {"of": "team:north"}, "is for reports of kind subject"),
        ("figures", {"by": "colour"}, "has 'colour', which is none of team"),
        ("figures", {"period": "october"}, "is no period"),
        ("figures", {"format": "docx"}, "format"),
    ],
)
async def test_what_is_no_report_is_refused(
    api: httpx.AsyncClient, kind: str, wanted: dict[str, str], said: str
) -> None:
    answer = await api.get(f"/api/v1/reports/documents/{kind}", params=wanted)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.row("S3-01")
async def test_a_station_has_a_monthly_sheet_with_unit_period_author_and_lines_to_sign(
    house: House, api: httpx.AsyncClient
) -> None:
    for station, ratings in (("北京站", (5, 5, 5, 5, 5)), ("上海站", (1, 1, 1, 1, 1))):
        told = dict(zip(DIMENSIONS, ratings, strict=True))
        visits = [closed_visit(f"{station}{n}", OCTOBER, told, station=station) for n in range(6)]
        await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))
    book = load_workbook(BytesIO(await report(api, "subject", "xlsx", of="station:北京站")))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    lines = [row[0] for row in rows]
    assert lines[:3] == ["服务报告", "维修站：北京站", "2026年10月1日 至 2026年10月31日"]
    signed = [line.rstrip(" _") for line in lines if line and "签字" in line]
    assert signed == ["填表人（签字、日期）：", "负责人（签字、日期）："]
    printed = book.worksheets[0].print_area.rpartition("$")[2]
    assert int(printed) == len(rows), "the lines to sign are printed, too"
    values = {row[0]: row[1] for row in reversed(rows)}  # of all together, which stand first
    assert (values["满意率"], values["平均分"], values["关闭工单"]) == (100, 5, 6)
    assert not [cell for row in rows for cell in row if cell == "上海站"]
    page = (await report(api, "subject", "html", of="station:北京站")).decode()
    assert page.count('<div class="signatures">') == 1


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
async def test_every_reason_has_words(house: House, locale: str) -> None:
    phrases = house.web.receiver.policy.phrases
    reasons = (
        *ExclusionReason,
        *InvitationReason,
        *get_args(SurveyStatus),
        "waiting",
        "not_reported",
        "unrecorded",
        "unfinished",
    )
    assert all(phrases.say(locale, f"report.without.{reason}") for reason in reasons)
