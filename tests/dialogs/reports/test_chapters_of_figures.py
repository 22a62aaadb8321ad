"""Chapters of figures and of issues: nothing is said of what never happened, and closed issues are only counted."""

from datetime import UTC, datetime, timedelta

import pytest

from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.reports.chapters import action_section, figure_sections
from dialogs.reports.document import BarChart, Table
from dialogs.reports.figure_parts import cut_name, figure_table
from scoring.honesty.comparison import ChangeVerdict
from scoring.metrics.catalogue import METRIC_KEYS
from scoring.rules import Severity
from tests.dialogs.reports.report_figures import changed, figure, lines_of, texts_of, the_table, words

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


def issue(number: int, state: IssueState, due: int | None = None) -> Issue:
    """Return an issue about ticket `number`; `due` in so many days."""
    at = None if due is None else NOW + timedelta(days=due)
    return Issue(f"i{number}", IssueKind.LOW_SCORE, Severity.NORMAL, NOW, at, state, tickets=(("desk", str(number)),))


def test_open_issues_are_listed_by_when_they_are_due_and_closed_ones_counted() -> None:
    several = [
        issue(1, IssueState.CLOSED),
        issue(2, IssueState.CLAIMED),
        issue(3, IssueState.OPEN, 5),
        issue(4, IssueState.RESOLVED),
        issue(5, IssueState.OPEN, 1),
        issue(6, IssueState.CLOSED),
    ]
    found = action_section(several, words())
    table = next(block for block in found.blocks if isinstance(block, Table))
    assert [row[0].text for row in table.rows] == ["desk/5", "desk/3", "desk/2", "desk/4"]
    assert lines_of(found) == ["已关闭的问题：2 个，不逐个列出。"]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh-Hans", "已关闭的问题：1,200 个，不逐个列出。"),
        ("zh-Hant", "已關閉的問題：1,200 個，不逐個列出。"),
        ("en", "Closed issues, not listed: 1,200."),
    ],
)
def test_where_all_are_closed_there_is_no_list(locale: str, said: str) -> None:
    found = action_section([issue(number, IssueState.CLOSED) for number in range(1200)], words(locale))
    assert lines_of(found) == [said]
    assert not any(isinstance(block, Table) for block in found.blocks)


def test_of_what_has_never_happened_it_is_not_told_where_it_has_not() -> None:
    never = [figure(0, 0, metric="complaints"), *(figure(0, 0, metric="complaints", team=team) for team in ("a", "b"))]
    (told,) = figure_sections({"complaints": never}, words())
    assert [row[1] for row in texts_of(the_table(told))] == ["0"]


def test_what_happened_before_is_told_with_where() -> None:
    before = changed(3, ChangeVerdict.NOT_TESTED)
    parts = [figure(0, 0, metric="complaints", team="a"), figure(0, 0, metric="complaints", team="b", change=before)]
    (told,) = figure_sections({"complaints": [figure(0, 0, metric="complaints", change=before), *parts]}, words())
    assert len([block for block in told.blocks if isinstance(block, Table)]) == 2


@pytest.mark.parametrize(
    ("locale", "column", "titles"),
    [
        ("zh-Hans", "问题类别", ["投诉数（按问题类别）", "投诉数（按处理方式）"]),
        ("zh-Hant", "問題類別", ["投訴數（按問題類別）", "投訴數（按處理方式）"]),
        ("en", "Category", ["Complaints · Category", "Complaints · Remedy"]),
    ],
)
def test_what_figures_are_about_is_named_and_bars_of_one_metric_are_told_apart(
    locale: str, column: str, titles: list[str]
) -> None:
    found = [figure(3, 3, metric="complaints", category=value) for value in ("a", "b")]
    found += [figure(3, 3, metric="complaints", remedy=value) for value in ("a", "b")]
    (section,) = figure_sections({"complaints": found}, words(locale))
    assert [block.title for block in section.blocks if isinstance(block, BarChart)] == titles
    assert next(block.columns[1] for block in section.blocks if isinstance(block, Table)) == column


def test_figures_by_different_keys_in_one_table_are_about_something() -> None:
    found = (figure(80, team="north"), figure(70, agent="a1"))
    assert figure_table(found, words()).columns[:2] == ("指标", "对象")
    assert figure_table(found[:1], words()).columns[:2] == ("指标", "班组")
    assert figure_table((figure(80, team="north", agent="a1"),), words()).columns[1] == "班组、服务人员"


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
def test_every_key_by_which_figures_are_cut_has_a_name(locale: str) -> None:
    keys = {key for several in METRIC_KEYS.values() for key in several}
    unnamed = words(locale).say("column.about")
    assert [key for key in sorted(keys) if cut_name((key,), words(locale)) == unnamed] == []
    assert cut_name(("unheard_of",), words(locale)) == unnamed
