"""Small files and small functions: measured on the whole tree."""

import ast
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.house.tree import ROOT, files, plant, python_files, syntax

FILE_LIMIT, FILE_MEDIAN = 400, 120
FUNCTION_LIMIT, FUNCTION_MEDIAN, FUNCTION_P90 = 60, 8, 30
WRITTEN_BY_HAND = {".py", ".html", ".css", ".js", ".sql", ".mako"}


def file_problems(root: Path) -> list[str]:
    """Name the files that are too long, and the median if that is."""
    sizes = {path: _lines(path) for path in files(root) if path.suffix in WRITTEN_BY_HAND}
    code = [size for path, size in sizes.items() if path.suffix == ".py" and path.name != "__init__.py"]
    long = [f"{path.relative_to(root)}: {size} lines" for path, size in sizes.items() if size > FILE_LIMIT]
    return long + _above("median file", median(code or [0]), FILE_MEDIAN)


def function_problems(root: Path) -> list[str]:
    """Name the functions that are too long, and the median and the ninetieth percentile if those are."""
    sizes = {name: size for path in python_files(root) for name, size in _functions(path, root)}
    long = [f"{name}: {size} lines" for name, size in sizes.items() if size > FUNCTION_LIMIT]
    spread = sorted(sizes.values()) or [0]
    middle = _above("median function", median(spread), FUNCTION_MEDIAN)
    return long + middle + _above("90th percentile function", _p90(spread), FUNCTION_P90)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _functions(path: Path, root: Path) -> Iterator[tuple[str, int]]:
    for node in _statements(syntax(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{path.relative_to(root)}:{node.lineno} {node.name}", size


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement below a node; no expression holds a `def`, and they are most of a tree."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from _statements(child)


def _p90(ordered: Sequence[int]) -> int:
    return ordered[math.ceil(len(ordered) * 0.9) - 1]


def _above(what: str, value: float, limit: int) -> list[str]:
    return [f"{what}: {value:g} lines, at most {limit}"] if value > limit else []


def test_no_file_is_long_and_most_are_short() -> None:
    assert file_problems(ROOT) == []


def test_no_function_is_long_and_most_are_short() -> None:
    assert function_problems(ROOT) == []


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "x = 1\n" * 401, "b.js": "x;\n" * 401, "c.md": "words\n" * 500})
    assert file_problems(tmp_path) == ["a.py: 401 lines", "b.js: 401 lines", "median file: 401 lines, at most 120"]


def test_a_long_function_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": "async def f():\n" + "    x = 1\n" * 60})
    assert function_problems(tmp_path) == [
        "a.py:1 f: 61 lines",
        "median function: 61 lines, at most 8",
        "90th percentile function: 61 lines, at most 30",
    ]
