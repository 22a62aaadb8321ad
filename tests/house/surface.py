"""Reads who takes which name from which of our modules, without importing anything."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.tree import PACKAGES, python_files

__all__ = ["Taken", "modules", "promised", "taken"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One name that the file `by`, at `line`, takes out of `module`."""

    by: Path
    line: int
    module: str
    name: str


@dataclass(slots=True)
class _Reader:
    """Collects the names that one file takes, and under which names it knows our modules."""

    path: Path
    known: set[str]
    known_as: dict[str, str] = field(default_factory=dict)

    def read(self, tree: ast.Module) -> Iterator[Taken]:
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                self._plain(node)
            elif isinstance(node, ast.ImportFrom) and node.module in self.known:
                yield from self._named(node, node.module)
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                yield from self._dotted(node)

    def _plain(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name in self.known:
                self.known_as[alias.asname or alias.name] = alias.name

    def _named(self, node: ast.ImportFrom, module: str) -> Iterator[Taken]:
        for alias in node.names:
            inner = f"{module}.{alias.name}"
            if inner in self.known:
                self.known_as[alias.asname or alias.name] = inner
            else:
                yield Taken(self.path, node.lineno, module, alias.name)

    def _dotted(self, node: ast.Attribute) -> Iterator[Taken]:
        module = self.known_as.get(ast.unparse(node.value))
        if module and f"{module}.{node.attr}" not in self.known:
            yield Taken(self.path, node.lineno, module, node.attr)


def modules(root: Path) -> dict[str, Path]:
    """Map the dotted name of each of our modules to its file."""
    own = [path for package in PACKAGES for path in python_files(root / package)]
    return {_dotted_name(path.relative_to(root)): path for path in own}


def promised(path: Path) -> set[str] | None:
    """Return the names in a module's `__all__`; None where it has none that can be read."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def taken(root: Path, readers: list[Path]) -> Iterator[Taken]:
    """Yield each name that these files take from modules other than themselves."""
    known = modules(root)
    for path in readers:
        for found in _Reader(path, set(known)).read(ast.parse(path.read_text())):
            if known[found.module] != path:
                yield found


def _dotted_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
