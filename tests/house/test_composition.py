"""The product is put together once: nothing is patched into an object after it was made, and no call is a riddle."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, nodes, plant, python_files, syntax

OURS = ("bot", "config", "dialogs", "scoring", "storage")
FOREIGN = {
    ("bot/channels/notify/target.py", "propagate"): "the standard library's switch of a logger",
    ("bot/__main__.py", "stderr"): "Python's place for the stream, empty where the shell has closed it",
    ("bot/http/app.py", "web"): "Starlette's place for what belongs to an application",
    ("bot/http/server/serve.py", "should_exit"): "uvicorn's way to be told to stop",
    ("storage/unit_of_work/jobs.py", "__cause__"): "Python's own chain of exceptions",
}
"""Attributes of other people's objects that are made to be assigned."""
POSITIONAL = 7
"""Arguments of one call that a reader can still tell apart by their place."""


def patches(root: Path) -> Iterator[str]:
    """Yield every assignment to an attribute of another object, save of a record that is private to its module."""
    for path in (path for name in OURS for path in python_files(root / name)):
        place, tree = path.relative_to(root).as_posix(), syntax(path)
        private = set(_private_attributes(tree))
        for target in _assigned(path):
            if target.attr not in private and (place, target.attr) not in FOREIGN:
                yield f"{place}:{target.lineno} {ast.unparse(target)}"


def riddles(root: Path) -> Iterator[str]:
    """Yield every call of the shell with more positional arguments than can be told apart."""
    for path in python_files(root / "bot"):
        for call in nodes(path):
            if isinstance(call, ast.Call) and len(call.args) > POSITIONAL:
                yield f"{path.relative_to(root).as_posix()}:{call.lineno} {ast.unparse(call.func)}"


def _assigned(path: Path) -> Iterator[ast.Attribute]:
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and not _is_own(node.value):
            yield node


def _is_own(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id in {"self", "cls"}


def _private_attributes(tree: ast.Module) -> Iterator[str]:
    """Yield the attributes of the module's private classes: no other module sees such an object change."""
    for kind in tree.body:
        if isinstance(kind, ast.ClassDef) and kind.name.startswith("_"):
            for node in ast.walk(kind):
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    yield node.target.id
                elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_own(node.value):
                    yield node.attr


def test_nothing_is_patched_into_an_object_after_it_was_made() -> None:
    assert list(patches(ROOT)) == []


def test_no_call_has_more_arguments_by_place_than_a_reader_can_tell_apart() -> None:
    assert list(riddles(ROOT)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alarms.tell = tell\n", 1),
        ("def go(door):\n    door.key, door.lock = 1, 2\n", 2),
        ("class Own:\n    def set(self):\n        self.value = 1\n", 0),
        ("class _Row:\n    free: bool\n\ndef go(row):\n    row.free = True\n", 0),
        ("class Row:\n    free: bool\n\ndef go(row):\n    row.free = True\n", 1),
    ],
)
def test_a_patch_is_found(tmp_path: Path, text: str, found: int) -> None:
    assert len(list(patches(plant(tmp_path, {"bot/planted.py": text})))) == found


def test_a_riddle_is_found(tmp_path: Path) -> None:
    planted = plant(tmp_path, {"bot/planted.py": "Parts(1, 2, 3, 4, 5, 6, 7, 8)\n"})
    assert list(riddles(planted)) == ["bot/planted.py:1 Parts"]
