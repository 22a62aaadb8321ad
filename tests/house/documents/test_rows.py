"""The page of rows tells what the marks in the tests say, and no row is said to work without a marked test."""

from types import SimpleNamespace
from typing import Literal, cast

import pytest

from tests.rows.coverage import RowCoverage, known_rows, mark_items
from tests.rows.page import PAGE, marked_tests, row_problems, rows_page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == rows_page(), "run: python -m tests.rows.page"


def test_no_row_is_said_to_work_without_a_test_nor_to_lack_what_its_tests_show() -> None:
    assert row_problems(known_rows(), marked_tests()) == []


def test_rows_and_marks_that_contradict_each_other_are_seen() -> None:
    rows: dict[str, dict[str, str | bool]] = {
        "a": {},
        "b": {"missing": True},
        "c": {"partly": "half", "missing": True},
        "d": {"not_ours": "why"},
        "e": {},
    }
    tests = {"b": ("x::y",), "e": ("x::y",), "f": ("x::z",)}
    assert row_problems(rows, tests) == [
        "a is said to work and has no marked test",
        "b has marked tests and is said to be missing",
        "c has more than one state",
        "f is marked at x::z and unknown",
    ]


def _told(
    plugin: RowCoverage,
    test: str,
    outcome: Literal["passed", "failed", "skipped"],
    when: Literal["call", "teardown"] = "call",
) -> None:
    properties: list[tuple[str, object]] = [("row", "x")]
    place = (test, None, test)
    plugin.pytest_runtest_logreport(
        pytest.TestReport(f"tests/{test}", place, {}, outcome, None, when, user_properties=properties)
    )


@pytest.mark.parametrize(
    ("last", "covered"),
    [("passed", {"a", "b"}), ("failed", {"b"}), ("skipped", {"b"}), (None, {"b"})],
)
def test_a_row_counts_when_all_its_tests_passed_with_all_their_parameters(
    last: Literal["passed", "failed", "skipped"] | None, covered: set[str]
) -> None:
    plugin = RowCoverage(
        lambda: {"a": ("t.py::test_x", "t.py::test_y"), "b": ("t.py::test_x",), "c": ("t.py::test_z",)}
    )
    _told(plugin, "t.py::test_x[1]", "passed")
    _told(plugin, "t.py::test_x[2]", "passed")
    if last:
        _told(plugin, "t.py::test_y", last)
    assert plugin.covered() == covered


def test_what_fails_after_the_call_takes_its_rows_away() -> None:
    plugin = RowCoverage(lambda: {"a": ("t.py::test_x",)})
    _told(plugin, "t.py::test_x", "passed")
    _told(plugin, "t.py::test_x", "failed", "teardown")
    assert plugin.covered() == set()


def _item(*marks: pytest.Mark) -> pytest.Item:
    named = {mark.name: mark for mark in marks}
    item = SimpleNamespace(
        nodeid="t.py::test_x",
        user_properties=[],
        iter_markers=lambda name: [mark for mark in marks if mark.name == name],
        get_closest_marker=named.get,
    )
    return cast("pytest.Item", item)


@pytest.mark.parametrize(
    ("marks", "problem"),
    [
        ([pytest.mark.row("S9-99").mark], "has no row S9-99"),
        ([pytest.mark.row(next(iter(known_rows()))).mark, pytest.mark.proof.mark], "a proof is not part of every run"),
    ],
)
def test_a_mark_that_cannot_count_is_refused(marks: list[pytest.Mark], problem: str) -> None:
    with pytest.raises(pytest.UsageError, match=problem):
        mark_items([_item(*marks)])
