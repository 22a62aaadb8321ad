"""Tests that run in several processes: what becomes of each is told, and no other is lost with a process that dies."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import plant

CONFTEST = """
from pathlib import Path
import pytest
from tests.support.run.forks import Forks, pytest_addoption, worker_name

def pytest_configure(config):
    config.pluginmanager.register(Forks(lambda item: item.path.name, lambda item: "waits" in item.name))

@pytest.fixture(scope="session", autouse=True)
def lent():
    yield
    Path(f"closed-{worker_name()}").touch()
"""
OUTCOMES = """
import warnings
import pytest

def test_passes():
    pass

def test_waits():
    pass

def test_fails():
    print("said before")
    assert [1] == [2]

def test_is_skipped():
    pytest.skip("not here")

def test_warns():
    warnings.warn("look at this")
"""
DEATH = """
import os, signal

def test_before():
    pass

def test_dies():
    os.kill(os.getpid(), signal.SIGKILL)

def test_after():
    pass
"""
PATIENT = """
import time

def test_waits_long():
    time.sleep(60)
"""


def run(folder: Path, *options: str) -> str:
    """Run the tests of a folder in two processes, without plugins of others; return what is said."""
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(Path(__file__).parents[1]), "TEST_WORKER": "first"}
    environ = os.environ | ours
    command = (sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", *options)
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False).stdout


def test_whatever_becomes_of_a_test_is_told_and_who_dies_takes_no_other_along(tmp_path: Path) -> None:
    said = run(plant(tmp_path, {"conftest.py": CONFTEST, "test_kinds.py": OUTCOMES, "test_death.py": DEATH}), "-ra")
    assert "2 failed, 5 passed, 1 skipped, 1 warning in" in said
    assert "FAILED test_kinds.py::test_fails - assert [1] == [2]" in said
    assert "said before" in said
    assert "ended with -9 in test_death.py::test_dies" in said
    assert "SKIPPED [1] test_kinds.py:16: not here" in said
    assert "UserWarning: look at this" in said


def test_a_run_that_ends_early_closes_what_its_tests_have_opened(tmp_path: Path) -> None:
    said = run(plant(tmp_path, {"conftest.py": CONFTEST, "test_kinds.py": OUTCOMES, "test_long.py": PATIENT}), "-x")
    assert "stopping after 1 failures" in said
    assert (tmp_path / "closed-w0").exists()
    assert (tmp_path / "closed-w1").exists()


@pytest.mark.parametrize("options", [("-n", "0"), ("--collect-only",)])
def test_one_process_is_enough_for_one_or_for_names(tmp_path: Path, options: tuple[str, ...]) -> None:
    said = run(plant(tmp_path, {"conftest.py": CONFTEST, "test_kinds.py": OUTCOMES}), *options)
    assert not list(tmp_path.glob("closed-w?"))
    assert "test_kinds.py" in said
