"""What is withheld, decided by sets of those who rated, one by one: slow, and as the product did it at first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.light_cuts import OUTSIDE, graph_of, part_joined_by_few
from scoring.honesty.people import RatedBy, certain_people

__all__ = ["slowly_withheld_cells"]

Cell = tuple[str, ...]
Cut = tuple[str, ...]
Item = tuple[str, str]
"""A group and what was rated in it."""
Sizes = Mapping[RatedBy, int]
"""How many ratings there are of each item, of those who answered once and of each who answered more often."""


class _Node:
    """A cell that may be published: its subject cut and cell, the items that it covers, and the people for each."""

    __slots__ = ("above", "cell", "is_published", "items", "people", "rank", "same", "sizes")

    def __init__(self, cell: Cell, sizes: Sizes, rank: tuple[int, bool]) -> None:
        self.cell, self.sizes, self.people, self.rank = cell, sizes, certain_people(sizes), rank
        self.items = frozenset(rated[:2] for rated in sizes)
        self.is_published = True
        self.above: list[_Rest] = []
        self.same: list[_Node] = []


class _Rest:
    """What a published cell has besides the published cells of one cut that lie in it."""

    __slots__ = ("inner", "outer", "sizes")

    def __init__(self, outer: _Node, inner: Sequence[_Node]) -> None:
        self.outer, self.inner = outer, sorted(inner, key=lambda node: node.people)
        self.sizes = Counter(outer.sizes)
        for node in inner:
            node.above.append(self)
            self.sizes.subtract(node.sizes)

    def is_of_few(self, fewest: int) -> bool:
        """Return whether somebody is in it, and fewer than so many people certainly are."""
        return 0 < certain_people(self.sizes, fewest) < fewest


def slowly_withheld_cells(
    atoms: Iterable[DisclosureAtom], subjects: Sequence[Cut], splits: Sequence[str], fewest: int
) -> dict[Cut, set[Cell]]:
    """Return for each cut, a subject alone or with one split, its cells of which no value may be published.

    Of two cells of which one has to go, it is that of the subject that comes later in `subjects`. The order of `atoms`
    makes no difference: what is told twice of the same answers withholds the same cells, or both together would reveal.
    """
    counted = sorted((atom for atom in atoms if atom.people), key=_place)
    nodes = _nodes(counted, subjects, splits)
    waiting = list(_rests(counted, nodes, subjects, splits))
    _rank_alike([node for several in nodes.values() for node in several.values()])
    for few in [node for several in nodes.values() for node in several.values() if node.people < fewest]:
        waiting += _withhold(few)
    crossings, is_changed = _crossings(counted, nodes, subjects, splits, fewest), True
    while is_changed:
        _settle(waiting, fewest)
        is_changed = False
        for crossing in crossings:
            while crossed := crossing.too_close(fewest):
                waiting += [rest for node in crossed for rest in _withhold(node)]
                is_changed = True
    return {cut: {cell for cell, node in several.items() if not node.is_published} for cut, several in nodes.items()}


def _place(atom: DisclosureAtom) -> tuple[object, ...]:
    return atom.group, *atom.item.values(), *atom.keys.values(), atom.person, atom.people


def _rank_alike(nodes: Sequence[_Node]) -> None:
    """Set the rank of all cells of the same answers, which are withheld together, to the first of any of them."""
    is_changed = True
    while is_changed:
        is_changed = False
        for node in nodes:
            first = min((node.rank, *(twin.rank for twin in node.same)))
            is_changed, node.rank = is_changed or first != node.rank, first


def _settle(waiting: list[_Rest], fewest: int) -> None:
    """Remove cells until what each published one has besides those inside it is nobody or enough."""
    while waiting:
        rest = waiting.pop()
        if rest.outer.is_published and rest.is_of_few(fewest):
            smallest = next((node for node in rest.inner if node.is_published), rest.outer)
            waiting += [*_withhold(max(smallest, rest.outer, key=lambda node: node.rank)), rest]


def _withhold(node: _Node) -> Iterator[_Rest]:
    """Mark a cell, and others of the same answers, as withheld; yield the rests that grow by that."""
    if not node.is_published:
        return
    node.is_published = False
    for rest in node.above:
        rest.sizes.update(node.sizes)
        yield rest
    for twin in node.same:
        yield from _withhold(twin)


def _nodes(
    atoms: Sequence[DisclosureAtom], subjects: Sequence[Cut], splits: Sequence[str]
) -> dict[Cut, dict[Cell, _Node]]:
    items = [_name(atom) for atom in atoms]
    names = {item: atom.item for item, atom in zip(items, atoms, strict=True)}
    found: dict[Cut, dict[Cell, _Node]] = {}
    for place, subject in enumerate(subjects):
        sizes: dict[Cell, dict[RatedBy, int]] = defaultdict(dict)
        for cell, item, atom in zip(_column(atoms, subject), items, atoms, strict=True):
            mine, rated = sizes[cell], (*item, atom.person)
            mine[rated] = mine.get(rated, 0) + atom.people
        found[subject] = {cell: _Node(cell, each, (place, False)) for cell, each in sizes.items()}
        for split in splits:
            parts: dict[Cell, dict[RatedBy, int]] = defaultdict(dict)
            for cell, each in sizes.items():
                for rated, people in each.items():
                    parts[*cell, names[rated[:2]][split]][rated] = people
            found[*subject, split] = {cell: _Node(cell, each, (place, True)) for cell, each in parts.items()}
    return found


def _name(atom: DisclosureAtom) -> Item:
    return atom.group, "/".join(atom.item.values())


_WHOLE = 27_720
"""The weight of a person, which can be divided by every number up to twelve."""


class _Crossing:
    """Two cuts of the same answers, and how many people their cells share.

    A person of several pairs of cells is a part of one in each, so that sums of any of them are of so many people.
    """

    def __init__(self, shared: Mapping[tuple[_Node, _Node], Sizes]) -> None:
        named = {pair: {person for _, _, person in sizes if person} for pair, sizes in shared.items()}
        places = Counter(person for persons in named.values() for person in persons)
        edges = [
            (*pair, _WHOLE * (certain_people(sizes) - len(named[pair])) + sum(_WHOLE // places[one] for one in persons))
            for (pair, sizes), persons in zip(shared.items(), named.values(), strict=True)
        ]
        self._graph: dict[object, dict[object, int]] = graph_of(edges)
        self._is_settled = False

    def too_close(self, fewest: int) -> list[_Node]:
        """Return a published cell of sums that differ by so few people: the smallest of the least important cut."""
        if not self._put_outside() and self._is_settled:
            return []
        part = [node for node in part_joined_by_few(self._graph, _WHOLE * fewest) if isinstance(node, _Node)]
        self._is_settled = not part
        last = max((node.rank for node in part), default=None)
        return sorted((node for node in part if node.rank == last), key=lambda node: (node.people, node.cell))[:1]

    def _put_outside(self) -> bool:
        """Join cells that have been withheld with all else that is not published; return whether there were any."""
        graph = self._graph
        withheld = [one for one in graph if isinstance(one, _Node) and not one.is_published]
        for node in withheld:
            outside = graph.setdefault(OUTSIDE, {})
            for other, people in graph.pop(node).items():
                del graph[other][node]
                if other != OUTSIDE:
                    outside[other] = graph[other][OUTSIDE] = outside.get(other, 0) + people
        return bool(withheld)


def _crossings(
    atoms: Sequence[DisclosureAtom],
    nodes: Mapping[Cut, Mapping[Cell, _Node]],
    subjects: Sequence[Cut],
    splits: Sequence[str],
    fewest: int,
) -> list[_Crossing]:
    """Return every two cuts by different subjects and the same split; those that hold each other are left out.

    So are those whose sums cannot differ by few, whatever is withheld.
    """
    columns = {subject: _column(atoms, subject) for subject in subjects}
    items = [_name(atom) for atom in atoms]
    names = {item: atom.item for item, atom in zip(items, atoms, strict=True)}
    found: list[_Crossing] = []
    for one, other in combinations(subjects, 2):
        if set(one) <= set(other) or set(other) <= set(one):
            continue
        if _is_joined_by_many(columns[one], columns[other], items, atoms, fewest):
            continue
        shared = _shared(columns[one], columns[other], items, atoms)
        for split in ((), *((split,) for split in splits)):
            pairs: dict[tuple[_Node, _Node], dict[RatedBy, int]] = defaultdict(dict)
            for (first, second, rated), people in shared.items():
                value = tuple(names[rated[:2]][each] for each in split)
                pairs[nodes[*one, *split][*first, *value], nodes[*other, *split][*second, *value]][rated] = people
            found.append(_Crossing(pairs))
    return found


def _is_joined_by_many(
    one: Sequence[Cell], other: Sequence[Cell], items: Sequence[Item], atoms: Sequence[DisclosureAtom], fewest: int
) -> bool:
    """Return whether no cells that share anybody are joined by few: by themselves, or by way of others.

    Then no sums over some of them differ by few, for each item as for all together, and whatever is withheld. Counted
    are those who answered once: there are at least as many.
    """
    shared: dict[tuple[int, int, Item], int] = {}
    for first, second, item, atom in zip(map(id, one), map(id, other), items, atoms, strict=True):
        key = first, second, item
        shared[key] = shared.get(key, 0) + (0 if atom.person else atom.people)
    heads: dict[tuple[int, Item], tuple[int, Item]] = {}

    def head(cell: tuple[int, Item]) -> tuple[int, Item]:
        while (above := heads.get(cell, cell)) != cell:
            cell = above
        return cell

    light: list[tuple[int, int, Item]] = []
    for (first, second, item), people in shared.items():
        if people < fewest:
            light.append((first, second, item))
        elif (mine := head((first, item))) != (theirs := head((second, item))):
            heads[theirs] = mine
    return all(head((first, item)) == head((second, item)) for first, second, item in light)


def _shared(
    one: Sequence[Cell], other: Sequence[Cell], items: Sequence[Item], atoms: Sequence[DisclosureAtom]
) -> dict[tuple[Cell, Cell, RatedBy], int]:
    """Return how many people two cells share, by item; counted by the objects' identities, which is fastest."""
    found: dict[tuple[int, int, RatedBy], int] = {}
    cells = {id(cell): cell for cell in (*one, *other)}
    for first, second, item, atom in zip(map(id, one), map(id, other), items, atoms, strict=True):
        key = first, second, (*item, atom.person)
        found[key] = found.get(key, 0) + atom.people
    return {(cells[first], cells[second], rated): people for (first, second, rated), people in found.items()}


class _Columns:
    """The atoms of each item, with the cell of every subject cut in which each lies.

    Most people rate every item, so most items have the same atoms, and are looked through together.
    """

    def __init__(self, atoms: Sequence[DisclosureAtom], subjects: Sequence[Cut]) -> None:
        by_item: dict[Item, list[DisclosureAtom]] = defaultdict(list)
        for atom in atoms:
            by_item[_name(atom)].append(atom)
        self.names = {item: several[0].item for item, several in by_item.items()}
        used = sorted({key for subject in subjects for key in subject})
        alike: dict[frozenset[Cell], list[Item]] = defaultdict(list)
        for item, several in by_item.items():
            alike[frozenset(tuple(atom.keys[key] for key in used) for atom in several)].append(item)
        self._cells = [
            (items, {subject: _column(by_item[items[0]], subject) for subject in subjects}) for items in alike.values()
        ]

    def holders(self, outer: Cut, inner: Cut) -> dict[Item, dict[Cell, Cell | None]]:
        """Return for each item and cell of `inner` the cell of `outer` in which it lies, None where in several."""
        found = ((items, _holders(cells[outer], cells[inner])) for items, cells in self._cells)
        return {item: holders for items, holders in found for item in items}


def _column(atoms: Sequence[DisclosureAtom], subject: Cut) -> list[Cell]:
    """Return the cell of each atom; equal cells are one object, which compares fastest."""
    known: dict[Cell, Cell] = {}
    cells = (tuple(atom.keys[key] for key in subject) for atom in atoms)
    return [known.setdefault(cell, cell) for cell in cells]


def _holders(outer: Sequence[Cell], inner: Sequence[Cell]) -> dict[Cell, Cell | None]:
    last: dict[Cell, Cell | None] = dict(zip(inner, outer, strict=True))
    for cell, holder in zip(inner, outer, strict=True):
        if last[cell] is not holder:
            last[cell] = None
    return last


def _rests(
    atoms: Sequence[DisclosureAtom],
    nodes: Mapping[Cut, Mapping[Cell, _Node]],
    subjects: Sequence[Cut],
    splits: Sequence[str],
) -> Iterator[_Rest]:
    """Yield what each cell has besides the cells of each other cut that lie in it, where any does."""
    columns, kinds = _Columns(atoms, subjects), [(), *((split,) for split in splits)]
    for outer, inner in product(subjects, subjects):
        holders = columns.holders(outer, inner)
        for of_outer, of_inner in product(kinds, kinds):
            if (outer, of_outer) == (inner, of_inner):
                continue
            cells, inside = nodes[*outer, *of_outer], defaultdict[_Node, list[_Node]](list)
            for node in nodes[*inner, *of_inner].values():
                holder = _holder(node, len(inner), holders, columns.names, of_outer)
                if holder is not None:
                    inside[cells[holder]].append(node)
            for node, several in inside.items():
                _join(node, several)
                yield _Rest(node, several)


def _holder(
    node: _Node,
    keys: int,
    holders: Mapping[Item, Mapping[Cell, Cell | None]],
    names: Mapping[Item, Mapping[str, str]],
    split: Cut,
) -> Cell | None:
    """Return the cell of the other cut in which a node lies wholly, None where it lies in several."""
    subject = node.cell[:keys]
    found = {(holders[item][subject], tuple(names[item][each] for each in split)) for item in node.items}
    if len(found) != 1:
        return None
    ((cell, value),) = found
    return None if cell is None else (*cell, *value)


def _join(node: _Node, inside: Sequence[_Node]) -> None:
    """Note that a cell and the only one inside it are the same answers, so that they are withheld together."""
    for one in inside:
        if one.sizes == node.sizes:
            node.same.append(one)
            one.same.append(node)
