"""Patterns over a chain of words, such as `no again? send thing*`, matched in time linear in the text."""

from collections.abc import Sequence

from scoring.values import Value

__all__ = ["Edge", "Pattern", "reachable"]

_MARKS = "?*+"


class Edge(Value):
    """A word within a text: where it ends, where the next one begins, and the lists in which it stands.

    `value` is the rating or level that it states, `cost` is higher for a word that was only guessed from its spelling.
    """

    end: int
    after: int
    kinds: frozenset[str]
    value: int | None = None
    cost: int = 1


class Pattern:
    """A row of lists, each with `?` (may be missing), `*` (any number), `+` (at least one) or nothing (exactly one).

    `a|b` is a word of either list. Words of the lists in `_SOFT` may stand between any.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts = tuple(_part(part) for part in text.split())

    def fits(self, edges: Sequence[Sequence[Edge]], start: int) -> bool:
        """Return whether the words from `start` to the end are such a row."""
        at = reachable({start}, _SOFT, edges)
        for kinds, mark in self.parts:
            at = reachable(_after(at, kinds, mark, edges), _SOFT, edges)
            if not at:
                return False
        return len(edges) - 1 in at

    @property
    def names(self) -> frozenset[str]:
        """The lists that it mentions."""
        return frozenset().union(*(kinds for kinds, _ in self.parts))


_SOFT = frozenset({"around.soft", "around.particle", "around.question"})


def _part(text: str) -> tuple[frozenset[str], str]:
    mark = text[-1] if text[-1] in _MARKS else ""
    return frozenset(text.removesuffix(mark).split("|")), mark


def _after(at: set[int], kinds: frozenset[str], mark: str, edges: Sequence[Sequence[Edge]]) -> set[int]:
    one = _step(at, kinds, edges)
    if mark in "*+" and mark:
        one = reachable(one, kinds | _SOFT, edges)
    return one | at if mark and mark in "?*" else one


def _step(at: set[int], kinds: frozenset[str], edges: Sequence[Sequence[Edge]]) -> set[int]:
    return {edge.after for start in at for edge in edges[start] if not edge.kinds.isdisjoint(kinds)}


def reachable(at: set[int], kinds: frozenset[str], edges: Sequence[Sequence[Edge]]) -> set[int]:
    """Return all places that are reached from some by words of these lists."""
    reached, fresh = set(at), set(at)
    while fresh:
        fresh = _step(fresh, kinds, edges) - reached
        reached |= fresh
    return reached
