"""Two cuts of the same answers whose cells cross: how many people these share, and whether sums of them tell of few."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from scoring.honesty.answer_sets import AnswerSets, Crowd, Cut
from scoring.honesty.cut_cells import CellsOfCut, CutCell
from scoring.honesty.light_cuts import OUTSIDE, graph_of, part_joined_by_few

__all__ = ["Crossing", "crossings_of"]

_WHOLE = 27_720
"""The weight of a person, which can be divided by every number up to twelve."""


class Crossing:
    """Two cuts of the same answers, and how many people their cells share.

    A person of several pairs of cells is a part of one in each, so that sums of any of them are of so many people.
    """

    def __init__(self, edges: Iterable[tuple[CutCell, CutCell, int]]) -> None:
        self._graph: dict[Hashable, dict[Hashable, int]] = graph_of(edges)
        self._is_settled = False

    def too_close(self, fewest: int) -> list[CutCell]:
        """Return a published cell of sums that differ by so few people, none where none do.

        It is the smallest of the least important cut: the others of it may stay once this one is withheld.
        """
        if not self._put_outside() and self._is_settled:
            return []
        part = [cell for cell in part_joined_by_few(self._graph, _WHOLE * fewest) if isinstance(cell, CutCell)]
        self._is_settled = not part
        last = max((cell.rank for cell in part), default=None)
        return sorted((cell for cell in part if cell.rank == last), key=lambda cell: (cell.people, cell.values))[:1]

    def _put_outside(self) -> bool:
        """Join cells that have been withheld with all else that is not published; return whether there were any."""
        graph = self._graph
        withheld = [one for one in graph if isinstance(one, CutCell) and not one.is_published]
        for cell in withheld:
            outside = graph.setdefault(OUTSIDE, {})
            for other, people in graph.pop(cell).items():
                del graph[other][cell]
                if other != OUTSIDE:
                    outside[other] = graph[other][OUTSIDE] = outside.get(other, 0) + people
        return bool(withheld)


def crossings_of(answers: AnswerSets, cuts: Sequence[CellsOfCut], fewest: int) -> Iterator[Crossing]:
    """Yield every two cuts by different subjects and the same split; those that hold each other are left out.

    So are those whose sums cannot differ by few, whatever is withheld.
    """
    for one, other in combinations(cuts, 2):
        if set(one.subject) <= set(other.subject) or set(other.subject) <= set(one.subject):
            continue
        times = len(other.cells)
        pairs = [first * times + second for first, second in zip(one.numbers, other.numbers, strict=True)]
        if _is_joined_by_many(answers, pairs, times, fewest):
            continue
        shared = {divmod(pair, times): crowd for pair, crowd in answers.crowds(pairs).items()}
        for split in answers.splits:
            yield Crossing(_edges(answers, shared, one, other, split))


def _edges(
    answers: AnswerSets, shared: Mapping[tuple[int, int], Crowd], one: CellsOfCut, other: CellsOfCut, split: Cut
) -> list[tuple[CutCell, CutCell, int]]:
    """Return the cells of both cuts that share anybody, in the order of their answers, and how many people."""
    found = [
        (crowd.begins(items), mine, theirs, crowd, items)
        for (first, second), crowd in shared.items()
        for value, items in answers.splits[split].items()
        if crowd.items & items
        for mine, theirs in [(one.parts[split][first, value], other.parts[split][second, value])]
    ]
    found.sort(key=lambda edge: edge[0])
    named = [crowd.people_of(items) for *_, crowd, items in found]
    places = Counter(person for persons in named for person in persons)
    return [
        (mine, theirs, _WHOLE * answers.alone(crowd, items) + sum(_WHOLE // places[each] for each in persons))
        for (_, mine, theirs, crowd, items), persons in zip(found, named, strict=True)
    ]


def _is_joined_by_many(answers: AnswerSets, pairs: Sequence[int], times: int, fewest: int) -> bool:
    """Return whether no cells that share anybody are joined by few: by themselves, or by way of others.

    Then no sums over some of them differ by few, for each item as for all together, and whatever is withheld. Counted
    are those who answered once: there are at least as many.
    """
    once, rated = dict[int, int](), dict[int, int]()
    for pair, place in zip(pairs, answers.places, strict=True):
        once[pair] = once.get(pair, 0) + place.once
        rated[pair] = rated.get(pair, 0) | place.items
    enough = {pair: answers.with_enough(counts, fewest) for pair, counts in once.items()}
    few = {pair: items & ~enough[pair] for pair, items in rated.items()}
    return all(_are_joined(enough, few, 1 << item, times) for item in range(answers.items))


def _are_joined(enough: Mapping[int, int], few: Mapping[int, int], item: int, times: int) -> bool:
    """Return whether pairs of cells that share few of an item are joined by such that share enough."""
    light = [divmod(pair, times) for pair, items in few.items() if items & item]
    if not light:
        return True
    heads = dict[int, int]()

    def head(cell: int) -> int:
        while (above := heads.get(cell, cell)) != cell:
            cell = above
        return cell

    for pair, items in enough.items():
        if items & item:
            mine, theirs = head(pair // times), head(-1 - pair % times)
            if mine != theirs:
                heads[theirs] = mine
    return all(head(first) == head(-1 - second) for first, second in light)
