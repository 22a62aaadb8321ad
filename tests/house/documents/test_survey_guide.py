"""The guide for authors of surveys names every key, and its example passes the check and ends as the page says."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from bot.cli import main
from config.surveys.schema import SurveyFile
from tests.house.documents.test_examples import BLOCK
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "howto" / "surveys.md").read_text("utf-8")


def _block(language: str, number: int = 0) -> str:
    found = [text for named, text in BLOCK.findall(PAGE) if named == language]
    return str(found[number])


def keys_of(part: type[BaseModel], above: str = "") -> Iterator[str]:
    """Yield each key of a table, and those of the tables in it."""
    for name, field in part.model_fields.items():
        yield above + name
        for inner in _parts(field.annotation):
            yield from keys_of(inner, f"{above}{name}.")


def _parts(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def test_every_key_of_a_survey_is_described() -> None:
    every = [key for key in keys_of(SurveyFile) if key not in {"scale", "remark", "alerts"}]
    assert "questions.definition" in every
    assert [key for key in every if f"`{key}`" not in PAGE] == []


def test_the_example_shows_every_key() -> None:
    example = _block("toml")
    leaves = {key.rpartition(".")[2] for key in keys_of(SurveyFile)}
    assert [key for key in sorted(leaves) if not re.search(rf"\b{key}\b", example)] == []


def test_the_example_passes_the_check_and_ends_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("home_visit.toml").write_text(_block("toml"), "utf-8")
    assert main(["survey", "check", "home_visit.toml"]) == 0
    assert capsys.readouterr().out == "home_visit.toml: home_visit version 1, 3 questions\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(_block("text")))
    assert main(["survey", "try", "home_visit.toml"]) == 0
    out, err = capsys.readouterr()
    assert (out[out.index("= completed") :], err) == (_block("text", 1), "")
