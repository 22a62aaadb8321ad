"""The engine of all state machines: a table of rows that read like UML, `event [guard] / action`.

Laws, held by exploration (tests/dialogs/test_exploration.py): at most one row fits any thing and
event; a thing whose state has no row for an event is left as it is; no transition lives outside a table.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from scoring.values import Value, replace

__all__ = ["Guard", "Machine", "Stateful", "Transition", "TransitionRow", "diagrams_page", "row", "state_diagram"]


class Stateful(Protocol):
    """What a machine moves: a value with a state."""

    @property
    def state(self) -> StrEnum:
        """The present state."""


T = TypeVar("T", bound=Stateful)
C = TypeVar("C")

Guard = Callable[[Any, Any, Any], bool]
Action = Callable[[Any, Any, Any], tuple[Any, tuple[Any, ...]]]


class TransitionRow(Value):
    """One row of a table: one arrow of the diagram, labelled by the names of `event`, `guard` and `action`."""

    source: StrEnum
    event: type
    target: StrEnum
    action: Action
    guard: Guard | None = None

    def allows(self, thing: object, event: object, context: object) -> bool:
        """Return whether the guard allows this row."""
        return self.guard is None or self.guard(thing, event, context)

    @property
    def label(self) -> str:
        """The label of the arrow in the diagram."""
        guard = f" [{_words(self.guard)}]" if self.guard else ""
        return f"{self.event.__name__}{guard} / {_words(self.action)}"


class Transition(Value, Generic[T]):
    """The result of a step: the thing as it is now, and the effects to be carried out."""

    thing: T
    effects: tuple[Any, ...]


class Machine(Value, Generic[T, C]):
    """A named table; `C` is what actions need to know besides the thing: a survey, a policy, the time."""

    name: str
    initial: StrEnum
    rows: tuple[TransitionRow, ...]

    def fitting(self, thing: T, event: object, context: C) -> Iterator[TransitionRow]:
        """Return every row that fits; the laws say that there is at most one."""
        for arrow in self.rows:
            if arrow.source is thing.state and type(event) is arrow.event and arrow.allows(thing, event, context):
                yield arrow

    def step(self, thing: T, event: object, context: C) -> Transition[T] | None:
        """Return the transition, None where the state has no row for the event."""
        found = next(self.fitting(thing, event, context), None)
        if found is None:
            return None
        moved, effects = found.action(thing, event, context)
        return Transition(moved if moved.state is found.target else replace(moved, state=found.target), effects)


def row(source: StrEnum, event: type, target: StrEnum, action: Action, guard: Guard | None = None) -> TransitionRow:
    """Return one row of a table."""
    return TransitionRow(source, event, target, action, guard)


def state_diagram(machine: Machine[Any, Any]) -> str:
    """Return a machine's state diagram in Mermaid (https://mermaid.js.org/syntax/stateDiagram.html)."""
    arrows = (f"    {row.source} --> {row.target}: {row.label}" for row in machine.rows)
    ends = (f"    {state} --> [*]" for state in _final(machine))
    return "\n".join(("stateDiagram-v2", f"    [*] --> {machine.initial}", *arrows, *ends))


def diagrams_page(machines: tuple[Machine[Any, Any], ...]) -> str:
    """Return docs/machines.md: a page of Markdown with every machine's state diagram."""
    head = "# The state machines\n\nPrinted by `make draw` from the tables in `dialogs/`; `event [guard] / action`.\n"
    sections = (f"\n## {machine.name}\n\n```mermaid\n{state_diagram(machine)}\n```\n" for machine in machines)
    return head + "".join(sections)


def _words(function: Callable[..., object]) -> str:
    return function.__name__.strip("_").replace("_", " ")


def _final(machine: Machine[Any, Any]) -> list[str]:
    """Return the states without a way out, in the order in which they are reached."""
    leaving = {row.source for row in machine.rows if row.target is not row.source}
    return list(dict.fromkeys(row.target.value for row in machine.rows if row.target not in leaving))
