"""What a reader sees of tables and bars: a metric said once, lists on a phone, bars of few answers lighter."""

import re
from io import BytesIO
from zipfile import ZipFile

from bot.reports.printed_page import report_html
from bot.reports.workbook import report_xlsx
from dialogs.reports.document import Cell, Table
from scoring.metrics.catalogue import MetricUnit
from scoring.values import replace
from tests.reports.test_formats import BARS, THIRD, document


def test_on_a_phone_rows_of_one_metric_begin_with_what_they_are_about() -> None:
    columns = ("指标", "对象", "数值", "n", "说明")
    one = [tuple(map(Cell, ("满意率", name, "80%", "40", "样本少"))) for name in ("北区", "南区")]
    alike, mixed = (
        Table(columns, tuple(one)),
        Table(columns, (one[0], tuple(map(Cell, ("平均分", "北区", "4", "9", ""))))),
    )
    page = report_html(document(alike)).decode()
    assert '<table class=" whole alike" role="table">' in page
    assert "<caption>满意率</caption>" in page
    assert " alike" not in re.sub(r"<style>.*?</style>", "", report_html(document(mixed)).decode(), flags=re.DOTALL)


def test_rows_of_one_metric_say_it_once_above_them_unless_their_chart_does() -> None:
    rows = tuple(tuple(map(Cell, ("投诉数", name, "7", "36.84%"))) for name in ("其他", "不及时"))
    table = Table(("指标", "对象", "数值", "占比"), rows)
    page = report_html(document(table)).decode()
    assert '<table class=" whole alike">' in page
    assert "<caption>投诉数</caption>" in page
    style = page[: page.index("</style>")]
    assert "figure + .wide .alike caption {" in style
    assert ".summary figure + .wide .alike caption { position: static" in style, "where charts are not printed"
    titled = report_html(document(replace(table, title="按类别"))).decode()
    assert "<caption>按类别</caption>" in titled
    assert 'alike"' not in titled


def test_numbers_to_compare_stay_a_table_on_a_phone_where_they_have_room_and_become_lists_where_they_have_not() -> None:
    def grid(columns: int) -> Table:
        cells = (Cell("响应速度"), *(Cell("53.6%", THIRD, MetricUnit.PERCENT) for _ in range(columns - 1)))
        return Table(tuple(f"列{number}" for number in range(columns)), (cells, cells))

    long = (
        Cell("Time to start"),
        Cell("2 hours, 23 minutes", THIRD, MetricUnit.SECONDS),
        Cell("1,219", 3 * THIRD, MetricUnit.COUNT),
        Cell("2 hours, 17 minutes to 2 hours, 31 minutes"),
    )
    for told, kind in ((long, "wide listed"), (tuple(map(Cell, ("a", "b", "c", "d"))), "wide")):
        table = Table(("Metric", "Value", "n", "95% interval"), (told, told))
        assert f'class="{kind}"' in report_html(document(table)).decode()
    few, many = (report_html(document(grid(columns))).decode() for columns in (5, 8))
    assert 'class="wide"' in few
    assert 'class="wide listed"' in many
    assert 'data-label="列7"' in many


def test_bars_of_few_answers_are_lighter_in_a_workbook_too() -> None:
    with ZipFile(BytesIO(report_xlsx(document(BARS)))) as book:
        drawn = book.read("xl/charts/chart1.xml").decode()
    first, second = re.findall(r"<c:dPt>.*?</c:dPt>", drawn)
    assert "alpha" not in first
    assert '<a:alpha val="45000"/>' in second, "as light as on the page"


def test_bars_without_an_interval_have_no_ends_of_one_in_a_workbook() -> None:
    counts = replace(BARS, bars=tuple(replace(bar, low=None, high=None) for bar in BARS.bars))
    for chart, ends in ((BARS, 1), (counts, 0)):
        with ZipFile(BytesIO(report_xlsx(document(chart)))) as book:
            assert book.read("xl/charts/chart1.xml").decode().count("<c:errBars>") == ends
