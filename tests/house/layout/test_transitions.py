"""A state is changed by its machine's table, and nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import plant, product_files, syntax

ENGINE = "dialogs/machine.py"
STATE_FIELDS = {"state", "status"}


def loose_transitions(root: Path) -> list[str]:
    """Name each place outside the engine that sets a state of a machine: `replace(x, state=…)`, `.values(state=…)`.

    The states are those that stand as the source of a row in any table.
    """
    trees = {path: syntax(path) for path in product_files(root) if "migrations" not in path.parts}
    states = {name for tree in trees.values() for name in _states(tree)}
    return [
        f"{path.relative_to(root)}:{line}: {what}"
        for path, tree in trees.items()
        if path.relative_to(root).as_posix() != ENGINE
        for line, what in _set(tree, states)
    ]


def _states(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "row" and node.args:
            source = node.args[0]
            if isinstance(source, ast.Attribute) and isinstance(source.value, ast.Name):
                yield source.value.id


def _set(tree: ast.Module, states: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in {"replace", "values"}:
            for keyword in node.keywords:
                if keyword.arg in STATE_FIELDS and (found := _named(keyword.value, states)):
                    yield node.lineno, found


def _named(value: ast.expr, states: set[str]) -> str:
    attributes = (node for node in ast.walk(value) if isinstance(node, ast.Attribute))
    return next((ast.unparse(node) for node in attributes if ast.unparse(node.value) in states), "")


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_a_state_set_by_hand_is_seen(tmp_path: Path) -> None:
    tree = {
        "dialogs/door.py": "TABLE = [row(DoorState.OPEN, Shut, DoorState.SHUT, leave)]\n",
        "dialogs/machine.py": "replace(moved, state=DoorState.OPEN)\n",
        "bot/a.py": "x = replace(door, state=DoorState.SHUT)\ny = replace(door, state=Other.SHUT, place=DoorState)\n",
        "storage/b.py": "update(doors).values(state=word(DoorState.SHUT))\nDoor(state=DoorState.OPEN)\n",
    }
    assert loose_transitions(plant(tmp_path, tree)) == ["bot/a.py:1: DoorState.SHUT", "storage/b.py:1: DoorState.SHUT"]
