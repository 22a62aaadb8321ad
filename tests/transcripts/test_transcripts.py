"""The conversations in this folder go as they are written. `make transcripts` writes them anew; then read the diff."""

import os
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.support.stage.chats import OutOfSightError
from tests.support.stage.play import perform
from tests.support.stage.script import ScriptError

FILES = sorted(Path(__file__).parent.glob("*.txt"))
PARTED = {"Interview", "OutboxMessage", "AnonymousAnswers"}
"""What the database parts from its customer where a survey is anonymous; the Stage remembers it."""
_HINT = "If this is what the product shall say now, run `make transcripts` and read the diff before you keep it."
_HEAD = "# 一次回访。\nsurvey: after_service   locale: zh-Hans   clock: 2026-11-23 09:00\ncustomer: 王女士\n\n"


def _hold(file: Path, written: str) -> None:
    told = perform(written)
    if os.environ.get("REWRITE"):
        file.write_text(told, "utf-8")
    elif told != written:
        diff = unified_diff(written.splitlines(), told.splitlines(), f"{file.name} as written", "as it goes now", "")
        pytest.fail("\n".join((*diff, "", _HINT)), pytrace=False)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_is_written(file: Path) -> None:
    _hold(file, file.read_text("utf-8"))


@pytest.mark.proof
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_database_keeps_what_the_conversation_was_played_on(file: Path) -> None:
    differ: list[str] = []
    perform(file.read_text("utf-8"), lambda stage: differ.extend(stage.database.differences()))
    assert set(differ) <= (PARTED if "anonymous" in file.stem else set())


@pytest.mark.proof
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_conversation_leaves_a_database_that_keeps_the_promises(file: Path) -> None:
    broken: list[str] = []
    perform(
        file.read_text("utf-8"),
        lambda stage: broken.extend(stage.database.violations(stage.policy.surveys.values())),
    )
    assert broken == []


def test_every_conversation_is_told_in_chinese_and_in_english() -> None:
    told = {locale: {f.name.split(".")[0] for f in FILES if f".{locale}." in f.name} for locale in ("zh-Hans", "en")}
    assert told["zh-Hans"] == told["en"]


def test_a_reply_that_is_not_the_written_one_fails_with_the_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REWRITE", raising=False)
    changed = perform(f"{_HEAD}ticket closed\nwait 30m").replace("王女士，您好", "王女士，你好")
    with pytest.raises(pytest.fail.Exception) as failed:
        _hold(Path("greeting.txt"), changed)
    assert _HINT in str(failed.value).splitlines()
    assert all(f"{mark}    : 王女士，{hello}！" in str(failed.value) for mark, hello in (("-", "你好"), ("+", "您好")))


def test_a_script_cannot_press_a_button_that_nobody_sees() -> None:
    with pytest.raises(OutOfSightError, match=r"no.* \[6\]; there is \[1\] \[2\]"):
        perform(f"{_HEAD}ticket closed\nwait 30m\n王女士> [6]")


@pytest.mark.parametrize("line", ["wait until noon", "王小姐> [4]", "ticket opened", "api sing 李工"])
def test_a_line_that_means_nothing_is_refused(line: str) -> None:
    with pytest.raises(ScriptError):
        perform(_HEAD + line)


def test_a_transcript_says_first_what_it_shows() -> None:
    with pytest.raises(ScriptError, match="what it shows"):
        perform(_HEAD.partition("\n")[2])


@pytest.mark.parametrize("header", ["weather: fine", "set: survey.quiet_hours", "survey after_service"])
def test_a_header_that_means_nothing_is_refused(header: str) -> None:
    with pytest.raises(ScriptError):
        perform(_HEAD.replace("customer", f"{header}\ncustomer"))
