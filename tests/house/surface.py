"""Reads which of our modules imports which, and who takes which name, without importing anything."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.tree import nodes, product_files, syntax

__all__ = ["Taken", "imports", "modules", "promised", "taken"]


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

    def read(self) -> Iterator[Taken]:
        for node in nodes(self.path):
            if isinstance(node, ast.Import):
                self._plain(node)
            elif isinstance(node, ast.ImportFrom) and node.module in self.known:
                yield from self._named(node, node.module)
        for node in nodes(self.path):
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
    return {_dotted_name(path.relative_to(root)): path for path in product_files(root)}


def promised(path: Path) -> set[str] | None:
    """Return the names in a module's `__all__`; None where it has none that can be read."""
    for node in syntax(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def taken(root: Path, readers: list[Path]) -> Iterator[Taken]:
    """Yield each name that these files take from modules other than themselves."""
    known = modules(root)
    for path in readers:
        for found in _Reader(path, set(known)).read():
            if known[found.module] != path:
                yield found


def imports(root: Path) -> dict[str, set[str]]:
    """Map each of our modules to those of ours that it imports, anywhere in its text."""
    known = modules(root)
    found: dict[str, set[str]] = defaultdict(set)
    for module, path in known.items():
        for node in nodes(path):
            if isinstance(node, ast.Import):
                found[module].update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                found[module].update(inner & set(known) or {node.module})
    return {module: (names & set(known)) - {module} for module, names in found.items()}


def _dotted_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
