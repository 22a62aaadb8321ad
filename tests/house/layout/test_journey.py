"""How far one inbound message travels while it is decided: each time that it is handed into another file is a stay.

The walk starts in `handle_inbound` and follows the message: the parameter `inbound`, and every value that holds it (a
`TurnContext` has a field `inbound: Inbound`). It goes, in the order of the text, into each function that gets one of
these: called by name, or named in a table or lambda that the function uses. Each way into another file is counted,
also into a function that was walked already. Handing on a part (`inbound.place`) is no stay, nor is asking the value
that holds the message (`turn.reply(…)`).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.house.surface import modules
from tests.house.tree import plant, syntax

START, PARAMETER, LIMIT = "bot.handlers.inbound.handle_inbound", "inbound", 60
MESSAGE = "dialogs.messages.Inbound"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class _Module:
    """What a module defines and imports, by name; constants by their value."""

    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)


@dataclass
class _Walk:
    """One trip of the message through the product's functions."""

    root: Path
    stays: list[str] = field(default_factory=list)
    walked: set[str] = field(default_factory=set)

    @cached_property
    def known(self) -> dict[str, _Module]:
        return {name: _read(syntax(path)) for name, path in modules(self.root).items()}

    @cached_property
    def holders(self) -> dict[str, set[str]]:
        """Map each type that holds the message to its fields that are or hold it; the message itself has none."""
        held: dict[str, set[str]] = {MESSAGE: set()}
        before = 0
        while len(held) != before:
            before = len(held)
            for module, each in self.known.items():
                for name, node in each.classes.items():
                    if fields := {name for name, kind in self._fields(module, node) if kind in held}:
                        held[f"{module}.{name}"] = fields
        return held

    def enter(self, module: str, name: str, parameters: set[str]) -> None:
        if f"{module}.{name}" in self.walked:
            return
        self.walked.add(f"{module}.{name}")
        function = self.known[module].functions[name]
        typed = dict.fromkeys(parameters, MESSAGE) | self._typed(module, function)
        self._rename(module, function, typed)
        for node in _in_order(function):
            if isinstance(node, ast.Call):
                self._go(module, node.func, set(self._handed(module, node, typed)))
            elif isinstance(node, ast.Name) and node.id in self.known[module].constants:
                self._table(module, node.id)

    def _table(self, module: str, name: str) -> None:
        """Walk what a constant names: functions, and lambdas that call them."""
        if f"{module}.{name}" not in self.walked:
            self.walked.add(f"{module}.{name}")
            for node in _in_order(self.known[module].constants[name]):
                if isinstance(node, ast.Name):
                    self._go(module, node, set())

    def _go(self, module: str, called: ast.expr, handed: set[str]) -> None:
        """Enter the function that is meant, if it is one of ours and gets the message."""
        home, _, name = self._full(module, ast.unparse(called)).rpartition(".")
        if home not in self.known or name not in self.known[home].functions:
            return
        handed |= set(self._typed(home, self.known[home].functions[name]))
        if handed and home != module:
            self.stays.append(f"{home}.{name}")
        if handed:
            self.enter(home, name, handed)

    def _typed(self, module: str, function: Function) -> dict[str, str]:
        """Map each parameter whose type holds the message to that type's full name."""
        arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        named = {each.arg: self._full(module, ast.unparse(each.annotation)) for each in arguments if each.annotation}
        return {name: kind for name, kind in named.items() if kind in self.holders}

    def _rename(self, module: str, function: Function, typed: dict[str, str]) -> None:
        """Add the names that a function gives to the message, or to a value that it builds around it."""
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=called)):
                    if (kind := self._full(module, ast.unparse(called))) in self.holders:
                        typed[name] = kind
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if kind := self._kind(value, typed):
                    typed[name] = kind
                case _:
                    pass

    def _kind(self, value: ast.expr, typed: dict[str, str]) -> str:
        """Return the type of a value that is the message or holds it, empty for any other."""
        name, *path = ast.unparse(value).split(".")
        kind = typed.get(name, "")
        for attribute in path:
            fields = self.holders.get(kind, set())
            kind = self._field(kind, attribute) if attribute in fields else ""
        return kind

    def _field(self, holder: str, attribute: str) -> str:
        module, _, name = holder.rpartition(".")
        return dict(self._fields(module, self.known[module].classes[name]))[attribute]

    def _fields(self, module: str, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
        for each in node.body:
            if isinstance(each, ast.AnnAssign):
                yield ast.unparse(each.target), self._full(module, ast.unparse(each.annotation))

    def _full(self, module: str, name: str) -> str:
        head, _, rest = name.strip("'\"").partition(".")
        return ".".join(filter(None, (self.known[module].imported.get(head, f"{module}.{head}"), rest)))

    def _handed(self, module: str, call: ast.Call, typed: dict[str, str]) -> Iterator[str]:
        """Yield the parameters of the called function that get the message, or what holds it."""
        home, _, name = self._full(module, ast.unparse(call.func)).rpartition(".")
        function = self.known[home].functions.get(name) if home in self.known else None
        names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)] if function else []
        for parameter, value in zip(names, call.args, strict=False):
            if self._kind(value, typed):
                yield parameter
        yield from (each.arg for each in call.keywords if each.arg and self._kind(each.value, typed))


def journey(root: Path, start: str = START, parameter: str = PARAMETER) -> list[str]:
    """Return each stay of a function's parameter, in order: the functions in other files that it is handed to."""
    walk = _Walk(root)
    module, _, name = start.rpartition(".")
    walk.enter(module, name, {parameter})
    return [start, *walk.stays]


def _read(tree: ast.Module) -> _Module:
    read = _Module()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                read.functions[name] = node
            case ast.ClassDef(name=name):
                read.classes[name] = node
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                read.constants[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                read.constants[name] = value
            case _:
                pass
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom) and each.module:
            read.imported.update({name.asname or name.name: f"{each.module}.{name.name}" for name in each.names})
    return read


def _in_order(node: ast.AST) -> list[ast.expr]:
    found = [each for each in ast.walk(node) if isinstance(each, ast.expr)]
    return sorted(found, key=lambda each: (each.lineno, each.col_offset))


def test_each_time_that_a_message_is_handed_into_another_file_is_a_stay(tmp_path: Path) -> None:
    tree = {
        "dialogs/messages.py": "class Inbound: ...\n",
        "bot/turn.py": "from dialogs.messages import Inbound\n"
        "class Turn:\n    inbound: Inbound\n    def say(self): ...\n"
        "def turn_of(inbound: Inbound) -> Turn: ...\n",
        "bot/a.py": "from bot.b import take, deep\nfrom bot.turn import Turn, turn_of\nfrom bot import c\n"
        "def hear(context, inbound):\n"
        "    c.look(context)\n    c.look(inbound.place)\n    _own(inbound)\n"
        "    again = inbound\n    c.look(what=again)\n    _decide(turn_of(inbound))\n"
        "def _own(message):\n    c.look(message)\n    c.look(len(message))\n"
        "def _decide(turn: Turn):\n    turn.say()\n    _TABLE[1](turn)\n    c.look(turn.inbound)\n"
        "_TABLE = {1: take, 2: lambda turn: deep(turn), 3: c}\n",
        "bot/b.py": "from bot.turn import Turn\ndef take(turn: Turn): ...\ndef deep(turn: Turn): ...\n",
        "bot/c.py": "def look(what):\n    return what\n",
    }
    assert journey(plant(tmp_path, tree), "bot.a.hear", "inbound") == [
        "bot.a.hear",
        *("bot.c.look", "bot.c.look"),  # of `_own`, and by keyword under another name
        *("bot.b.take", "bot.b.deep", "bot.c.look"),  # by the table, and out of the turn
        "bot.turn.turn_of",
    ]
