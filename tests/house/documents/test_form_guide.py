"""The guide for authors of forms names every key, and its example passes the check and ends as the page says."""

import io
import re
from pathlib import Path

import pytest

from bot.cli import main
from config.forms.load import SHIPPED_FORMS
from config.forms.schema import FormFile
from tests.house.documents.test_examples import BLOCK
from tests.house.documents.test_survey_guide import keys_of
from tests.house.tree import ROOT
from tests.support.database.migrated import copy_migrated

PAGE = (ROOT / "docs" / "howto" / "forms.md").read_text("utf-8")


def block(language: str, number: int = 0) -> str:
    """Return one of the page's examples."""
    return str([text for named, text in BLOCK.findall(PAGE) if named == language][number])


def test_every_key_of_a_form_is_described() -> None:
    every = [key for key in keys_of(FormFile) if key not in {"scale", "grades", "sections"}]
    assert "sections.items.may_not_apply" in every
    assert [key for key in every if f"`{key}`" not in PAGE] == []


def test_the_example_shows_every_key() -> None:
    example = block("toml")
    leaves = {key.rpartition(".")[2] for key in keys_of(FormFile)}
    assert [key for key in sorted(leaves) if not re.search(rf"\b{key}\b", example)] == []


def test_every_shipped_form_is_named() -> None:
    assert [path.stem for path in SHIPPED_FORMS.glob("*.toml") if f"`{path.stem}`" not in PAGE] == []


def test_the_example_passes_the_check_and_ends_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("var").mkdir()
    copy_migrated(Path("var", "huifang.db"))
    Path("forms").mkdir()
    Path("forms/technician.toml").write_text(block("toml"), "utf-8")
    assert main(["survey", "check", "forms/technician.toml"]) == 0
    assert capsys.readouterr().out == "forms/technician.toml: technician version 1, a form of 4 items\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(block("text")))
    asked = ["assess", "technician", "--subject", "a17", "--period", "2026-Q1", "--role", "superior"]
    assert main(asked) == 0
    out, err = capsys.readouterr()
    told = re.sub("asm_[A-Za-z0-9]+", "asm_…", out[out.rindex("师傅季度考核") :])
    assert (told, err) == (block("text", 1), "")
