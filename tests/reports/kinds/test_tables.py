"""The tables of the newer reports by themselves: crossed counts, what does not count, who rated, checks, long lists."""

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from config.locale.phrases import load_phrases
from config.surveys.load import read_surveys
from dialogs.forms.filled_sheet import FilledItem, FilledSection, FilledSheet, FilledText
from dialogs.forms.joined_result import AddedPoints, PeriodResult
from dialogs.reports.cross_tables import RepairAgain, cross_section, repair_list
from dialogs.reports.data_tables import count_table, course_section, listed_section, titled_table
from dialogs.reports.document import Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords
from dialogs.reports.sheet_tables import (
    CheckedWeek,
    RatedSheet,
    SubjectResult,
    check_sections,
    result_table,
    sheet_section,
)
from scoring.forms.raters import JoinedScore, RoleScore
from scoring.metrics.figure import Figure, SampleSize
from scoring.survey_course import QuestionCourse, SurveyCourse
from tests.dialogs.samples import NOW

WORDS = ReportWords(load_phrases(), "en", ZoneInfo("Asia/Shanghai"), {"station": {"a": "Station A"}})


def counted(station: str, product: str, n: int) -> Figure:
    return Figure("warranty_repairs", {"station": station, "product": product}, Fraction(n), n, n, SampleSize.FULL)


def texts(section: Section, place: int = 0) -> list[list[str]]:
    """Return a section's table in words, its columns first."""
    table = section.blocks[place]
    assert isinstance(table, Table)
    return [[*table.columns], *([cell.text for cell in row] for row in table.rows)]


def lines(section: Section) -> list[str]:
    return [line for block in section.blocks if isinstance(block, Paragraph) for line in block.lines]


def test_crossed_counts_are_ordered_from_most_and_add_up() -> None:
    figures = [counted("a", "x", 1), counted("b", "x", 2), counted("b", "y", 5), counted("a", "z", 0)]
    assert texts(cross_section("Claims", figures, ("station", "product"), WORDS)) == [
        ["Service station", "y", "x", "all", "Share"],
        ["b", "5", "2", "7", "87.5%"],
        ["Station A", "0", "1", "1", "12.5%"],
        ["all", "5", "3", "8", "100%"],
    ]


@pytest.mark.parametrize("figures", [[], [counted("a", "x", 0)]])
def test_without_counts_there_is_a_sentence_and_no_table(figures: list[Figure]) -> None:
    assert lines(cross_section("Claims", figures, ("station", "product"), WORDS)) == [
        "There are no data in this period yet."
    ]


def test_rework_is_a_column_only_where_some_is() -> None:
    plain = RepairAgain("desk/1", "desk/2", "a1", "leak", "")
    assert texts(repair_list("Again", [plain], 1, WORDS)) == [
        ["First ticket", "Done again by", "Agent", "Class of fault", "Cause"],
        ["desk/1", "desk/2", "a1", "leak", "(not given)"],
    ]
    found = RepairAgain("desk/1", "desk/2", "a1", "leak", "", "external")
    assert texts(repair_list("Again", [found], 1, WORDS))[1][-1] == "external"


def test_counts_without_any_are_left_out_and_of_nothing_there_is_no_table() -> None:
    table = count_table({"too fast": 2, "test": 0, "twice": 6}, 80, WORDS, "reason")
    assert table is not None
    assert [[cell.text for cell in row] for row in table.rows] == [["twice", "6", "7.5%"], ["too fast", "2", "2.5%"]]
    assert count_table({"too fast": 0}, 80, WORDS, "reason") is None
    assert count_table({}, 0, WORDS, "reason") is None
    assert lines(titled_table("unsent", None, WORDS, "a remark")) == ["There are no data in this period yet."]
    assert lines(listed_section("silent", ["a", "b"], "nobody_silent", WORDS)) == ["a", "b"]


def test_a_course_tells_medians_where_five_are_timed() -> None:
    survey = read_surveys()["after_service"]
    first, second = (question.id for question in survey.questions[:2])
    questions = (QuestionCourse(first, 9, 8, 1, 0, None), QuestionCourse(second, 8, 7, 0, 1, 12.4))
    section = course_section([(survey, SurveyCourse(12, 9, 7, 2, 80.0, questions))], WORDS)
    assert lines(section)[0].endswith(
        "asked 12, started 9, completed 7, not completed 2 (with those who never started)"
    )
    rows = texts(section, 1)
    assert [row[1:] for row in rows[1:]] == [["9", "8", "1", "0", ""], ["8", "7", "0", "1", rows[2][-1]]]
    assert "12" in rows[2][-1]


def sheet(value: str | None, total: str | None, *, left_out: bool = False) -> FilledSheet:
    name = {"en": "Practice", "zh-Hans": "实操"}
    items = (FilledItem("practice", "skill", name, value, left_out),)
    sections = (FilledSection("skill", name, "100", total, 1, 1),)
    grade = {"en": "Good", "zh-Hans": "良好"} if total else {}
    return FilledSheet({"en": "Skill", "zh-Hans": "技能"}, sections, items, total, grade)


def test_a_sheet_shows_open_items_those_that_do_not_apply_and_words_by_field() -> None:
    words = (FilledText("remark", {"en": "Remark"}, "Steady."),)
    shown = [
        RatedSheet("superior", "Wang", "2026-Q3", sheet("9/2", "90"), words),
        RatedSheet("auditor", "", "2026-Q3", sheet(None, None)),
        RatedSheet("self", "Li", "2026-Q3", sheet(None, None, left_out=True)),
    ]
    section = sheet_section(shown, WORDS)
    assert section.title == "Skill, 2026-Q3"
    assert texts(section) == [
        ["Item", "superior Wang", "auditor", "self Li"],
        ["Practice", "4.5", "", "does not apply"],
        ["Total", "90", "", ""],
        ["Grade", "Good", "", ""],
    ]
    assert lines(section) == ["Remark (superior Wang): Steady."]


def result(total: int | None, added: tuple[AddedPoints, ...] = (), *, withheld: bool = False) -> SubjectResult:
    roles = (RoleScore("superior", Fraction(total or 0), 1, Fraction(100)),) if total is not None else ()
    value = None if total is None else Fraction(total)
    made = PeriodResult(JoinedScore(value, roles), value, None, withheld=withheld, added=added)
    return SubjectResult("a17", {"en": "Skill"}, made)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (result(81), "superior 81 × 100%"),
        (result(None), "no complete sheet"),
        (result(None, withheld=True), "withheld: too few raters without names"),
        (result(None, added=(AddedPoints(None, "on leave", "Ma", NOW),)), "left out: on leave"),
        (result(79, added=(AddedPoints(Fraction(-2), "late", "Ma", NOW),)), "superior 79 × 100%, and -2 points (late)"),
    ],
)
def test_a_result_says_how_it_came_about_or_why_there_is_none(told: SubjectResult, why: str) -> None:
    table = result_table([told], WORDS)
    assert table is not None
    assert table.rows[0][-1].text == why


def test_without_results_there_is_no_table() -> None:
    assert result_table([], WORDS) is None


@pytest.mark.parametrize(
    ("checked", "failed", "passed"),
    [(4, 0, "fewer than 5, withheld"), (50, 5, "90%"), (5, 9, "fewer than 5, withheld")],
)
def test_of_few_checks_and_of_more_failed_than_checked_no_share_is_told(checked: int, failed: int, passed: str) -> None:
    week = CheckedWeek("2026-W46", "a", checked, failed, {}, "")
    first, follow = check_sections([week], {}, WORDS)
    assert texts(first)[1][1:3] == [passed, str(checked)]
    assert lines(follow) == ["Nothing is written about what follows."]
