"""The picture of a review for the chat: what a manager asks stands above its figures and charts."""

from dialogs.reports.document import Cell, ReportKind, Table
from scoring.values import replace
from tests.reports.test_report_picture import SATISFIED, bars, document, told


def test_the_picture_of_a_review_begins_with_what_it_answers() -> None:
    overview = Table(
        ("想知道的", "答案"),
        (
            (Cell("最差的是哪一项"), Cell("后续关怀的满意率 61.24%（n=258），明显低于总体 83.65%（n=1,333）")),
            (Cell("有没有用：三月起当天派单"), Cell("有用。" + "满意率从 69.57% 到 90.62%；" * 12)),
        ),
    )
    made = document(overview, bars("北区", "南区"), kind=ReportKind.REVIEW, headlines=(SATISFIED,))
    said = told(made)
    places = [said.index(words) for words in ("最差的是哪一项", "有没有用：三月起当天派单", "满意率", "北区")]
    assert places == sorted(places)
    assert "后续关怀的满意率 61.24%（n=258），明显低于总体" in "".join(said)
    assert places[2] - places[1] <= 5, "of a long answer four lines"
    assert "最差的是哪一项" not in told(replace(made, kind=ReportKind.SUMMARY))
