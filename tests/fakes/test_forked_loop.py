"""Tests in forked processes: each runs once, what fails is told as if it had been run alone, nothing dies unseen."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = """
import os
from pathlib import Path
import pytest
from tests.support.forked import ForkedLoop, add_option

def pytest_addoption(parser):
    add_option(parser)

def pytest_configure(config):
    config.pluginmanager.register(ForkedLoop())

@pytest.fixture(scope="session")
def once(worker_id):
    yield worker_id
    Path("ended").joinpath(worker_id).touch()
"""
TESTS = """
import os, warnings
import pytest

@pytest.mark.parametrize("number", range(40))
def test_good(once, number, tmp_path):
    assert once in str(tmp_path) and os.environ.get("DIES") != str(number) or os._exit(9)

def test_bad():
    print("said before")
    assert 1 + 1 == 3

def test_warns():
    warnings.warn("old", stacklevel=1)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "ended").mkdir()
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    (tmp_path / "test_some.py").write_text(TESTS, "utf-8")
    return tmp_path


def run(tree: Path, *arguments: str, dies: str = "") -> tuple[int, str]:
    """Return the exit code of a run in two processes, and what it printed."""
    command = [sys.executable, "-m", "pytest", "--forks", "2", "-p", "no:randomly", "-p", "no:asyncio"]
    environ = {"PYTHONPATH": str(ROOT), "DIES": dies, "PATH": "", "TMPDIR": str(tree)}
    done = subprocess.run([*command, *arguments], cwd=tree, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.proof
def test_each_test_runs_once_and_a_failure_is_told_whole(tree: Path) -> None:
    code, said = run(tree)
    assert (code, re.findall(r"(\d+ \w+)", said.splitlines()[-1])[:3]) == (1, ["1 failed", "41 passed", "1 warning"])
    assert "assert (1 + 1) == 3" in said
    assert "said before" in said
    assert "UserWarning: old" in said
    assert sorted(path.name for path in (tree / "ended").iterdir()) == ["gw0", "gw1"]


@pytest.mark.proof
def test_a_process_that_dies_fails_the_run_and_its_test_is_named(tree: Path) -> None:
    code, said = run(tree, "-k", "good", dies="33")
    assert code == pytest.ExitCode.INTERNAL_ERROR
    assert "a worker died while it ran test_some.py::test_good[33]" in said


@pytest.mark.proof
def test_after_the_first_failure_a_run_may_stop(tree: Path) -> None:
    code, said = run(tree, "-x", "-k", "bad or warns")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "stopping after 1 failures" in said


PROOFS = """
import time
from pathlib import Path
import pytest

@pytest.mark.proof
@pytest.mark.parametrize("number", range(40))
def test_slow(worker_id, number):
    if number == 0:
        while len(Path("ran").read_text().split()) < 38:
            time.sleep(0.01)
    with Path("ran").open("a") as ran:
        print(worker_id, file=ran)
"""


@pytest.mark.proof
def test_of_what_takes_long_a_process_gets_one_at_a_time(tree: Path) -> None:
    (tree / "test_some.py").write_text(PROOFS, "utf-8")
    (tree / "pytest.ini").write_text("[pytest]\nmarkers = proof: long\n", "utf-8")
    (tree / "ran").touch()
    code, out = run(tree)
    assert code == 0, out
    ran = (tree / "ran").read_text().split()
    assert sorted((ran.count("gw0"), ran.count("gw1"))) == [2, 38], "one waits behind the first, the others do not"
