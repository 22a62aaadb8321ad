"""Figures month by month: one table of all, then columns and a row for each month, with what may be said of changes."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from dialogs.reports.document import ColumnChart, Table
from dialogs.reports.figure_parts import ReportWords
from dialogs.reports.pages.month_chapters import month_sections
from scoring.honesty.comparison import ChangeVerdict
from scoring.metrics.figure import Figure, SampleSize
from tests.dialogs.reports.report_figures import (
    changed,
    charts_of,
    figure,
    lines_of,
    linked,
    texts_of,
    the_table,
    words,
)

MONTHS = ("2026-09", "2026-10")


def months(link_of: Callable[[Figure], str] | None = None) -> dict[str, ReportWords]:
    return dict.fromkeys(MONTHS, words(link_of=link_of))


def test_without_any_figure_there_is_one_sentence() -> None:
    (only,) = month_sections(months(), {}, words())
    assert only.title == "各月一览"
    assert lines_of(only) == ["这段时间还没有数据。"]


@pytest.mark.parametrize(
    ("verdict", "overview", "row"),
    [
        (ChangeVerdict.HIGHER, "80%↑", "+20↑"),
        (ChangeVerdict.LOWER, "80%↓", "+20↓"),
        (ChangeVerdict.NOT_CLEAR, "80%", "+20≈"),
        (ChangeVerdict.TOO_FEW, "80%", "+20"),
        (ChangeVerdict.NOT_TESTED, "80%", "+20"),
    ],
)
def test_a_change_is_marked_by_what_may_be_said_of_it(verdict: ChangeVerdict, overview: str, row: str) -> None:
    later = figure(80, dimension="attitude", change=changed(60, verdict))
    found = {"attitude": {"csat": {"2026-09": figure(60, dimension="attitude"), "2026-10": later}}}
    first, second = month_sections(months(), found, words())
    table = the_table(first)
    assert table.columns == ("月份", "服务态度")
    assert texts_of(table) == [["2026-09", "60%"], ["2026-10", overview]]
    details = the_table(second)
    at = details.columns.index("环比")
    assert [line[at] for line in texts_of(details)] == ["无可比数据", row]
    assert details.rows[1][at].value == 20


def test_a_year_before_has_a_column_of_its_own() -> None:
    later = figure(
        70,
        dimension="attitude",
        change=changed(70, ChangeVerdict.NOT_CLEAR),
        year_change=changed(90, ChangeVerdict.LOWER, 33),
    )
    _, only = month_sections(months(), {"attitude": {"csat": {"2026-10": later}}}, words())
    (row,) = texts_of(the_table(only))
    told = dict(zip(the_table(only).columns, row, strict=True))
    assert (told["环比"], told["同比"]) == ("0≈", "-20↓")
    assert told["说明"] == "≈上期；低于去年同期"


def test_columns_stand_for_every_month_and_a_month_without_a_value_has_none() -> None:
    found = {"attitude": {"mean": {"2026-10": figure(4.5, metric="mean", low=4.2, high=4.7, dimension="attitude")}}}
    _, only = month_sections(months(), found, words())
    (chart,) = charts_of(only)
    assert isinstance(chart, ColumnChart)
    before, now = chart.columns
    assert (before.label, before.text, before.value) == ("2026-09\nn=0", "", Fraction(0))
    assert (now.label, now.text, now.low, now.high) == ("2026-10\nn=40", "4.5", 4.2, 4.7)
    assert chart.most == 5


def test_of_few_people_their_number_is_told_and_no_chart_is_drawn() -> None:
    few = figure(None, 3, dimension="attitude", state=SampleSize.FEW)
    first, second = month_sections(months(), {"attitude": {"csat": {"2026-10": few}}}, words())
    assert texts_of(the_table(first)) == [["2026-09", ""], ["2026-10", "n=3"]]
    assert charts_of(second) == []
    assert texts_of(the_table(second))[0][1] == "目前只有 3 条，满 5 条才计算"


def test_a_small_sample_is_drawn_lighter_and_called_small() -> None:
    small = figure(50, 12, dimension="attitude", state=SampleSize.SMALL)
    _, only = month_sections(months(), {"attitude": {"csat": {"2026-10": small}}}, words())
    (chart,) = charts_of(only)
    assert isinstance(chart, ColumnChart)
    assert [bar.is_unsure for bar in chart.columns] == [False, True]
    assert texts_of(the_table(only))[0][-1] == "样本少"


def test_each_metric_has_a_table_of_its_own_and_dimensions_keep_their_order() -> None:
    found = {
        name: {"csat": {"2026-10": figure(60, dimension=name)}, "mean": {"2026-10": figure(3, metric="mean")}}
        for name in ("response_speed", "attitude")
    }
    first, *rest = month_sections(months(), found, words("en"))
    tables = [block for block in first.blocks if isinstance(block, Table)]
    assert [table.title for table in tables] == ["Satisfied (CSAT)", "Mean"]
    assert [table.columns[1:] for table in tables] == [("响应速度", "服务态度")] * 2
    assert [one.title for one in rest] == ["响应速度", "服务态度"]
    assert all(len(charts_of(one)) == 2 for one in rest)


def test_cells_and_columns_lead_to_the_figures_of_their_month() -> None:
    found = {"attitude": {"csat": {"2026-10": figure(60, dimension="attitude")}}}
    first, second = month_sections(months(link_of=linked), found, words())
    (_, (_, cell)) = the_table(first).rows
    assert cell.link == "https://hf.example.com/csat/attitude"
    (chart,) = charts_of(second)
    assert isinstance(chart, ColumnChart)
    assert [bar.link for bar in chart.columns] == ["", cell.link]
    assert the_table(second).rows[0][1].link == cell.link
    assert the_table(second).rows[0][1].value == Fraction(60)
