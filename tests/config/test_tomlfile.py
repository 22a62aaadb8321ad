"""A TOML file is read whatever editor wrote it, and a broken one is told by its line."""

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.tomlfile import key_lines, read_toml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "huifang.toml"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_a_file_is_read(file: Path, mark: bytes) -> None:
    file.write_bytes(mark + b'locale = "zh-Hant"\n\n[survey]\ndelay = "2h"\n')
    assert read_toml(file) == {"locale": "zh-Hant", "survey": {"delay": "2h"}}


def test_an_empty_file_says_nothing(file: Path) -> None:
    file.touch()
    assert read_toml(file) == {}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a = 1\nb = \n", "2", "Invalid value"),
        ("a = 1\nb = 30m\n", "2", "Expected newline or end of document after a statement"),
        ("a = 1\n\na = 2\n", "3", "This key or heading stands here a second time."),
        ("[a]\nb = 1\n[a]\nc = 1\n", "3", "This key or heading stands here a second time."),
        ('a = "open\n', "1", "Illegal character"),
        ("a = [1,\n2,\n", "2", "Invalid value"),
    ],
)
def test_a_broken_file_is_told_by_its_line(file: Path, text: str, line: str, problem: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as wrong:
        read_toml(file, "huifang.toml")
    assert (wrong.value.file, wrong.value.key) == (f"huifang.toml:{line}", "")
    assert wrong.value.problem.startswith(problem)


def test_a_file_of_another_encoding_is_told_by_its_line(file: Path) -> None:
    file.write_bytes(b"a = 1\n" + 'b = "华"\n'.encode("gbk"))
    with pytest.raises(ConfigError) as wrong:
        read_toml(file, "huifang.toml")
    assert (wrong.value.file, wrong.value.problem) == ("huifang.toml:2", "This is not UTF-8.")


def test_a_file_that_is_not_there_is_told_by_its_name(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml: It cannot be read: No such file or directory\."):
        read_toml(file, "mine.toml")


def test_without_another_name_a_file_is_called_by_its_path(file: Path) -> None:
    file.write_text("=", "utf-8")
    with pytest.raises(ConfigError) as wrong:
        read_toml(file)
    assert wrong.value.file == f"{file}:1"


def test_a_file_that_is_nothing_but_brackets_is_refused(file: Path) -> None:
    file.write_text(f"a = {'[' * 100_000}{']' * 100_000}\n", "utf-8")
    with pytest.raises(ConfigError, match="too deep") as wrong:
        read_toml(file, "huifang.toml")
    assert wrong.value.file == "huifang.toml"


def test_headings_and_keys_are_known_by_their_lines(file: Path) -> None:
    text = '''a = 1  # [b]
[title]
zh-Hans = """
en = no key
"""
"en" = "x"
[[questions]]
id = "one"
name.en = "One"
[[questions]]
id = "two"
[questions.words.en]
3 = ["x"]
'''
    file.write_text(text, "utf-8")
    assert key_lines(file) == {
        ("a",): 1,
        ("title",): 2,
        ("title", "zh-Hans"): 3,
        ("title", "en"): 6,
        ("questions", 0): 7,
        ("questions", 0, "id"): 8,
        ("questions", 0, "name", "en"): 9,
        ("questions", 1): 10,
        ("questions", 1, "id"): 11,
        ("questions", 1, "words", "en"): 12,
        ("questions", 1, "words", "en", "3"): 13,
    }
