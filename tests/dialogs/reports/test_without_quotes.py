"""What people wrote is left out of what is kept: marked cells, whole chapters, nothing else."""

from fractions import Fraction

from dialogs.reports.document import (
    Bar,
    BarChart,
    Cell,
    Paragraph,
    ReportDocument,
    ReportKind,
    Section,
    Table,
    without_quotes,
)
from scoring.metrics.catalogue import MetricUnit

WORDS = "等了两天才有人来"
CHART = BarChart("满意率", (Bar("北区", Fraction(92), "92%"), Bar("南区", Fraction(81), "81%")), Fraction(100))
NUMBERS = Table(
    ("指标", "值"),
    ((Cell("满意率"), Cell("92%", Fraction(92), MetricUnit.PERCENT)),),
)
ISSUES = Table(
    ("工单", "状态"),
    (
        (Cell(WORDS, quotes=True), Cell("未认领")),
        (Cell("门铃坏了", quotes=True), Cell("已解决")),
    ),
)


def report(*sections: Section, appendix: tuple[Section, ...] = ()) -> ReportDocument:
    return ReportDocument(
        kind=ReportKind.REVIEW,
        locale="zh-Hans",
        title="服务质量分析",
        head=("2026年11月", "生成于12月1日"),
        sections=sections,
        appendix=appendix,
    )


def test_marked_cells_become_dots_and_their_rows_stay() -> None:
    (section,) = without_quotes(report(Section("改进", (ISSUES, NUMBERS)))).sections
    issues, numbers = section.blocks
    assert isinstance(issues, Table)
    assert [[cell.text for cell in row] for row in issues.rows] == [["…", "未认领"], ["…", "已解决"]]
    assert numbers == NUMBERS


def test_a_chapter_of_quotes_is_left_out_whole() -> None:
    kept = without_quotes(
        report(
            Section("客户的话", (Paragraph((WORDS,)),), quotes=True),
            Section("满意率", (CHART,)),
            appendix=(Section("原话", (Paragraph((WORDS,)),), quotes=True), Section("口径", (NUMBERS,))),
        )
    )
    assert [one.title for one in kept.sections] == ["满意率"]
    assert [one.title for one in kept.appendix] == ["口径"]
    assert WORDS not in repr(kept)


def test_what_holds_no_words_stays_as_it_is() -> None:
    document = report(Section("满意率", (CHART, NUMBERS, Paragraph(("没有突出的。",)))))
    assert without_quotes(document) == document
