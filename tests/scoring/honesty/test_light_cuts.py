"""Sums over the cells of two cuts never differ by few people: found as a light cut of a graph, tried out on all."""

from collections.abc import Collection, Hashable
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.disclosure import withheld_cells
from scoring.honesty.light_cuts import OUTSIDE, graph_of, part_joined_by_few
from tests.support.examples import tries

FEWEST = 5
ONE, OTHER = ("a", "b", "c", OUTSIDE), ("x", "y", "z")
WEIGHTS = st.dictionaries(st.tuples(st.sampled_from(ONE), st.sampled_from(OTHER)), st.integers(1, 9), max_size=12)
Weights = dict[tuple[Hashable, Hashable], int]


def subsets(names: list[str]) -> list[frozenset[str]]:
    return [frozenset(chosen) for n in range(len(names) + 1) for chosen in combinations(names, n)]


def weight(part: Collection[Hashable], weights: Weights) -> int:
    return sum(n for (one, other), n in weights.items() if (one in part) != (other in part))


@given(WEIGHTS)
def test_a_light_part_is_found_where_there_is_one(weights: Weights) -> None:
    found = part_joined_by_few(graph_of((a, b, n) for (a, b), n in weights.items()), FEWEST)
    vertices = sorted({str(vertex) for edge in weights for vertex in edge if vertex != OUTSIDE})
    is_any = any(0 < weight(part, weights) < FEWEST for part in subsets(vertices))
    assert bool(found) == is_any
    if found:
        assert OUTSIDE not in found
        assert 0 < weight(found, weights) < FEWEST


def atoms_of(counts: dict[tuple[str, str], int]) -> list[DisclosureAtom]:
    return [DisclosureAtom({"team": team, "product": product}, {}, n) for (team, product), n in counts.items()]


COMPANY = {
    ("N", "p1"): 6,
    ("N", "p2"): 5,
    ("S", "p1"): 5,
    ("S", "p2"): 6,
    ("W", "p3"): 6,
    ("W", "p4"): 5,
    ("V", "p3"): 5,
    ("V", "p4"): 6,
    ("N", "p3"): 2,
}


def test_two_teams_less_two_products_do_not_leave_two_people() -> None:
    hidden = withheld_cells(atoms_of(COMPANY), [(), ("team",), ("product",)], (), FEWEST)
    assert hidden[()] == hidden["team",] == set()
    assert hidden["product",]
    assert least_difference(COMPANY, hidden) == 0


def test_without_those_two_everything_is_published() -> None:
    counts = {place: n for place, n in COMPANY.items() if n > 2}
    hidden = withheld_cells(atoms_of(counts), [(), ("team",), ("product",)], (), FEWEST)
    assert not any(hidden.values())


def least_difference(counts: dict[tuple[str, str], int], hidden: dict[tuple[str, ...], set[tuple[str, ...]]]) -> int:
    """Return the fewest people, but somebody, by which sums over published teams and products differ; 0 for none."""
    teams = [team for team in sorted({team for team, _ in counts}) if (team,) not in hidden["team",]]
    products = [one for one in sorted({each for _, each in counts}) if (one,) not in hidden["product",]]
    found = [
        people
        for some in subsets(teams)
        for others in subsets(products)
        if (people := sum(n for (team, product), n in counts.items() if (team in some) != (product in others)))
    ]
    return min((people for people in found if people < FEWEST), default=0)


COUNTS = st.dictionaries(st.tuples(st.sampled_from("NSWV"), st.sampled_from(["p1", "p2", "p3"])), st.integers(1, 12))


@given(COUNTS)
@tries(60)
def test_no_sums_over_teams_and_products_differ_by_fewer_than_five(counts: dict[tuple[str, str], int]) -> None:
    hidden = withheld_cells(atoms_of(counts), [(), ("team",), ("product",)], (), FEWEST)
    assert least_difference(counts, hidden) == 0


def test_ten_large_teams_and_products_are_all_published() -> None:
    places = product(range(10), range(10))
    counts = {(f"t{team}", f"p{one}"): 1 + (team + one) % 3 for team, one in places}
    hidden = withheld_cells(atoms_of(counts), [(), ("team",), ("product",)], (), FEWEST)
    assert not any(hidden.values())
