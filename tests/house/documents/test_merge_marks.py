"""No file is left as a merge stopped in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files

__all__ = ["merge_marks"]

_MARK = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)


def merge_marks(root: Path) -> Iterator[str]:
    """Yield each place at which a merge has stopped."""
    for path in files(root):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for found in _MARK.finditer(text):
            yield f"{path.relative_to(root)}:{text.count(chr(10), 0, found.start()) + 1}"


def test_no_merge_has_stopped_in_a_file() -> None:
    assert list(merge_marks(ROOT)) == []


@pytest.mark.parametrize("mark", ["<" * 7 + " HEAD", ">" * 7 + " 62e1fe61 (words)", "|" * 7 + " base"])
def test_a_merge_that_stopped_is_seen(tmp_path: Path, mark: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(f"one\n{mark}\ntwo\n=======\nthree\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    assert list(merge_marks(tmp_path)) == ["docs/page.md:2"]
