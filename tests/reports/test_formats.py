"""One document in every format: what stands where, what a spreadsheet or a browser takes it for."""

import csv
import json
import re
from datetime import timedelta
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from bot.reports.plain_tables import plain_cell, report_csv, report_json
from bot.reports.printed_page import UnwrittenReportError, report_html, report_pdf
from bot.reports.workbook import report_xlsx
from dialogs.reports.document import (
    Bar,
    BarChart,
    Block,
    Cell,
    Paragraph,
    PlacedPoint,
    PointChart,
    ReportDocument,
    ReportKind,
    Section,
    StackedBar,
    StackedChart,
    Table,
)
from scoring.metrics.catalogue import MetricUnit
from scoring.values import replace

THIRD = Fraction(200, 3)
TABLE = Table(
    ("指标", "数值", "n", "用时", "说明"),
    (
        (
            Cell("满意率"),
            Cell("66.67%", THIRD, MetricUnit.PERCENT),
            Cell("1,200", Fraction(1200), MetricUnit.COUNT),
            Cell("1天 2小时", Fraction(93600), MetricUnit.SECONDS),
            Cell("样本少"),
        ),
        (
            Cell("平均分"),
            Cell("4.25", Fraction(17, 4), MetricUnit.POINTS),
            Cell("3", Fraction(3), MetricUnit.COUNT),
            Cell("还没有数据"),
            Cell(""),
        ),
    ),
    "全部",
)
BARS = BarChart(
    "满意率",
    (
        Bar("北区", Fraction(80), "80%（n=40）", 65.0, 90.0),
        Bar("南区", Fraction(50), "50%（n=12）", 25.0, None, is_unsure=True),
    ),
    Fraction(100),
)
LEVELS = StackedChart("价格", ("满意", "一般", "不满意"), (StackedBar("价格（n=4）", (1, 2, 1)),))


def document(*blocks: Block, **fields: Any) -> ReportDocument:  # noqa: ANN401 (fields of ReportDocument)
    made = ReportDocument(
        ReportKind.SUMMARY,
        "zh-Hans",
        "售后服务情况表",
        ("2026年10月1日 至 2026年10月31日", "生成于 2026年11月1日 08:00"),
        (Section("客户满意度", blocks or (TABLE,)),),
        (Section("这些数字怎么来的", (Paragraph(("95% 区间：……", "计算规则第 1 版")),)),),
    )
    return replace(made, **fields)


def rows_of(raw: bytes) -> list[list[str]]:
    return [*csv.reader(StringIO(raw.decode("utf-8-sig")))]


def book_of(raw: bytes) -> Any:  # noqa: ANN401 (openpyxl has no types)
    return load_workbook(BytesIO(raw))


def test_csv_has_the_head_then_each_table_under_its_columns_with_bare_numbers() -> None:
    assert rows_of(report_csv(document())) == [
        ["售后服务情况表"],
        ["2026年10月1日 至 2026年10月31日"],
        ["生成于 2026年11月1日 08:00"],
        [],
        ["客户满意度", "指标", "数值", "n", "用时", "说明"],
        ["客户满意度", "满意率", str(200 / 3), "1200", "93600", "样本少"],
        ["客户满意度", "平均分", "4.25", "3", "还没有数据", ""],
    ]


def test_csv_begins_with_a_byte_order_mark_and_ends_lines_as_rfc_4180_says() -> None:
    raw = report_csv(document())
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 7


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-5", "@sum", "\t=1", "\r=1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    table = Table(("=列",), ((Cell(text),),))
    title, _, _, _, columns, row = rows_of(report_csv(document(table, title=text)))
    assert (title, columns[1], row[1]) == ([f"'{text}"], "'=列", f"'{text}")
    assert plain_cell("没问题") == "没问题"


def test_json_has_words_beside_numbers_and_says_which_charts_there_are() -> None:
    told = json.loads(report_json(document(TABLE, BARS, Paragraph(("一行",)))))
    assert (told["kind"], told["locale"], told["title"]) == ("summary", "zh-Hans", "售后服务情况表")
    table, chart, lines = told["sections"][0]["blocks"]
    assert table["table"] == "全部"
    assert table["rows"][0][1] == {"text": "66.67%", "value": 200 / 3, "unit": "percent"}
    assert table["rows"][1][3] == {"text": "还没有数据"}
    assert (chart, lines) == ({"chart": "满意率"}, {"lines": ["一行"]})
    assert told["appendix"][0]["blocks"] == [{"lines": ["95% 区间：……", "计算规则第 1 版"]}]


def test_a_workbook_has_numbers_with_their_formats_and_times_that_excel_adds_up() -> None:
    sheet = book_of(report_xlsx(document())).worksheets[0]
    found = {cell.value: cell.number_format for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert found[float(THIRD)] == '#,##0.00"%"'
    assert found[1200] == "#,##0"
    assert found[4.25] == "#,##0.00"
    assert found[timedelta(days=1, hours=2)] == "[h]:mm:ss"
    assert found["还没有数据"] == "General"


def test_the_computation_has_a_sheet_of_its_own_and_the_charts_numbers_a_hidden_one() -> None:
    book = book_of(report_xlsx(document(BARS, LEVELS)))
    assert [(sheet.title, sheet.sheet_state) for sheet in book.worksheets] == [
        ("售后服务情况表", "visible"),
        ("data", "hidden"),
        ("这些数字怎么来的", "visible"),
    ]
    data = [[cell.value for cell in row] for row in book["data"].iter_rows()]
    values = [bar.text for bar in BARS.bars]
    first, second = (f"{name}  {value}" for name, value in zip(("北区", "南区"), values, strict=True))
    assert data == [[first, 80, 15, 10], [second, 50, 25, 0], ["价格（n=4）", 1, 2, 1]]


def test_charts_draw_what_the_hidden_sheet_holds() -> None:
    bars, levels = book_of(report_xlsx(document(BARS, LEVELS))).worksheets[0]._charts  # noqa: SLF001 (openpyxl has no other way)
    (series,) = bars.series
    assert (series.cat.strRef.f, series.val.numRef.f) == ("data!$A$1:$A$2", "data!$B$1:$B$2")
    assert (series.errBars.plus.numRef.f, series.errBars.minus.numRef.f) == ("data!$D$1:$D$2", "data!$C$1:$C$2")
    assert (bars.y_axis.scaling.min, bars.y_axis.scaling.max) == (0, 100)
    assert (levels.grouping, len(levels.series)) == ("percentStacked", 3)
    assert [one.val.numRef.f for one in levels.series] == ["data!$B$3", "data!$C$3", "data!$D$3"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("a/b:c*d?[e]'\\", "abcde"), ("很" * 40, "很" * 31), ("售后服务情况表", "售后服务情况表")],
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    book = book_of(report_xlsx(document(title=title)))
    assert book.worksheets[0].title == name
    assert book.worksheets[0]["A1"].value == title


def test_texts_from_outside_stay_texts_in_a_workbook() -> None:
    table = Table(("x",), tuple((Cell(text),) for text in ("=1+1", "http://x.example", "12345", "{=A1}")))
    sheet = book_of(report_xlsx(document(table))).worksheets[0]
    found = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    for text in ("=1+1", "http://x.example", "12345", "{=A1}"):
        assert found[text].data_type == "s"
        assert found[text].hyperlink is None


def test_a_page_escapes_everything_and_loads_nothing() -> None:
    evil = "<script>alert(1)</script>\"'&"
    table = Table((evil,), ((Cell(evil),),), evil)
    bars = BarChart(evil, (Bar(evil, Fraction(1), evil), Bar(evil, Fraction(2), evil)), Fraction(5))
    levels = StackedChart(evil, (evil, evil), (StackedBar(evil, (1, 1)),))
    page = report_html(
        document(table, bars, levels, Paragraph((evil,)), title=evil, head=(evil,), signatures=(evil,))
    ).decode()
    assert "<script" not in page
    assert "alert(1)&lt;/script&gt;" in page
    assert not [word for word in ("src=", "href=", "url(", "@import", "onload") if word in page]
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_a_page_names_its_language_marks_numbers_and_has_lines_to_sign() -> None:
    page = report_html(document(signatures=("填表人：",))).decode()
    assert '<html lang="zh-Hans">' in page
    assert re.search('<td class="number"[^>]*>66.67%</td>', page)
    assert re.search('<td class="[a-z ]+"[^>]*>还没有数据</td>', page)
    assert '<th scope="row">满意率</th>' in page
    assert "<p>填表人：<span></span></p>" in page
    assert "signatures" not in report_html(document()).decode().partition("</style>")[2]


def test_a_chart_on_a_page_says_what_it_is_and_shows_each_value() -> None:
    page = report_html(document(BARS, LEVELS)).decode()
    assert page.count('role="img"') == 4, "each for a desk and for a phone"
    assert 'aria-label="满意率"' in page
    for words in ("北区", "80%（n=40）", "南区", "50%（n=12）", "价格（n=4）", "25%"):
        assert f">{words}<" in page
    assert page.count('fill-opacity="0.45"') == 2


def test_without_chromium_a_pdf_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UnwrittenReportError, match=r"none of chromium-headless-shell, .* is here; ask for html"):
        report_pdf(document())


def test_a_chromium_that_fails_is_told_with_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:  # noqa: ANN401 (a path)
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'no room left' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnwrittenReportError, match=r"was not printed by .*chromium: no room left"):
        report_pdf(document())


def test_a_table_without_rows_has_its_columns_in_every_format() -> None:
    empty = document(Table(("指标", "数值"), ()))
    assert rows_of(report_csv(empty))[-1] == ["客户满意度", "指标", "数值"]
    assert json.loads(report_json(empty))["sections"][0]["blocks"] == [
        {"table": "", "columns": ["指标", "数值"], "rows": []}
    ]
    assert '<th scope="col">数值</th>' in report_html(empty).decode()
    sheet = book_of(report_xlsx(empty)).worksheets[0]
    assert ["指标", "数值"] in [[cell.value for cell in row][:2] for row in sheet.iter_rows()]


def test_a_document_without_chapters_is_a_whole_file_in_every_format() -> None:
    bare = document(sections=(), appendix=())
    assert rows_of(report_csv(bare))[0] == ["售后服务情况表"]
    assert json.loads(report_json(bare))["sections"] == []
    assert report_html(bare).decode().rstrip().endswith("</html>")
    assert book_of(report_xlsx(bare)).sheetnames == ["售后服务情况表"]


def test_columns_are_as_wide_as_what_stands_in_them_within_bounds() -> None:
    table = Table(("短", "长"), ((Cell("一"), Cell("很长的一句话" * 20)),))
    sheet = book_of(report_xlsx(document(table))).worksheets[0]
    narrow, wide = (sheet.column_dimensions[name].width for name in "AB")
    assert 8 <= narrow < 10
    assert 24 <= wide < 26


def test_the_footer_of_a_printed_sheet_names_the_report_and_counts_pages() -> None:
    sheet = book_of(report_xlsx(document(title="修理 & 保养"))).worksheets[0]
    assert sheet.oddFooter.left.text == "修理 && 保养"
    assert sheet.oddFooter.right.text == "&P / &N"


def test_a_table_may_have_as_many_columns_as_a_scale_has_points() -> None:
    names = ("项目", "n", *map(str, range(10, -1, -1)))
    row = (Cell("推荐"), *(Cell(str(n), Fraction(n), MetricUnit.COUNT) for n in range(12)))
    sheet = book_of(report_xlsx(document(Table(names, (row,))))).worksheets[0]
    assert ["推荐", *range(12)] in [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert sheet.print_area.rpartition(":")[2].startswith("$M$")


def test_a_row_of_a_workbook_is_never_higher_than_excel_takes() -> None:
    long = Table(("跟踪措施",), ((Cell("返工并复检，" * 500),), (Cell("返工"),)))
    sheet = book_of(report_xlsx(document(long))).worksheets[0]
    heights = [row.height for row in sheet.row_dimensions.values() if row.height is not None]
    assert 400 < max(heights) <= 409.5


NUMBERS = tuple((Cell("满意率"), Cell(f"{n} 站"), Cell(str(n), Fraction(n), MetricUnit.COUNT)) for n in range(12))


def test_a_short_table_stays_on_one_page_below_its_columns_in_a_workbook_and_on_paper() -> None:
    tables = [Table(("指标", "对象", "数值"), NUMBERS, f"表 {number}") for number in range(9)]
    made = document(*tables)
    sheet = book_of(report_xlsx(made)).worksheets[0]
    ends = [one.id for one in sheet.row_breaks.brk]
    heads = [cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == "指标"]
    assert ends
    assert not [(head, end) for head in heads for end in ends if head - 1 <= end < head + len(NUMBERS)]
    page = report_html(made).decode()
    assert page.count('<table class=" whole">') == len(tables)
    assert ".whole { break-inside: avoid; }" in page


def test_a_table_that_is_longer_than_a_page_is_divided_where_the_page_ends() -> None:
    high = tuple((Cell("返工并复检，" * 400), Cell("一次")) for _ in range(8))
    sheet = book_of(report_xlsx(document(Table(("措施", "次数"), high)))).worksheets[0]
    ends = [one.id for one in sheet.row_breaks.brk]
    assert 2 <= len(ends) <= 8
    assert ends == sorted(set(ends))


def test_a_long_text_behind_the_first_columns_makes_more_lines_and_no_wider_sheet() -> None:
    rows = ((Cell("满意率"), Cell("北区"), Cell("80%", Fraction(80), MetricUnit.PERCENT), Cell("高于上期；" * 8)),)
    sheet = book_of(report_xlsx(document(Table(("指标", "对象", "数值", "说明"), rows)))).worksheets[0]
    assert sheet.column_dimensions["D"].width < 19
    assert max(row.height for row in sheet.row_dimensions.values() if row.height) >= 45


def test_a_difference_keeps_its_sign_in_a_workbook_and_stays_a_number() -> None:
    rows = (
        (
            Cell("满意率"),
            Cell("+2.5≈", Fraction(5, 2), MetricUnit.POINTS),
            Cell("2.5", Fraction(5, 2), MetricUnit.POINTS),
            Cell("-0.004", Fraction(-1, 250), MetricUnit.POINTS),
        ),
    )
    sheet = book_of(report_xlsx(document(Table(("指标", "环比", "平均分", "对总平均"), rows)))).worksheets[0]
    (found,) = [line for line in sheet.iter_rows() if line[0].value == "满意率"]
    assert [cell.value for cell in found[1:4]] == [2.5, 2.5, -0.004]
    shown = ['+#,##0.0"≈";-#,##0.0"≈";#,##0.0"≈"', "#,##0.0", "#,##0.000"]
    assert [cell.number_format for cell in found[1:4]] == shown, "with the decimals and the mark of the page"


def test_the_summary_prints_tables_alone_so_that_it_is_one_page() -> None:
    page = report_html(document(TABLE, BARS)).decode()
    assert '<main class="summary">' in page
    printed = page[page.index("@media print") :]
    assert ".summary figure { display: none; }" in printed
    assert '<main class="review">' in report_html(document(TABLE, kind=ReportKind.REVIEW)).decode()


def test_a_line_that_is_longer_than_a_sheet_is_wide_is_broken_and_none_other() -> None:
    long, short = "环比、同比写的是差多少：满意率差几个百分点，平均分差几分。" * 6, "样本少。"
    sheet = book_of(report_xlsx(document(TABLE, Paragraph((long, short))))).worksheets[0]
    rows = {cell.value: cell for (cell,) in sheet.iter_rows(max_col=1)}
    (merged,) = sheet.merged_cells.ranges
    assert merged.min_row == merged.max_row == rows[long].row
    assert merged.coord.rpartition(":")[2].rstrip("0123456789") == sheet.print_area.rpartition(":")[2].split("$")[1]
    assert rows[long].alignment.wrap_text
    assert sheet.row_dimensions[rows[long].row].height >= 2 * 15


def test_what_a_column_of_numbers_is_called_is_broken_between_words_before_the_table_is_wider_than_the_page() -> None:
    page = report_html(document()).decode()
    assert "thead .number { white-space: normal; word-break: keep-all; }" in page
    assert page.index(".number, .short { white-space: nowrap; }") < page.index("thead .number {")


def test_words_among_numbers_end_below_each_other_as_numbers_do() -> None:
    rows = ((Cell("满意率"), Cell("80%", Fraction(80), MetricUnit.PERCENT)), (Cell("平均分"), Cell("先不公布")))
    sheet = book_of(report_xlsx(document(Table(("指标", "数值"), rows)))).worksheets[0]
    (name, said) = next(line[:2] for line in sheet.iter_rows() if line[0].value == "平均分")
    assert (name.alignment.horizontal, said.alignment.horizontal) == ("left", "right")


@pytest.mark.parametrize("rows", range(40, 60, 4))
def test_lines_to_sign_stand_on_the_page_of_the_end_of_what_is_signed(rows: int) -> None:
    signed = Table(("指标", "对象", "数值"), (*NUMBERS, *NUMBERS, *NUMBERS, *NUMBERS, *NUMBERS)[:rows])
    sheet = book_of(report_xlsx(document(signed, signatures=("填表人：", "负责人：")))).worksheets[0]
    (first, last) = [cell.row for (cell,) in sheet.iter_rows(max_col=1) if "____" in str(cell.value)]
    assert not [one.id for one in sheet.row_breaks.brk if first - 3 <= one.id < last]


def test_the_axes_of_points_are_written_in_tenths() -> None:
    point = PlacedPoint("方便程度", (Fraction("3.51"), 3.01, 3.94), (Fraction("83.62"), 79.87, 86.78))
    crosshair = Fraction("3.93"), Fraction("85.06")
    chart = PointChart("先改哪些", "重要程度", "表现", (point,), crosshair, ((1, 5), (0, 100)))
    with ZipFile(BytesIO(report_xlsx(document(chart)))) as packed:
        drawn = packed.read("xl/charts/chart1.xml").decode()
    assert drawn.count('formatCode="0.0"') == len(crosshair)


@pytest.mark.parametrize("rows", range(6, 15))
def test_a_table_that_fills_a_page_is_signed_with_its_end_and_leaves_no_page_empty(rows: int) -> None:
    high = tuple((Cell(f"站 {number}"), Cell("上级"), Cell("5 个周期的平均，" * 9)) for number in range(rows))
    signed = document(Table(("被考核", "表", "算法"), high), signatures=tuple("一二三四"))
    sheet = book_of(report_xlsx(signed)).worksheets[0]
    ends = [one.id for one in sheet.row_breaks.brk]
    head, *_, first, _, _, last = (cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value and cell.row > 5)
    assert not [end for end in ends if end <= head + 2 or first - 3 <= end < last]
