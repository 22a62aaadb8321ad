"""A workbook on paper: the columns of a table are named on each page with rows of it, and charts fill their page."""

import re
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.reports.printed_page import report_html
from bot.reports.workbook import report_xlsx
from dialogs.reports.document import Cell, Paragraph, Section, Table
from scoring.metrics.catalogue import MetricUnit
from tests.reports.test_formats import BARS, TABLE, book_of, document

COLUMNS = ("首次工单", "服务人员", "次数")


def repairs(count: int, title: str = "") -> Table:
    """Return a list of so many repairs."""
    rows = ((Cell(f"desk/{n}"), Cell("赵磊"), Cell(str(n), Fraction(n), MetricUnit.COUNT)) for n in range(count))
    return Table(COLUMNS, tuple(rows), title)


def test_a_long_table_has_a_sheet_of_its_own_that_names_its_columns_on_every_page() -> None:
    made = document(TABLE, repairs(50, "重复维修明细"), Paragraph(("还有 3 条，没有列出。",)))
    report, found, computed = book_of(report_xlsx(made)).worksheets
    assert (report.title, found.title, computed.title) == ("售后服务情况表", "重复维修明细", "这些数字怎么来的")
    told = [cell.value for (cell,) in report.iter_rows(max_col=1) if cell.value]
    assert "→ 重复维修明细 (50)" in told
    assert "desk/1" not in told
    (head,) = [cell.row for (cell,) in found.iter_rows(max_col=1) if cell.value == COLUMNS[0]]
    assert found.print_title_rows == f"${head}:${head}"
    assert found.freeze_panes == f"A{head + 1}"
    assert [cell.value for (cell,) in found.iter_rows(min_row=head + 1, min_col=3, max_col=3)] == [*range(50)]
    assert [found.cell(row, 1).value for row in (1, 2)] == ["重复维修明细", made.head[0]]
    assert found.row_breaks.brk == [], "where a page ends is nothing to this table"


@pytest.mark.parametrize("rows", [1, 24])
def test_a_table_that_a_page_holds_stays_where_it_is_told_and_is_not_divided(rows: int) -> None:
    made = document(*(repairs(rows, f"表 {number}") for number in range(5)))
    report, _ = book_of(report_xlsx(made)).worksheets
    heads = [cell.row for (cell,) in report.iter_rows(max_col=1) if cell.value == COLUMNS[0]]
    ends = [one.id for one in report.row_breaks.brk]
    assert len(heads) == 5
    assert not [(head, end) for head in heads for end in ends if head - 1 <= end < head + rows]


def test_lists_of_the_same_name_have_sheets_of_different_names() -> None:
    long = "投诉和返工的明细，按维修站和班组分开列出，一行一张工单"
    several = document(repairs(30, long + "，包括北区"), repairs(31, long + "，包括北区"), repairs(32, long))
    names = [sheet.title for sheet in book_of(report_xlsx(several)).worksheets]
    assert len({*names}) == len(names) == 5
    assert max(map(len, names)) <= 31


def test_how_a_report_was_computed_names_its_columns_on_every_page_and_stays_in_one_place() -> None:
    appendix = (Section("这些数字怎么来的", (repairs(60), Paragraph(("计算规则第 1 版",)))),)
    _, computed = book_of(report_xlsx(document(appendix=appendix))).worksheets
    assert computed.print_title_rows == "$2:$2"
    assert computed.max_row > 60


def test_a_chart_is_as_wide_as_the_tables_around_it() -> None:
    wide = Table(tuple(f"列 {n}，很长的名字" for n in range(9)), (tuple(Cell("一些说明文字") for _ in range(9)),))
    with ZipFile(BytesIO(report_xlsx(document(BARS, wide)))) as packed:
        drawn = packed.read("xl/drawings/drawing1.xml").decode()
    found = re.search(r"<xdr:to><xdr:col>(\d+)", drawn)
    assert found is not None
    assert int(found[1]) >= 7, "the last of nine columns or the one before"


def test_widths_are_measured_in_a_font_that_most_machines_have_one_as_wide_for() -> None:
    with ZipFile(BytesIO(report_xlsx(document()))) as packed:
        styles = packed.read("xl/styles.xml").decode()
    assert re.search(r'<fonts[^>]*><font><sz val="10"/>.*?<name val="Arial"/>', styles)


def test_on_paper_a_chart_and_a_sentence_stand_on_the_page_of_the_table_that_they_belong_to() -> None:
    page = report_html(document()).decode()
    printed = page[page.index("@media print") :]
    assert "h2, figcaption, figure, section p:has(+ .wide) { break-after: avoid; }" in printed


def test_how_a_report_was_computed_takes_no_page_of_its_own_where_the_last_one_has_room() -> None:
    page = report_html(document()).decode()
    assert '<section class="appendix">' in page
    assert ".appendix, tr, figure, .whole { break-inside: avoid; }" in page
    assert "break-before: page" not in page
