"""No two published cells differ by fewer than five people, whatever the company."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.disclosure import DisclosureAtom, withheld_cells

KEYS = ("team", "agent", "channel")
CUTS = [cut for most in range(3) for cut in combinations(KEYS, most)]
FEWEST = 5

PEOPLE = st.lists(
    st.builds(
        lambda team, agent, channel, people: DisclosureAtom(
            {"team": f"t{team}", "agent": f"a{agent}", "channel": f"c{channel}"}, "q", people
        ),
        st.integers(0, 2),
        st.integers(0, 4),
        st.integers(0, 1),
        st.integers(1, 9),
    ),
    max_size=14,
)


def _published(atoms: list[DisclosureAtom]) -> dict[tuple[str, ...], dict[tuple[str, ...], frozenset[int]]]:
    """Return the published cells of each cut, each as the set of the people in it."""
    hidden = withheld_cells(atoms, CUTS, FEWEST)
    people, start = [], 0
    for atom in atoms:
        people.append(range(start, start + atom.people))
        start += atom.people
    found: dict[tuple[str, ...], dict[tuple[str, ...], frozenset[int]]] = {}
    for cut in CUTS:
        cells: dict[tuple[str, ...], set[int]] = {}
        for atom, those in zip(atoms, people, strict=True):
            cells.setdefault(tuple(atom.keys[key] for key in cut), set()).update(those)
        found[cut] = {cell: frozenset(those) for cell, those in cells.items() if cell not in hidden[cut]}
    return found


@given(PEOPLE)
def test_no_pair_of_cells_tells_of_fewer_than_five(atoms: list[DisclosureAtom]) -> None:
    cells = {those for by_cell in _published(atoms).values() for those in by_cell.values()}
    assert all(len(those) >= FEWEST for those in cells)
    assert [(one, other) for one in cells for other in cells if other < one and len(one - other) < FEWEST] == []


@given(PEOPLE)
def test_nor_does_a_cell_without_all_the_published_parts_of_it(atoms: list[DisclosureAtom]) -> None:
    published = _published(atoms)
    for cells in published.values():
        for whole in cells.values():
            for parts in published.values():
                rest = whole.difference(*(part for part in parts.values() if part <= whole))
                assert not 0 < len(rest) < FEWEST


def test_as_little_as_possible_is_withheld() -> None:
    sizes = {"north": 40, "south": 12, "west": 3}
    atoms = [DisclosureAtom({"team": team}, "q", people) for team, people in sizes.items()]
    assert withheld_cells(atoms, [(), ("team",)], FEWEST) == {(): set(), ("team",): {("west",), ("south",)}}


def test_people_are_counted_once_however_many_questions_they_answered() -> None:
    atoms = [DisclosureAtom({"team": "north"}, question, 2) for question in ("a", "b", "c")]
    assert withheld_cells(atoms, [(), ("team",)], FEWEST) == {(): {()}, ("team",): {("north",)}}


@given(PEOPLE)
def test_a_total_of_five_and_more_is_published(atoms: list[DisclosureAtom]) -> None:
    enough = Counter(people=sum(atom.people for atom in atoms))["people"] >= FEWEST
    assert bool(_published(atoms)[()]) == enough
