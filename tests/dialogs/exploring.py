"""Visits everything that a machine can reach from one thing, and remembers every move on the way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from dialogs.machine import Machine, Stateful, Transition, TransitionRow
from scoring.values import replace

__all__ = ["ALL", "Move", "Walk", "explore"]

ALL = 8000
"""More things than any machine under test can reach: a walk that has seen so many is taken for endless."""

T = TypeVar("T", bound=Stateful)
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Move(Generic[T, C]):
    """What one event did to one thing; `rows` are all that fit, of which the engine took the first."""

    before: T
    event: object
    context: C
    rows: tuple[TransitionRow, ...]
    after: T
    effects: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Walk(Generic[T, C]):
    """Every thing reached, with every move out of it; `endless` when the limit stopped the walk."""

    moves: Mapping[T, tuple[Move[T, C], ...]]
    endless: bool

    @property
    def all_moves(self) -> Iterator[Move[T, C]]:
        """Every move of every thing."""
        return (move for moves in self.moves.values() for move in moves)

    @property
    def rows(self) -> frozenset[TransitionRow]:
        """The rows walked."""
        return frozenset(move.rows[0] for move in self.all_moves)


def explore(
    machine: Machine[T, C],
    start: T,
    happenings: Callable[[T], Iterable[tuple[object, C]]],
    settle: Callable[[Transition[T]], T],
    limit: int = ALL,
) -> Walk[T, C]:
    """Visit everything; `settle` gives what is stored after a step, without what tells no difference."""
    parts = _parts_of(machine)
    seen = {start: start}
    found: dict[T, tuple[Move[T, C], ...]] = {}
    waiting = [start]
    while waiting and len(found) < limit:
        thing = waiting.pop()
        moves = []
        for event, context in happenings(thing):
            part = parts.get((thing.state, type(event)))
            rows = tuple(part.fitting(thing, event, context)) if part else ()
            step = part.step(thing, event, context) if part and rows else None
            if step is None:
                continue
            settled = settle(step)
            if settled not in seen:
                waiting.append(settled)
            after = seen.setdefault(settled, settled)
            moves.append(Move(thing, event, context, rows, after, step.effects))
        found[thing] = tuple(moves)
    return Walk(found, bool(waiting))


def _parts_of(machine: Machine[T, C]) -> dict[tuple[object, type], Machine[T, C]]:
    """Cut the table up by state and event: the engine reads all of a table for each of a million steps."""
    rows = defaultdict(list)
    for arrow in machine.rows:
        rows[arrow.source, arrow.event].append(arrow)
    return {key: replace(machine, rows=tuple(some)) for key, some in rows.items()}
