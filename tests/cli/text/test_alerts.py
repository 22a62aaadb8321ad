"""`huifang text alerts` counts which labelled sentences raise an alert, by words and by the encoder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.commands import Said
from tests.text.small_encoder import plain_file

Alerts = Callable[..., Said]
ROWS = [
    {"text": "我要退款", "alert": True, "lang": "zh-Hans"},
    {"text": "半夜有人敲我家门，说是你们派来的", "alert": True, "lang": "zh-Hans"},
    {"text": "不用退款了", "alert": False, "lang": "zh-Hans"},
    {"text": "He was on time", "alert": False},
]


@pytest.fixture
def counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Alerts:
    """Return what types `text alerts` in a folder whose encoder is alarmed by everything, and returns what it said."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "encoder.bin").write_bytes(plain_file(alert=1.0))
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, ROWS)), "utf-8")

    def types(*arguments: str) -> Said:
        code = main(["text", *arguments])
        return Said(code, *capsys.readouterr())

    return types


def test_what_is_passed_over_and_what_alarms_falsely_is_counted_by_words_and_encoder(counts: Alerts) -> None:
    told = counts("alerts", "rows.jsonl")
    lines = [line.split() for line in told.out.splitlines()]
    assert (told.code, told.err) == (0, "")
    assert ["words", "1", "of", "2", "0", "of", "2"] in lines
    assert ["encoder", "0", "of", "2", "2", "of", "2"] in lines
    assert ["either,", "en", "0", "of", "0", "1", "of", "1"] in lines


def test_json_names_the_sentences(counts: Alerts) -> None:
    told = json.loads(counts("alerts", "rows.jsonl", "--json").out)
    assert told["words"] == {"passed_over": ["半夜有人敲我家门，说是你们派来的"], "false_alarms": []}
    assert (told["n"], told["alerts"]) == (4, 2)


def test_where_the_setting_is_off_the_encoder_raises_nothing(counts: Alerts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIFANG_ALERTS__BY_READING", "false")
    assert "encoder                     2 of 2" in counts("alerts", "rows.jsonl").out


@pytest.mark.parametrize("row", ['{"text": "我要退款"}', '{"text": "", "alert": true}', '{"text": "a", "alert": "x"}'])
def test_a_row_that_does_not_say_it_is_refused_with_its_number(counts: Alerts, tmp_path: Path, row: str) -> None:
    (tmp_path / "wrong.jsonl").write_text(json.dumps(ROWS[0]) + "\n" + row, "utf-8")
    told = counts("alerts", "wrong.jsonl")
    assert told.code != 0
    assert "wrong.jsonl: row 2: a sentence has a `text` and an `alert`, true or false" in told.err


def test_reading_a_comment_tells_by_what_it_raises_an_alert(counts: Alerts) -> None:
    assert "raises an alert, by: words, encoder\n" in counts("read", "我要退款").out
    told = json.loads(counts("read", "半夜有人敲我家门，说是你们派来的", "--json").out)
    assert (told["alert"], told["alerts_by"]) == (100, ["encoder"])
