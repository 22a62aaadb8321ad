"""Reads which phrases the code may say, and which words it says by itself, without importing anything."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.tree import PACKAGES, files, nodes

__all__ = ["Spoken", "cjk_literals", "english_literals", "spoken"]

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_QUOTED = re.compile(r"""['"]([\w.#]+)['"]""")
_JOINED = re.compile(r"""['"]([\w.]+[._])['"]\s*~""")
_SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]+ [a-z]+|[a-z]+ [a-z]+ [a-z]+ [a-z]+")
_TO_PEOPLE = {"Prompt", "Choice", "Detail", "Glance", "Acknowledgement"}


@dataclass(slots=True)
class Spoken:
    """What the code can say: keys written out (`words`), and keys put together at run time (`made`)."""

    words: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)

    def may_say(self, key: str, deeper: int = 4) -> bool:
        """Return whether a key is written out, or is put together from words that are written out.

        An action such as `team.added` names its phrase with an underscore, for a dot would begin a table.
        """
        if key in self.words or key.replace("_", ".", 1) in self.words or key.isdecimal():
            return True
        if not deeper:
            return False
        found = (re.fullmatch(pattern, key) for pattern in self.made)
        made = any(all(self.may_say(part, deeper - 1) for part in match.groups()) for match in found if match)
        return made or ("_" in key and "." not in key and self.may_say(key.replace("_", ".", 1), deeper - 1))


def spoken(root: Path) -> Spoken:
    """Read our packages and their templates."""
    told = Spoken()
    for path in _modules(root):
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                told.words.add(node.value)
            elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
                told.made.add(pattern)
    for path in _ours(root):
        if path.suffix in {".html", ".js"}:
            text = path.read_text()
            told.words.update(_QUOTED.findall(text))
            told.made.update(f"{re.escape(start)}([\\w.]+)" for start in _JOINED.findall(text))
    return told


def cjk_literals(root: Path) -> Iterator[tuple[str, int, str]]:
    """Yield each string with Chinese in it: its file, line and text; docstrings speak to nobody."""
    for path in _modules(root):
        for node in _strings(path):
            if _CJK.search(str(node.value)):
                yield str(path.relative_to(root)), node.lineno, str(node.value)


def english_literals(root: Path) -> Iterator[tuple[str, int, str]]:
    """Yield each sentence that is written into something that people in a chat read."""
    for path in _modules(root):
        for call in nodes(path):
            if isinstance(call, ast.Call) and _name(call.func) in _TO_PEOPLE:
                for node in ast.walk(call):
                    if isinstance(node, ast.Constant) and _SENTENCE.search(str(node.value)):
                        yield str(path.relative_to(root)), node.lineno, str(node.value)


def _ours(root: Path) -> Iterator[Path]:
    return (path for package in PACKAGES for path in files(root / package))


def _modules(root: Path) -> Iterator[Path]:
    return (path for path in _ours(root) if path.suffix == ".py")


def _name(called: ast.expr) -> str:
    """Return the name by which something is called, without what it belongs to."""
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _pattern(node: ast.JoinedStr) -> str:
    """Return what a text that is put together looks like, empty where it is no key."""
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else "([\\w.]+)" for part in node.values]
    fixed = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return "".join(parts) if re.fullmatch(r"[\w.#]*[._#][\w.#]*", fixed) else ""


def _strings(path: Path) -> Iterator[ast.Constant]:
    told = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node
