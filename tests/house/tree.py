"""Walks the repository, or a planted one: the files that people write, without what tools make."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["PACKAGES", "ROOT", "files", "modules_of", "nodes", "plant", "product_files", "python_files", "syntax"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "config", "dialogs", "scoring", "storage")
MADE_BY_TOOLS = {"__pycache__", "build", "dist", "node_modules", "var"}


def files(root: Path) -> Iterator[Path]:
    """Yield every file under `root` in a stable order, not looking into hidden folders other than .ci."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if _is_ours(name))
        yield from (Path(folder, name) for name in sorted(names) if name != ".git")  # a linked worktree has a file


def python_files(root: Path) -> list[Path]:
    """Return every Python file under `root`."""
    return [path for path in files(root) if path.suffix == ".py"]


def product_files(root: Path) -> list[Path]:
    """Return every Python file of the product: no tests, no bench."""
    return [path for package in PACKAGES for path in python_files(root / package)]


def modules_of(root: Path) -> list[Path]:
    """Return the product's modules that import each other by name: no `__init__`, no migration."""
    return [path for path in product_files(root) if path.name != "__init__.py" and "migrations" not in path.parts]


@cache
def syntax(path: Path) -> ast.Module:
    """Return a file's syntax tree, parsed once for all checkers of a run."""
    return ast.parse(path.read_text())


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file's syntax tree, as `ast.walk` finds them, which takes longer than to parse it."""
    return tuple(ast.walk(syntax(path)))


def plant(root: Path, tree: dict[str, str]) -> Path:
    """Write `tree` (path to text) under `root`, so that a test can see a checker fail."""
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def _is_ours(name: str) -> bool:
    hidden = name.startswith(".") and name != ".ci"
    return not hidden and name not in MADE_BY_TOOLS and not name.endswith(".egg-info")
