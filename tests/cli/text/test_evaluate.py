import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.commands import Said

LABELLED = [str(Path(__file__).parents[2] / "text" / "labelled" / f"{name}.jsonl") for name in ("zh_hans", "en")]
Evaluate = Callable[..., Said]


@pytest.fixture
def evaluates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Evaluate:
    """Return what types `text eval` in an empty folder, and returns what it said."""
    monkeypatch.chdir(tmp_path)

    def types(*arguments: str) -> Said:
        code = main(["text", "eval", *arguments])
        return Said(code, *capsys.readouterr())

    return types


def write(content: str, name: str = "reviews.csv") -> str:
    Path(name).write_text(content, "utf-8")
    return name


def figures(said: Said) -> dict[str, Any]:
    assert (said.code, said.err) == (0, "")
    told: dict[str, Any] = json.loads(said.out)
    return told


def test_figures_stand_beside_two_baselines(evaluates: Evaluate) -> None:
    rows = ["1,非常满意", "0,太差了", "1,师傅很专业", "0,没有修好", "0,非常不满意", "0,态度很差"]
    told = evaluates(write("\n".join(["label,review", *rows])))
    assert (told.code, told.err) == (0, "")
    lines = [line.split() for line in told.out.splitlines()]
    assert lines[0] == "6 texts: 4 negative, 2 positive".split()
    assert ["reader", "words", "alone", "majority", "naive", "Bayes"] in lines
    assert next(line for line in lines if line[:1] == ["accuracy"])[:4] == ["accuracy", "1.000", "1.000", "0.667"]
    assert ["accuracy", "with", "a", "negation", "(n", "=", "2)", "1.000"] in [line[:8] for line in lines]
    assert lines[-2:] == [["negative", "4", "0"], ["positive", "0", "2"]]
    assert "dimension" not in told.out


@pytest.mark.proof
def test_our_own_parts_are_measured_apart_and_without_their_words(evaluates: Evaluate) -> None:
    lines = {path: Path(path).read_text("utf-8").splitlines()[::12] for path in LABELLED}
    some = [write("\n".join(several), Path(path).name) for path, several in lines.items()]
    held_out = figures(evaluates(*some, "--part", "held-out", "--json"))
    assert set(held_out) == {
        "n",
        "reader",
        "words_alone",
        "majority",
        "naive_bayes",
        "dimensions",
        "dimension_micro_f1",
    }
    assert set(held_out["reader"]["languages"]) == {"zh-Hans", "en"}
    assert held_out["reader"]["accuracy"] > max(held_out[name]["accuracy"] for name in ("majority", "naive_bayes"))
    texts = [json.loads(line)["text"] for several in lines.values() for line in several]
    told = evaluates(*some, "--part", "open").out
    assert told.startswith(f"{len(texts) - held_out['n']} texts: ")
    assert "micro-F1" in told
    assert not [text for text in texts if len(text) > 10 and text in told]


@pytest.mark.proof
def test_every_other_row_is_measured_by_what_the_rest_teaches(evaluates: Evaluate) -> None:
    path = write("text,label\n" + "差得很,0\n好得很,1\n" * 2)
    for rows, label in (("odd", "negative"), ("even", "positive")):
        half = figures(evaluates(path, "--rows", rows, "--json"))
        assert (half["n"], half["reader"]["confusion"][label][label]) == (2, 2)
        assert half["naive_bayes"]["accuracy"] == 0  # which has never seen this label


def test_an_owners_words_are_measured(evaluates: Evaluate) -> None:
    path = write("text,label\n唧唧复唧唧,1\n")
    assert figures(evaluates(path, "--json"))["reader"]["accuracy"] == 0
    write('[files]\ndirectory = "."\n', "huifang.toml")
    Path("text").mkdir()
    write('version = 1\n[good]\nany = "唧唧复唧唧"\n', "text/mine.toml")
    assert figures(evaluates(path, "--json"))["reader"]["accuracy"] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("bad.csv",),
            "bad.csv: row 2: 'so-so' is no label; a label is 0, 1, -1, positive, negative, neutral or mixed",
        ),
        (("none.csv",), "[Errno 2] No such file or directory: 'none.csv'"),
        (("one.csv", "--part", "open"), "row 1 has no id, by which --part tells the parts apart; take --rows odd"),
        (("one.csv", "--rows", "even"), "no text is left to measure; leave out --part or --rows"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    arguments: tuple[str, ...], told: str, evaluates: Evaluate
) -> None:
    write("text,label\n好,1\n差,so-so\n", "bad.csv")
    write("text,label\n好,1\n", "one.csv")
    assert evaluates(*arguments) == Said(1, "", f"huifang: {told}\n")
