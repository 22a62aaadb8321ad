"""Which of several published cuts are withheld, so that no difference between them tells of fewer than five people.

A cut divides the same answers by keys of who was served (its subject) and by what was rated (its split); each of its
cells is published with its value. Of a cell with fewer than five people the value is withheld. So is that of further
ones until what a published cell has besides the published cells inside it, of any one other cut, comes from nobody or
from five and more, and until no sums over cells of two cuts differ by fewer (`light_cuts.py`): complementary
suppression, see Willenborg and de Waal, Elements of Statistical Disclosure Control (Springer 2001), 1.4 and 6.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from scoring.honesty.answer_sets import AnswerSets, CellKey, Cut, DisclosureAtom
from scoring.honesty.crossing_cuts import crossings_of
from scoring.honesty.cut_cells import CellsOfCut, CutCell, Remainder

__all__ = ["withheld_cells"]


def withheld_cells(
    atoms: Iterable[DisclosureAtom], subjects: Sequence[Cut], splits: Sequence[str], fewest: int
) -> dict[Cut, set[CellKey]]:
    """Return for each cut, a subject alone or with one split, its cells of which no value may be published.

    Of two cells of which one has to go, it is that of the subject that comes later in `subjects`. The order of `atoms`
    makes no difference: what is told twice of the same answers withholds the same cells, or both together would reveal.
    """
    answers = AnswerSets(atoms, subjects, splits)
    cuts = [CellsOfCut(answers, subject, place) for place, subject in enumerate(subjects)]
    every = {(*cut.subject, *split): [*parts.values()] for cut in cuts for split, parts in cut.parts.items()}
    waiting = [*_remainders(answers, cuts)]
    for several in every.values():
        for cell in several:
            cell.rank_alike()
    for few in [cell for several in every.values() for cell in several if cell.people < fewest]:
        waiting += few.withhold()
    crossings, is_changed = [*crossings_of(answers, cuts, fewest)], True
    while is_changed:
        _settle(waiting, answers, fewest)
        is_changed = False
        for crossing in crossings:
            while crossed := crossing.too_close(fewest):
                waiting += [rest for cell in crossed for rest in cell.withhold()]
                is_changed = True
    return {cut: {cell.values for cell in several if not cell.is_published} for cut, several in every.items()}


def _settle(waiting: list[Remainder], answers: AnswerSets, fewest: int) -> None:
    """Remove cells until what each published one has besides those inside it is nobody or enough."""
    while waiting:
        rest = waiting.pop()
        if rest.outer.is_published and answers.are_few(rest.answers, fewest):
            smallest = next((cell for cell in rest.inner if cell.is_published), rest.outer)
            waiting += [*max(smallest, rest.outer, key=lambda cell: cell.rank).withhold(), rest]


def _remainders(answers: AnswerSets, cuts: Sequence[CellsOfCut]) -> Iterator[Remainder]:
    """Yield what each cell has besides the cells of each other cut that lie in it, where any does.

    A cell and the only one inside it that have the same answers are withheld together.
    """
    for (outer, inner), of_outer, of_inner in product(product(cuts, cuts), answers.splits, answers.splits):
        if (outer, of_outer) == (inner, of_inner):
            continue
        inside = dict[CutCell, list[CutCell]]()
        for cell in inner.parts[of_inner].values():
            place, item = cell.first
            holder = outer.parts[of_outer][outer.numbers[place], answers.value(of_outer, item)]
            if cell.answers & holder.answers == cell.answers:
                inside.setdefault(holder, []).append(cell)
        for holder, several in inside.items():
            for one in several:
                if one.answers == holder.answers:
                    holder.same.append(one)
                    one.same.append(holder)
            yield Remainder(holder, several)
