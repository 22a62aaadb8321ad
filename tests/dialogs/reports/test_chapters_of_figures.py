"""Chapters of figures and of issues: nothing is said of what never happened, and closed issues are only counted."""

from datetime import UTC, datetime, timedelta

import pytest

from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.reports.chapters import action_section, figure_sections
from dialogs.reports.document import Table
from scoring.honesty.comparison import ChangeVerdict
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
