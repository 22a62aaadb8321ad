"""The words of comments: the shipped files agree with each other, and an owner's own go over them or are refused."""

from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.text.load import load_lexicons
from scoring.text.lexicons import Lexicons
from scoring.text.text_reader import TextReader
from tests.house.tree import ROOT


def _own(folder: Path, text: str, name: str = "mine") -> Lexicons:
    (folder / "text").mkdir(exist_ok=True)
    (folder / "text" / f"{name}.toml").write_text(text, "utf-8")
    return load_lexicons(folder)


def test_the_shipped_words_are_many_in_both_languages_and_agree() -> None:
    words = {word for word, entry in load_lexicons().entries.items() if entry.weight}
    assert sum(word.isascii() for word in words) >= 1500
    assert sum(not word.isascii() for word in words) >= 1500


def test_the_words_of_the_understanding_are_read_in_comments_too() -> None:
    assert load_lexicons().known("爱答不理") == ("attitude", -1)
    assert load_lexicons().known("随叫随到") == ("response_speed", 1)


def test_an_owner_adds_words_moves_them_and_takes_them_away(tmp_path: Path) -> None:
    moved = '[good]\nany = "绝绝紫、一般"\n[rather_bad]\nparts = ["压缩机又响"]\n[aspect]\nfee = ["尾款"]\n'
    text = f'remove = ["垃圾"]\n{moved}'
    mine = _own(tmp_path, text)
    assert mine.known("绝绝紫") == ("", 1)
    assert mine.known("一般") == ("", 1)
    assert mine.known("垃圾") is None
    assert TextReader(mine).read("壓縮機又響").dimensions == {"parts"}
    assert TextReader(mine).read("尾款太贵").dimensions == {"fee"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[good]\nany = "快活"\n[bad]\nany = "快活"\n',
            "text/mine.toml: bad.any: '快活' stands in text/mine.toml good.any",
        ),
        ('[good]\nany = "快活"\nfee = "快活"\n', "text/mine.toml: good.fee: '快活' stands in text/mine.toml good.any"),
        ('[role]\nnot = "快活"\n[good]\nany = "快活"\n', "text/mine.toml: good.any: '快活' stands in"),
        ('[god]\nany = "快活"\n', "text/mine.toml: god: There is no such list."),
        ('[role]\nshout = "快活"\n', "text/mine.toml: role.shout: There is no such list."),
        ("[good]\nany = 3\n", "text/mine.toml: good.any: This is not a list of words."),
        ('good = "快活"\n', "text/mine.toml: good: This is not a table of lists."),
        ('[[combined]]\nlevel = "good"\nbefore = "很"\n', "text/mine.toml: combined.0: This is no list of two parts."),
        ("remove = 5\n", "text/mine.toml: remove: This is not a list of words."),
        ('version = "two"\n', "text/mine.toml: version: This is no number."),
        ("[good\n", "text/mine.toml:1:"),
    ],
)
def test_what_an_owner_wrote_wrong_is_refused_with_file_and_key(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as caught:
        _own(tmp_path, text)
    assert str(caught.value).startswith(told)


def test_two_files_of_an_owner_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    _own(tmp_path, '[good]\nany = "快活"\n', "first")
    with pytest.raises(ConfigErrors, match=r"text/second.toml: bad.any: '快活' stands in text/first.toml good.any"):
        _own(tmp_path, '[bad]\nany = "快活"\n', "second")


def test_english_verbs_and_adjectives_are_written_once(tmp_path: Path) -> None:
    mine = _own(tmp_path, '[bad]\nany = "zorb+, plinky*, spry up+"\n')
    for word in ("zorb", "zorbs", "zorbed", "zorbing", "plinky", "plinkily", "plinkier", "sprying up"):
        assert mine.known(word) == ("", -1), word


def test_the_example_of_the_documentation_can_be_used_as_it_stands(tmp_path: Path) -> None:
    shown = (ROOT / "docs/reference/text.md").read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    mine = _own(tmp_path, shown)
    assert mine.known("风扇太响") == ("parts", -1)
    assert TextReader(mine).read("尾款贼拉贵").dimensions == {"fee"}
