"""A shell that was told how completes commands, options and their values, and does nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main

BASH = """
source "$SCRIPT"
COMP_WORDS=($LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$LINE; COMP_POINT=${#LINE}; COMP_TYPE=9
_python_argcomplete huifang "${COMP_WORDS[$COMP_CWORD]}" ""
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_completes_huifang(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    told = capsys.readouterr().out
    assert "huifang" in told
    assert "_ARGCOMPLETE" in told


@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("huifang rol", ["rollups"], id="a command"),
        pytest.param("huifang rollups che", ["check"], id="a command below it"),
        pytest.param("huifang rollups check --for", ["--format"], id="an option"),
        pytest.param("huifang rollups check --format j", ["json"], id="a value"),
    ],
)
def test_bash_offers_what_can_stand_next(
    tmp_path: Path, line: str, offered: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", "bash"]) == 0
    script, command, bash = tmp_path / "complete.bash", tmp_path / "huifang", shutil.which("bash")
    script.write_text(capsys.readouterr().out)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n')
    command.chmod(0o755)
    assert bash is not None
    given = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "SCRIPT": str(script), "LINE": line}
    given["PYTHONPATH"] = str(Path(__file__).parents[2])
    said = subprocess.run([bash, "-c", BASH], env=given, capture_output=True, text=True, check=True)
    assert [word.strip() for word in said.stdout.split()] == offered


@pytest.mark.proof
def test_what_asks_without_being_a_shell_gets_nothing_done(tmp_path: Path) -> None:
    given = {**os.environ, "_ARGCOMPLETE": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    given.pop("COMP_LINE", None)
    said = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"], cwd=tmp_path, env=given, capture_output=True, check=False
    )
    assert said.returncode != 0
    assert not (tmp_path / "var").exists()
