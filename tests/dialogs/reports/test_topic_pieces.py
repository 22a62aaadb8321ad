"""What customers write of: a phrase that is a piece of what was written is told as one, with somebody's sentence."""

from fractions import Fraction

from dialogs.reports.document import BarChart, Table
from dialogs.reports.pages.topic_chapters import WrittenTopics, topic_sections
from scoring.text.phrase_figures import Impact, Mention, PhraseFigure, Trend
from tests.dialogs.reports.report_figures import texts_of, words


def phrase(text: str, difference: int = -1) -> PhraseFigure:
    impact = Impact(Fraction(difference), -2.0, 2.0, 5, 50)
    mention = Mention(text, "response_speed", -1)
    return PhraseFigure(mention, 5, 2, next(iter(Trend)), Fraction(3), Fraction(3), impact, ())


def test_a_piece_has_an_ellipsis_in_the_table_and_the_chart_and_a_sentence_however_late_it_comes() -> None:
    others = tuple(phrase(f"太慢了 {number}") for number in range(12))
    said = {"等了一个": ("等了一个下午",), "太慢了 11": ("真的太慢了",)}
    found = WrittenTopics(
        (phrase("填了"), *others, phrase("等了一个")), 60, 50, 3, said, {"填了": "填了…", "等了一个": "等了一个…"}
    )
    topics, quotes = topic_sections(found, words())
    (table,) = [block for block in topics.blocks if isinstance(block, Table)]
    assert [row[0].text for row in table.rows][:: len(table.rows) - 1] == ["填了…", "等了一个…"]
    assert next(block for block in topics.blocks if isinstance(block, BarChart)).bars[0].label == "填了…"
    (quoted,) = quotes.blocks
    assert isinstance(quoted, Table)
    assert texts_of(quoted) == [["等了一个…", "“等了一个下午”"]], "the twelfth whole phrase is not quoted"
