"""Collects what the code says in English: docstrings, comments, and the names that it defines."""

import ast
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.house.tree import nodes, syntax

__all__ = ["Documented", "comments", "docstrings", "identifiers", "words_of"]

_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True)
class Documented:
    """One docstring, and what it stands in; the text after an assignment documents what was assigned."""

    line: int
    text: str
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | None
    public: bool


def docstrings(path: Path) -> Iterator[Documented]:
    """Yield each docstring of a file, public or not."""
    tree = syntax(path)
    yield from _of(tree, public=True)
    for node in nodes(path):
        if isinstance(node, ast.Module | ast.ClassDef):
            for before, after in pairwise(node.body):
                if isinstance(before, ast.Assign | ast.AnnAssign) and (text := _text(after)) is not None:
                    yield Documented(after.lineno, text, None, public=True)


def comments(path: Path) -> list[tuple[int, str]]:
    """Return line and text of each comment of a file."""
    return list(_comments(path))


def identifiers(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and name of each thing that a file defines: functions, classes, parameters, variables, fields."""
    for node in nodes(path):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case _:
                pass


def words_of(name: str) -> list[str]:
    """Return the lower-case words of an identifier: `set_off`, `setOff` and `SetOff` are the same."""
    return [word.lower() for word in _WORD.findall(name)]


def _of(node: ast.AST, *, public: bool) -> Iterator[Documented]:
    if isinstance(node, _WITH_DOCSTRING) and node.body and (text := _text(node.body[0])) is not None:
        yield Documented(node.body[0].lineno, text, node, public)
    for child in getattr(node, "body", ()):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _of(child, public=public and not child.name.startswith("_"))


def _text(node: ast.stmt) -> str | None:
    match node:
        case ast.Expr(value=ast.Constant(value=str() as text)):
            return text
        case _:
            return None


@cache
def _comments(path: Path) -> tuple[tuple[int, str], ...]:
    with tokenize.open(path) as source:
        tokens = tokenize.generate_tokens(source.readline)
        return tuple((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)
