"""A docstring says what a function returns or does, and what it raises, in the words of the field."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.english.prose import Documented, docstrings
from tests.house.english.words import IMPERATIVES
from tests.house.tree import plant, product_files

Function = ast.FunctionDef | ast.AsyncFunctionDef


def odd_summaries(root: Path) -> list[str]:
    """Name each function whose docstring begins with neither "Return …" nor another imperative of what is done."""
    return [
        f"{path.relative_to(root)}:{function.lineno}: {each.text.splitlines()[0]}"
        for path, function, each in _functions(root)
        if not _is_property(function) and not _begins_well(each.text)
    ]


def silent_raisers(root: Path) -> list[str]:
    """Name each public function that raises and does not say so ("Raises …") in its docstring."""
    return [
        f"{path.relative_to(root)}:{function.lineno}: {function.name}"
        for path, function, each in _functions(root)
        if each.public and _raises(function) and not re.search(r"\b[Rr]aises?\b", each.text)
    ]


def _functions(root: Path) -> Iterator[tuple[Path, Function, Documented]]:
    for path in product_files(root):
        for each in docstrings(path):
            if isinstance(each.node, Function):
                yield path, each.node, each


def _begins_well(text: str) -> bool:
    return re.split(r"\W", text, maxsplit=1)[0] in IMPERATIVES


def _is_property(node: Function) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def _raises(function: Function) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is not None for node in _own(function))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what belongs to a function itself, not to one inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _own(child)


def test_a_summary_in_other_words_is_seen(tmp_path: Path) -> None:
    code = '''
def a(): "Return it."
def b(): "Give it."
class C:
    """Whatever."""
    @property
    def d(self): "The name."
    def _e(self): "Think of it."
'''
    assert odd_summaries(plant(tmp_path, {"bot/a.py": code})) == ["bot/a.py:3: Give it.", "bot/a.py:8: Think of it."]


def test_a_function_that_raises_in_silence_is_seen(tmp_path: Path) -> None:
    code = """
def a():
    "Return it; raises KeyError."
    raise KeyError
def b():
    "Return it."
    if 1: raise KeyError("b")
def _c():
    "Return it."
    raise KeyError
def d():
    "Return it."
    def e(): raise KeyError
    try: e()
    except KeyError: raise
"""
    assert silent_raisers(plant(tmp_path, {"bot/a.py": code})) == ["bot/a.py:5: b"]
