"""Words that must not stand in the tree: unfinished work, swallowed tests, mocks, and places on somebody's machine."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, plant

# Written with a dot inside, so that this file does not hold the words that it looks for.
WORDS = [
    word.replace("·", "")
    for word in (
        *("TO·DO", "FIX·ME", "X·XX", "NotImplemented·Error", "pragma: no ·cover"),
        *("unittest·.mock", "Magic·Mock", "Async·Mock", "pytest.mark.·skip", "pytest.mark.·xfail"),
    )
]
UNFINISHED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, WORDS))})")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/[\w.]")
DOWNLOAD_ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links")
BANS_BY_NAME = "pyproject.toml:"  # the linter's own list of what nobody may import
READ_AS_TEXT = {".py", ".md", ".toml", ".in", ".txt", ".html", ".css", ".js", ".sql", ".mako", ".ini", ".svg", ""}


def word_problems(root: Path) -> list[str]:
    """Name each line that holds a word of unfinished work or a path of one machine."""
    unfinished = [line for line in _lines_with(root, UNFINISHED) if not line.startswith(BANS_BY_NAME)]
    return unfinished + _lines_with(root, MACHINE_PATH)


def address_problems(root: Path) -> list[str]:
    """Name each locked requirement that tells where it was downloaded."""
    return _lines_with(root / "requirements", DOWNLOAD_ADDRESS)


def _lines_with(root: Path, pattern: re.Pattern[str]) -> list[str]:
    texts = ((path, path.read_text()) for path in files(root) if path.suffix in READ_AS_TEXT)
    return [
        f"{path.relative_to(root)}:{number}: {found.group()}"
        for path, text in texts
        if pattern.search(text)  # most files hold none, and this is ten times as quick as line by line
        for number, line in enumerate(text.splitlines(), 1)
        if (found := pattern.search(line))
    ]


def test_nothing_unfinished_and_no_path_of_a_machine_stands_in_the_tree() -> None:
    assert word_problems(ROOT) == []


def test_no_requirement_records_a_download_address() -> None:
    assert address_problems(ROOT) == []


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_unfinished_work_is_seen(word: str, tmp_path: Path) -> None:
    plant(tmp_path, {"a/b.py": f"fine\n# {word} this\n"})
    assert word_problems(tmp_path) == [f"a/b.py:2: {word}"]


@pytest.mark.parametrize("place", ["root", "work", "home/mei", "Users/mei"])
def test_a_path_of_a_machine_is_seen(place: str, tmp_path: Path) -> None:
    plant(tmp_path, {"notes.md": f"see /{place}/huifang", "fine.md": "`./root/x`, https://example.com/work/x"})
    assert word_problems(tmp_path) == [f"notes.md:1: /{place}/h"]


def test_a_download_address_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"requirements/run.txt": "attrs==26.1.0\n--index-url somewhere\nx @ https://example.com/x.whl\n"})
    assert address_problems(tmp_path) == ["run.txt:2: --index-url", "run.txt:3: ://"]
