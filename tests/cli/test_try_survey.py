"""`survey try` ends with the total: each section of its weight, the sum, and the grade."""

import io
from pathlib import Path

import pytest

from bot.cli import main

WEIGHTED = Path(__file__).parents[1] / "config" / "surveys" / "weighted_survey.toml"


def tried(typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path) -> str:
    """Answer a survey in the terminal, one word a line; gives what is printed at its end."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed.split())))
    assert main(["survey", "try", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out[out.index("= completed") :]


def test_sections_and_importance_make_the_total_and_its_grade(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    end = tried("不合理 3 2 跳过", monkeypatch, capsys, WEIGHTED)
    assert "  价格: 11.13 of 33.4\n  活儿: 56.73 of 66.6\n  total 67.87 of 100: 良好\n" in end


def test_what_is_skipped_leaves_the_sums_only_where_the_survey_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = "很合理 跳过 2 跳过"
    assert "  活儿: 44.4 of 66.6\n  total 77.8 of 100: 良好\n" in tried(typed, monkeypatch, capsys, WEIGHTED)
    strict = tmp_path / "weighted.toml"
    strict.write_text(WEIGHTED.read_text("utf-8").replace('unanswered = "leave_out"\n', ""), "utf-8")
    end = tried(typed, monkeypatch, capsys, strict)
    assert "  价格: 33.4 of 33.4\n  活儿: 1 of 2 answered\n  no total: 2 of 3 answered\n" in end


def test_a_survey_of_which_nothing_is_counted_has_no_total(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = WEIGHTED.with_name("small_survey.toml")
    assert "total" not in tried("5 5 跳过", monkeypatch, capsys, small)
