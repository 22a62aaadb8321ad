"""`huifang text read`: how a comment is read, as lines and as JSON, with the owner's own words."""

import json
from pathlib import Path

import pytest

from bot.cli import main


def test_a_comment_is_printed_clause_by_clause(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", "read", "師傅專業，\n但是等了三个小时，没人理，态度恶劣"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert "about: attitude, professionalism, response_speed" in out[0]
    assert "by the words: negative" in out[0]
    assert out[1:3] == ["  師傅專業，", "    ++  professionalism: 專業"]


@pytest.mark.proof
def test_as_json_places_are_those_of_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", "read", "--json", "Great service. On time."]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["start"], one["end"]) for one in told["clauses"]] == [(0, 14), (14, 23)]
    assert (told["polarity"], told["clauses"][0]["findings"][0]["phrase"]) == (1, "Great service")


@pytest.mark.proof
def test_an_owners_words_count_and_wrong_ones_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "huifang.toml").write_text('[files]\ndirectory = "."\n', "utf-8")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "mine.toml").write_text('[bad]\nparts = ["缺板"]\n', "utf-8")
    assert main(["text", "read", "缺板"]) == 0
    assert "about: parts" in capsys.readouterr().out
    (tmp_path / "text" / "mine.toml").write_text('[bad]\nparts = ["缺板"]\n[good]\nany = ["缺板"]\n', "utf-8")
    assert main(["text", "read", "缺板"]) == 1
    assert "text/mine.toml: good.any: '缺板' stands in text/mine.toml bad.parts as well" in capsys.readouterr().err
