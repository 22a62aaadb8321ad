"""No two published cells differ by fewer than five people, of whom many have several tickets with several teams."""

from collections import Counter, defaultdict
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.disclosure import withheld_cells
from tests.support.examples import tries

SUBJECTS = [(), ("team",), ("agent",), ("channel",), ("team", "agent")]
FEWEST = 5
KEYS = ("team", "agent", "channel")
Cell = tuple[str, ...]
Rating = tuple[int, int, str, str]
"""Number of the response, its person, the survey and the question."""
Response = tuple[int, tuple[str, str, str], str, frozenset[str]]

PLACES = st.tuples(st.sampled_from(["t0", "t1"]), st.sampled_from(["a0", "a1", "a2"]), st.sampled_from(["c0", "c1"]))
RESPONSES = st.tuples(
    st.integers(0, 11),
    PLACES,
    st.sampled_from(["visit", "call"]),
    st.frozensets(st.sampled_from(["q0", "q1"]), min_size=1),
)
COMPANIES = st.lists(RESPONSES, max_size=45)


def atoms_of(responses: list[Response]) -> list[DisclosureAtom]:
    """Return those who answered once as numbers, and the others by their names."""
    often = Counter(person for person, *_ in responses)
    counts: Counter[tuple[tuple[str, str, str], str, str, str]] = Counter()
    for person, place, survey, questions in responses:
        for question in questions:
            counts[place, survey, question, f"p{person}" if often[person] > 1 else ""] += 1
    return [
        DisclosureAtom(dict(zip(KEYS, place, strict=True)), {"question": question}, n, survey, person)
        for (place, survey, question, person), n in counts.items()
    ]


def published(responses: list[Response]) -> dict[tuple[str, ...], dict[Cell, frozenset[Rating]]]:
    hidden = withheld_cells(atoms_of(responses), SUBJECTS, ("question",), FEWEST)
    found: dict[tuple[str, ...], dict[Cell, frozenset[Rating]]] = {}
    for cut, withheld in hidden.items():
        cells = defaultdict[Cell, set[Rating]](set)
        for number, (person, place, survey, questions) in enumerate(responses):
            for question in questions:
                known = {**dict(zip(KEYS, place, strict=True)), "question": question}
                cells[tuple(known[key] for key in cut)].add((number, person, survey, question))
        found[cut] = {cell: frozenset(ratings) for cell, ratings in cells.items() if cell not in withheld}
    return found


def people(ratings: frozenset[Rating]) -> int:
    return len({person for _, person, _, _ in ratings})


@given(COMPANIES)
def test_what_a_cell_has_besides_the_published_parts_of_it_is_of_nobody_or_of_five(responses: list[Response]) -> None:
    cuts = published(responses)
    cells = {ratings for by_cell in cuts.values() for ratings in by_cell.values()}
    assert all(people(ratings) >= FEWEST for ratings in cells)
    assert [(one, two) for one in cells for two in cells if two < one and people(one - two) < FEWEST] == []
    for whole in cells:
        for parts in cuts.values():
            rest = whole.difference(*(part for part in parts.values() if part <= whole))
            assert not 0 < people(rest) < FEWEST


@given(COMPANIES)
@tries(60)
def test_sums_over_two_cuts_do_not_differ_by_fewer_people(responses: list[Response]) -> None:
    cuts = published(responses)
    for one, other in ((("team",), ("agent",)), (("team",), ("channel",)), (("agent",), ("channel",))):
        for some in unions(cuts[one]):
            for others in unions(cuts[other]):
                assert not 0 < people(some ^ others) < FEWEST


def unions(cells: dict[Cell, frozenset[Rating]]) -> list[frozenset[Rating]]:
    chosen = [part for n in range(len(cells) + 1) for part in combinations(cells.values(), n)]
    return [frozenset[Rating]().union(*parts) for parts in chosen]


@given(COMPANIES, st.data())
def test_the_same_is_withheld_in_whatever_order_the_answers_come(
    responses: list[Response], data: st.DataObject
) -> None:
    atoms = atoms_of(responses)
    shuffled = data.draw(st.permutations(atoms))
    assert withheld_cells(shuffled, SUBJECTS, ("question",), FEWEST) == withheld_cells(
        atoms, SUBJECTS, ("question",), FEWEST
    )


def visit(person: str, team: str, answers: int = 1) -> DisclosureAtom:
    return DisclosureAtom({"team": team}, {}, answers, person=person)


def test_a_customer_with_five_tickets_is_one() -> None:
    assert withheld_cells([visit("ann", "north", 5)], [(), ("team",)], (), FEWEST) == {
        (): {()},
        ("team",): {("north",)},
    }


def test_five_customers_are_shown_however_many_tickets_each_had_elsewhere() -> None:
    both = [visit(f"p{number}", team, 3) for number in range(5) for team in ("north", "south")]
    assert not any(withheld_cells(both, [(), ("team",)], (), FEWEST).values())


def test_those_of_a_rest_count_though_they_are_in_the_part_as_well() -> None:
    """All but south are five people, each of whom is in south, too."""
    both = [visit(f"p{number}", team) for number in range(5) for team in ("north", "south")]
    assert not any(withheld_cells([*both, visit("p0", "west")], [()], (), FEWEST).values())
    hidden = withheld_cells([*both, visit("p0", "west")], [(), ("team",)], (), FEWEST)
    assert hidden["team",] == {("west",), ("north",)} or hidden["team",] == {("west",), ("south",)}
