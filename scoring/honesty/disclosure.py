"""Which of several published cuts are withheld, so that no difference between them tells of fewer than five people.

A cut divides the same answers by some keys; its cells are published with their values. Of a cell with fewer than five
people the value is withheld. So is that of further ones, the smallest first, until what a published cell has besides
the published cells inside it, of any other cut, comes from nobody or from five and more: complementary suppression, see
Willenborg and de Waal, Elements of Statistical Disclosure Control (Springer 2001), 1.4 and 6.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from scoring.values import Value

__all__ = ["DisclosureAtom", "withheld_cells"]

Cell = tuple[str, ...]
Cut = tuple[str, ...]


class DisclosureAtom(Value):
    """`people` who answered the same `question` with the same values of every key."""

    keys: Mapping[str, str]
    question: str
    people: int


class _Table:
    """The cells of one cut: which atoms they hold, and how many people answered each question in them."""

    def __init__(self, cut: Cut, atoms: Sequence[DisclosureAtom]) -> None:
        self.of = [tuple(atom.keys[key] for key in cut) for atom in atoms]
        self.sizes: dict[Cell, Counter[str]] = defaultdict(Counter)
        for cell, atom in zip(self.of, atoms, strict=True):
            self.sizes[cell][atom.question] += atom.people
        self.published = set(self.sizes)

    def inside(self, other: "_Table") -> dict[Cell, list[Cell]]:
        """Return for each cell of `other` the cells of this table that lie in it wholly."""
        outer: dict[Cell, set[Cell]] = defaultdict(set)
        for mine, theirs in zip(self.of, other.of, strict=True):
            outer[mine].add(theirs)
        found: dict[Cell, list[Cell]] = {cell: [] for cell in other.sizes}
        for mine, holders in outer.items():
            if len(holders) == 1:
                found[next(iter(holders))].append(mine)
        return found


def withheld_cells(atoms: Iterable[DisclosureAtom], cuts: Iterable[Cut], fewest: int) -> dict[Cut, set[Cell]]:
    """Return for each cut its cells of which no value may be published beside the others."""
    counted = [atom for atom in atoms if atom.people]
    tables = {cut: _Table(cut, counted) for cut in cuts}
    for table in tables.values():
        table.published = {cell for cell, sizes in table.sizes.items() if _people(sizes) >= fewest}
    pairs = [
        (outer, inner, inner.inside(outer)) for outer in tables.values() for inner in tables.values() if outer != inner
    ]
    is_changed = True
    while is_changed:
        is_changed = False
        for outer, inner, nested in pairs:
            is_changed |= _withhold(outer, inner, nested, fewest)
    return {cut: set(table.sizes) - table.published for cut, table in tables.items()}


def _withhold(outer: _Table, inner: _Table, nested: Mapping[Cell, list[Cell]], fewest: int) -> bool:
    """Remove published cells of `inner` until none of `outer` has a rest of fewer people; return whether any went."""
    is_changed = False
    for cell in outer.published:
        shown = sorted((_people(inner.sizes[each]), each) for each in nested[cell] if each in inner.published)
        rest = Counter(outer.sizes[cell])
        for _, each in shown:
            rest.subtract(inner.sizes[each])
        while 0 < _people(rest) < fewest and shown:
            _, smallest = shown.pop(0)
            inner.published.discard(smallest)
            rest.update(inner.sizes[smallest])
            is_changed = True
    return is_changed


def _people(sizes: Mapping[str, int]) -> int:
    """Return how many people there are at least: as many as answered the question most answered."""
    return max(sizes.values(), default=0)
