"""How far one inbound message travels while it is decided: each file that it is handed to is a stay.

The walk starts in `hear` and follows the parameter `inbound`: every call, in the order of the text, that hands the
message on, a part of it (`inbound.place`), or a value built around all of it. Calls into another file are counted,
also into a function that was walked already. Calls are resolved by imported name; a method chosen at run time ends the
walk there, and what a function returns is no longer the message.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.house.surface import modules
from tests.house.tree import plant, syntax

START, PARAMETER, LIMIT = "bot.handlers.inbound.hear", "inbound", 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class _Module:
    """What a module defines and imports, by name."""

    functions: dict[str, Function] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)
    imported: dict[str, str] = field(default_factory=dict)


@dataclass
class _Walk:
    """One trip of a parameter through the product's functions."""

    root: Path
    stays: list[str] = field(default_factory=list)
    walked: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    @cached_property
    def known(self) -> dict[str, _Module]:
        return {name: _read(syntax(path)) for name, path in modules(self.root).items()}

    def enter(self, module: str, name: str, parameters: frozenset[str]) -> None:
        if (f"{module}.{name}", parameters) in self.walked:
            return
        self.walked.add((f"{module}.{name}", parameters))
        function = self.known[module].functions[name]
        carried = self._names(module, function, set(parameters))
        for call in _calls(function):
            target = self._target(module, call.func)
            if target and (handed := frozenset(_handed(call, self.known[target[0]].functions[target[1]], carried))):
                if target[0] != module:
                    self.stays.append(f"{target[0]}.{target[1]}")
                self.enter(*target, handed)

    def _target(self, module: str, called: ast.expr) -> tuple[str, str] | None:
        """Return the module and name of the function that a call means, if it is one of ours."""
        imported = self.known[module].imported
        dotted = ast.unparse(called)
        head, _, rest = dotted.partition(".")
        full = f"{imported[head]}.{rest}".rstrip(".") if head in imported else f"{module}.{dotted}"
        home, _, name = full.rpartition(".")
        return (home, name) if home in self.known and name in self.known[home].functions else None

    def _names(self, module: str, function: Function, carried: set[str]) -> set[str]:
        """Return every name under which the message, or a part of it, goes inside a function."""
        before = -1
        while len(carried) != before:
            before = len(carried)
            for node in ast.walk(function):
                carried |= set(self._bound(module, node, carried))
        return carried

    def _bound(self, module: str, node: ast.AST, carried: set[str]) -> Iterator[str]:
        match node:
            case ast.Assign(targets=targets, value=value) if self._is_carried(module, value, carried):
                yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
            case ast.NamedExpr(target=ast.Name(id=name), value=value) if self._is_carried(module, value, carried):
                yield name
            case ast.Match(subject=subject) if self._is_carried(module, subject, carried):
                yield from (
                    each.name for each in ast.walk(node) if isinstance(each, ast.MatchAs | ast.MatchStar) and each.name
                )
            case _:
                pass

    def _is_carried(self, module: str, value: ast.expr, carried: set[str]) -> bool:
        """Return whether a value is the message, a part of it, or built around all of it."""
        if isinstance(value, ast.Call):
            around = any(isinstance(each, ast.Name) and each.id in carried for each in _values(value))
            return around and self._is_class(module, value.func)
        return _is_part(value, carried)

    def _is_class(self, module: str, called: ast.expr) -> bool:
        dotted = ast.unparse(called)
        home, _, name = self.known[module].imported.get(dotted, f"{module}.{dotted}").rpartition(".")
        return home in self.known and name in self.known[home].classes


def journey(root: Path, start: str = START, parameter: str = PARAMETER) -> list[str]:
    """Return each stay of a function's parameter, in order: the functions in other files that it is handed to."""
    walk = _Walk(root)
    module, _, name = start.rpartition(".")
    walk.enter(module, name, frozenset({parameter}))
    return [start, *walk.stays]


def _read(tree: ast.Module) -> _Module:
    read = _Module()
    for node in tree.body:
        if isinstance(node, Function):
            read.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            read.classes.add(node.name)
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom) and each.module:
            read.imported.update({name.asname or name.name: f"{each.module}.{name.name}" for name in each.names})
    return read


def _calls(function: Function) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _values(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _is_part(value: ast.expr, carried: set[str]) -> bool:
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name) and value.id in carried


def _handed(call: ast.Call, function: Function, carried: set[str]) -> Iterator[str]:
    """Yield the parameters of `function` that get the message or a part of it."""
    names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
    rest = [function.args.vararg.arg] if function.args.vararg else []
    for position, value in enumerate(call.args):
        if _is_part(value, carried):
            yield from names[position : position + 1] or rest
    yield from (each.arg for each in call.keywords if each.arg and _is_part(each.value, carried))


def test_each_file_that_a_message_is_handed_to_is_a_stay(tmp_path: Path) -> None:
    tree = {
        "bot/a.py": "from bot.b import take, Pair\nfrom bot import c\n"
        "def hear(context, inbound):\n"
        "    place = inbound.place\n    _own(inbound)\n    c.look(context)\n"
        "    pair = Pair(inbound, 1)\n    take(pair)\n    c.look(len(inbound))\n"
        "def _own(message):\n    c.look(message.text)\n    c.look(what=message)\n",
        "bot/b.py": "from bot.c import look\nclass Pair: pass\ndef take(pair):\n    look(pair.first)\n",
        "bot/c.py": "def look(what):\n    return what\n",
    }
    assert journey(plant(tmp_path, tree), "bot.a.hear", "inbound") == [
        "bot.a.hear",
        *("bot.c.look", "bot.c.look"),  # from _own, by place and by keyword
        *("bot.b.take", "bot.c.look"),  # as a part of the pair
    ]
