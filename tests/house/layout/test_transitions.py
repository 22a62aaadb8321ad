"""A state is changed by its machine's table, and nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, plant, product_files, syntax

ENGINE = "dialogs/machine.py"
STATE_FIELDS = {"state", "status"}
WITHOUT_TABLE = {
    "EndpointStatus": "whether people, or its own answers, let an endpoint of webhooks be sent to",
    "HookDeliveryStatus": "sent until it has arrived: claimed and settled by two statements, one of them fenced",
    "ContactState": "what the platform last said of a chat",
    "ImportState": "how far an import is, which its run tells",
    "UploadState": "how far the file of an import is, which its job tells",
    "RatingStatus": "whether a rating counts, which follows from its interview and the rules of counting",
    "RunState": "how one occurrence of a campaign ended; the campaign's table decides it",
    "TargetState": "whether one person of an occurrence was served",
    "TicketStatus": "the help desk's own states, which it may change as it likes",
}
"""States that no machine of ours moves."""


def loose_transitions(root: Path) -> list[str]:
    """Name each place outside the engine that sets a state of a machine, and each enum of states without a table.

    Places are `replace(x, state=…)` and `.values(state=…)`; the states are those from which a row of any table leads.
    """
    trees = {path: syntax(path) for path in product_files(root) if "migrations" not in path.parts}
    states = {name for tree in trees.values() for name in _states(tree)}
    states |= {alias for tree in trees.values() for alias in _aliases(tree, states)}
    places = [
        f"{path.relative_to(root)}:{line}: {what}"
        for path, tree in trees.items()
        if path.relative_to(root).as_posix() != ENGINE
        for line, what in _set(tree, states)
    ]
    enums = ((path, name) for path, tree in trees.items() for name in _enums(tree))
    known = states | set(WITHOUT_TABLE)
    return places + [f"{path.relative_to(root)}: {name} has no table" for path, name in enums if name not in known]


def _states(tree: ast.Module) -> Iterator[str]:
    """Yield the enum of each row's source: `State.OPEN`, `_S.OPEN` after `_S = State`, or `_OPEN` unpacked from it."""
    unpacked = dict(_unpacked(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "row" and node.args:
            match node.args[0]:
                case ast.Attribute(value=ast.Name(id=name)):
                    yield unpacked.get(name, name)
                case ast.Name(id=name) if name in unpacked:
                    yield unpacked[name]
                case _:
                    pass


def _unpacked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Name(id=enum)):
                yield from ((each.id, enum) for each in names if isinstance(each, ast.Name))
            case ast.Assign(targets=[ast.Name(id=short)], value=ast.Name(id=enum)):
                yield short, enum
            case _:
                pass


def _aliases(tree: ast.Module, states: set[str]) -> Iterator[str]:
    """Yield other names of these enums: `Status = SendingState`."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=alias)], value=ast.Name(id=name)) if name in states:
                yield alias
            case _:
                pass


def _enums(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and "StrEnum" in map(ast.unparse, node.bases):
            yield from [node.name] if node.name.endswith(("State", "Status")) else []


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
        "dialogs/lamp.py": "_ON, _OFF = LampState\nTABLE = [row(_ON, Pressed, _OFF, leave)]\n",
        "dialogs/post.py": "_S = PostState\nTABLE = [row(_S.SENT, Lost, _S.LOST, leave)]\n",
        "bot/d.py": "values(status=PostState.LOST)\n",
        "dialogs/machine.py": "replace(moved, state=DoorState.OPEN)\n",
        "bot/a.py": "x = replace(door, state=DoorState.SHUT)\ny = replace(door, state=Other.SHUT, place=DoorState)\n",
        "bot/c.py": "Light = LampState\nreplace(lamp, state=Light.ON)\n",
        "storage/b.py": "update(doors).values(state=word(DoorState.SHUT))\nDoor(state=DoorState.OPEN)\n",
    }
    seen = ["bot/a.py:1: DoorState.SHUT", "bot/c.py:2: Light.ON", "bot/d.py:1: PostState.LOST"]
    seen += ["storage/b.py:1: DoorState.SHUT"]
    assert loose_transitions(plant(tmp_path, tree)) == seen


def test_states_without_a_table_are_seen(tmp_path: Path) -> None:
    names = ("DoorState", "MailStatus", "TicketStatus", "Colour")
    enums = "".join(f"class {name}(StrEnum): ON = 1\n" for name in names)
    plant(tmp_path, {"dialogs/a.py": f"{enums}TABLE = [row(DoorState.ON, Shut, DoorState.ON, leave)]\n"})
    assert loose_transitions(tmp_path) == ["dialogs/a.py: MailStatus has no table"]


def test_each_enum_that_needs_no_table_exists() -> None:
    enums = {name for path in product_files(ROOT) for name in _enums(syntax(path))}
    assert set(WITHOUT_TABLE) <= enums
