"""Count the rows of `rows.toml` whose marked tests all passed, and print the count at the end of a run.

A test is marked with the rows of which it shows a part: `@pytest.mark.row("…", …)`. A row is covered when it has marked
tests and all of them passed: one that failed, was skipped or was not run takes the row away.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

__all__ = ["RowCoverage", "known_rows", "mark_items"]

MARK = "row"
CORE = frozenset("CS")


@cache
def known_rows() -> Mapping[str, Mapping[str, str | bool]]:
    """Return what `rows.toml` says of each row, by its id."""
    return tomllib.loads(Path(__file__).with_name("rows.toml").read_text("utf-8"))


def mark_items(items: list[pytest.Item]) -> None:
    """Write the rows of each marked test into its report, so that workers tell them to the first process.

    Raises:
        pytest.UsageError: a row that there is not, or a marked test that `make test` does not run.
    """
    for item in items:
        if rows := [str(row) for mark in item.iter_markers(MARK) for row in mark.args]:
            if unknown := set(rows) - known_rows().keys():
                raise pytest.UsageError(f"{item.nodeid}: tests/rows/rows.toml has no row {', '.join(sorted(unknown))}")
            if item.get_closest_marker("proof"):
                raise pytest.UsageError(f"{item.nodeid}: a proof is not part of every run and covers no row")
            item.user_properties.append((MARK, " ".join(rows)))


class RowCoverage:
    """What the reports of a run say about the rows; a plugin of the process that prints the summary."""

    def __init__(self, tests: Callable[[], Mapping[str, tuple[str, ...]]]) -> None:
        """Take what returns the marked tests of each row, as `file::test` below tests/."""
        self.tests = tests
        self.passed: set[str] = set()
        self.missed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a marked test that passed, or that did not: failed or skipped in whatever phase."""
        if any(name == MARK for name, _ in report.user_properties):
            test = report.nodeid.removeprefix("tests/").partition("[")[0]
            if not report.passed:
                self.missed.add(test)
            elif report.when == "call":
                self.passed.add(test)

    def covered(self) -> set[str]:
        """Return the rows of which every marked test passed, with all parameters that were run."""
        good = self.passed - self.missed
        return {row for row, tests in self.tests().items() if good.issuperset(tests)}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print how many rows are covered, of how many, and the marked tests that did not pass."""
        covered = self.covered() if self.passed else set[str]()
        if covered or self.missed:
            rows = known_rows()
            core = {row for row, said in rows.items() if CORE & set(str(said["class"]))}
            shares = f"{len(covered)} / {len(rows)} ({len(covered & core)} of {len(core)} of class C or S)"
            terminalreporter.write_line(f"rows covered: {shares}")
            for test in sorted(self.missed):
                terminalreporter.write_line(f"its rows are not covered: {test}")
