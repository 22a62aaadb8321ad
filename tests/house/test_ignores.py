"""The linter and the type checker are seldom told to look away, and never without a reason."""

import re
import tokenize
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT, plant, python_files

TYPE_IGNORES = 3
WITH_REASON = re.compile(r"noqa: [A-Z]+\d+(, [A-Z]+\d+)* (\(.{5,}\)|- .{5,})")
HINT = re.compile("#.*(ignore|noqa|ruff|flake8|mypy|isort)", re.IGNORECASE)
WHOLE_FILE = re.compile(r"#\s*(ruff: noqa|ruff: disable|flake8: noqa|mypy:|isort: skip)")


def type_ignores(root: Path) -> list[str]:
    """Name each comment that silences the type checker."""
    return _places(root, lambda comment: "type: ignore" in comment)


def unreasoned(root: Path) -> list[str]:
    """Name each comment that silences the linter without `(reason)` or `- reason`, or for a whole file."""
    return _places(root, _is_unreasoned)


def _is_unreasoned(comment: str) -> bool:
    return bool(WHOLE_FILE.search(comment)) or ("noqa" in comment.lower() and not WITH_REASON.search(comment))


def _places(root: Path, speaks_of_it: Callable[[str], bool]) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line}"
        for path in python_files(root)
        for line, comment in _comments(path)
        if speaks_of_it(comment)
    ]


@cache
def _comments(path: Path) -> list[tuple[int, str]]:
    """Return line and text of each comment; taking a file apart is slow, so only if it may hold one of those."""
    with tokenize.open(path) as source:
        if not HINT.search(source.read()):
            return []
        source.seek(0)
        tokens = tokenize.generate_tokens(source.readline)
        return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def test_the_type_checker_is_silenced_three_times_at_most() -> None:
    assert len(type_ignores(ROOT)) <= TYPE_IGNORES, type_ignores(ROOT)


def test_each_silenced_lint_says_why() -> None:
    assert unreasoned(ROOT) == []


def test_a_silenced_type_is_counted(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "x = 1  # type: ignore[x]\ny = '# type: ignore'\n"})
    assert type_ignores(tmp_path) == ["a.py:1"]


def test_a_silenced_lint_without_reason_is_seen(tmp_path: Path) -> None:
    lines = ["# noqa", "# noqa: E501", "# noqa: E501, F401 ()", "# ruff: noqa", "# noqa: E501, F401 (read aloud)"]
    lines += ["# noqa: E501 - read aloud"]
    plant(tmp_path, {"a.py": "".join(f"x = 1  {line}\n" for line in lines)})
    assert unreasoned(tmp_path) == ["a.py:1", "a.py:2", "a.py:3", "a.py:4"]
