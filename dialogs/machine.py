"""The engine of all state machines: a table of rows that read like UML, `event [guard] / action`.

Laws, held by exploration (tests/dialogs/test_exploration.py): at most one row fits any thing and
event; a thing whose state has no row for an event is left as it is; no transition lives outside a table.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from scoring.values import Value, replace

__all__ = ["Guard", "Machine", "Row", "Stateful", "Transition", "row"]


class Stateful(Protocol):
    """What a machine moves: a value with a state."""

    @property
    def state(self) -> StrEnum:
        """The present state."""


T = TypeVar("T", bound=Stateful)
C = TypeVar("C")

Guard = Callable[[Any, Any, Any], bool]
Action = Callable[[Any, Any, Any], tuple[Any, tuple[Any, ...]]]


class Row(Value):
    """One arrow of the drawing; the names of `action` and `guard` label it."""

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
        """What the drawing writes on the arrow."""
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
    rows: tuple[Row, ...]

    def fitting(self, thing: T, event: object, context: C) -> Iterator[Row]:
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


def row(source: StrEnum, event: type, target: StrEnum, action: Action, guard: Guard | None = None) -> Row:
    """Return one row of a table."""
    return Row(source, event, target, action, guard)


def _words(function: Callable[..., object]) -> str:
    return function.__name__.strip("_").replace("_", " ")
