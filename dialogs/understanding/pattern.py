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
        self._needed = tuple(kinds for kinds, mark in self.parts if mark not in ("?", "*"))

    def fits(self, edges: Sequence[Sequence[Edge]], start: int, end: int | None = None) -> bool:
        """Return whether the words from `start` to `end`, or to the end of the text, are such a row."""
        last = len(edges) - 1 if end is None else end
        at = reachable({start}, _SOFT, edges, last)
        for kinds, mark in self.parts:
            at = reachable(_after(at, kinds, mark, edges, last), _SOFT, edges, last)
            if not at:
                return False
        return last in at

    def may_fit(self, present: frozenset[str]) -> bool:
        """Return whether words of every list that must not be missing are there: most patterns need look no further."""
        return not any(kinds.isdisjoint(present) for kinds in self._needed)

    @property
    def names(self) -> frozenset[str]:
        """The lists that it mentions."""
        return frozenset().union(*(kinds for kinds, _ in self.parts))


_SOFT = frozenset({"around.soft", "around.particle", "around.question"})


def _part(text: str) -> tuple[frozenset[str], str]:
    mark = text[-1] if text[-1] in _MARKS else ""
    return frozenset(text.removesuffix(mark).split("|")), mark


def _after(at: set[int], kinds: frozenset[str], mark: str, edges: Sequence[Sequence[Edge]], last: int) -> set[int]:
    one = _step(at, kinds, edges, last)
    if mark in "*+" and mark:
        one = reachable(one, kinds | _SOFT, edges, last)
    return one | at if mark and mark in "?*" else one


def _step(at: set[int], kinds: frozenset[str], edges: Sequence[Sequence[Edge]], last: int) -> set[int]:
    return {
        min(edge.after, last)
        for start in at
        if start < last
        for edge in edges[start]
        if edge.end <= last and not edge.kinds.isdisjoint(kinds)
    }


def reachable(
    at: set[int], kinds: frozenset[str], edges: Sequence[Sequence[Edge]], last: int | None = None
) -> set[int]:
    """Return all places, up to `last`, that are reached from some by words of these lists."""
    end = len(edges) - 1 if last is None else last
    reached, fresh = set(at), set(at)
    while fresh:
        fresh = _step(fresh, kinds, edges, end) - reached
        reached |= fresh
    return reached
