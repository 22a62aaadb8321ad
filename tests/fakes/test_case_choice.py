"""Of what `make test` leaves to `make proof` nothing is left by both, and each value is met by each of them."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = """
import pytest
from tests.support.examples import CaseChoice

def pytest_configure(config):
    config.pluginmanager.register(CaseChoice())
    for line in ("some(count): so many", "rest: left"):
        config.addinivalue_line("markers", line)

@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    return request.param
"""
TESTS = """
import pytest

@pytest.mark.parametrize("number", range(60))
def test_stored(url, number):
    pass

@pytest.mark.some(3)
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("kind", ["a", "b", "c", "d"])
def test_told(language, kind):
    pass

@pytest.mark.parametrize("kind", ["a", "b", "c", "d"])
def test_whole(kind):
    pass
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    for folder in ("dialogs", "handlers", "storage/connection"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"test_{folder[:3]}.py").write_text(TESTS, "utf-8")
    return tmp_path


def collected(tree: Path, folder: str, marks: str) -> set[str]:
    """Return the cases that a run with these marks has, by their names without those of files."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "-p", "no:asyncio"]
    environ = {"PYTHONPATH": str(ROOT), "PATH": "", "TMPDIR": str(tree)}
    done = subprocess.run(
        [*command, "-m", marks, folder], cwd=tree, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    return set(re.findall(r"::(\w+\[.*\])", done.stdout))


def kinds_of(cases: set[str]) -> Counter[str]:
    return Counter(kind for case in cases for kind in re.findall("sqlite|postgres", case))


@pytest.mark.proof
def test_each_case_is_run_by_one_of_both(tree: Path) -> None:
    tried, left = collected(tree, "dialogs", "not rest"), collected(tree, "dialogs", "rest")
    assert tried.isdisjoint(left)
    assert len(tried | left) == 2 * 60 + 3 * 4 + 4
    assert {case for case in tried if "whole" in case} == {f"test_whole[{kind}]" for kind in "abcd"}
    numbers = [re.findall(r"\d+", case)[0] for case in tried if "stored" in case]
    assert sorted(map(int, numbers)) == [*range(60)], "each once, on one of both databases"
    assert 5 < kinds_of(tried)["postgres"] < 20 < kinds_of(tried)["sqlite"]
    told = [re.findall(r"\[(\w)-(.+)\]", case)[0] for case in tried if "told" in case]
    assert {language for _, language in told} == {"zh-Hans", "zh-Hant", "en"}
    assert len({kind for kind, _ in told}) == len(told) == 3


@pytest.mark.proof
def test_where_the_databases_themselves_are_tried_it_is_on_both(tree: Path) -> None:
    assert kinds_of(collected(tree, "storage/connection", "not rest")) == {"sqlite": 60, "postgres": 60}


@pytest.mark.proof
def test_where_each_case_opens_something_two_are_run_of_a_test_that_says_nothing_else(tree: Path) -> None:
    tried, left = collected(tree, "handlers", "not rest"), collected(tree, "handlers", "rest")
    assert Counter(case.partition("[")[0] for case in tried) == {"test_stored": 2, "test_told": 3, "test_whole": 2}
    assert tried.isdisjoint(left)
    assert len(tried | left) == 2 * 60 + 3 * 4 + 4
    assert len(kinds_of(tried)) == 2, "each of two values is met by two cases"
