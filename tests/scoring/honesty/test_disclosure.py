"""No two published cells differ by fewer than five people, whatever the company."""

from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.disclosure import withheld_cells

SUBJECTS = [(), ("team",), ("agent",), ("channel",), ("team", "agent")]
SPLITS = ("question",)
FEWEST = 5
Cell = tuple[str, ...]
Answers = frozenset[tuple[int, int, str]]


def atom(place: tuple[int, int, int], question: int, people: int) -> DisclosureAtom:
    team, agent, channel = place
    keys = {"team": f"t{team}", "agent": f"a{agent}", "channel": f"c{channel}"}
    return DisclosureAtom(keys, {"question": f"q{question}"}, people)


PLACES = st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 1))
FEW, MANY = st.integers(1, 9), st.integers(4, 40)
"""How many share a place: of many the pairs of cells that hold enough decide, without a closer look."""
COMPANIES = st.one_of(
    [
        st.dictionaries(st.tuples(PLACES, st.integers(0, 2)), size, max_size=18).map(
            lambda counts: [atom(place, question, people) for (place, question), people in counts.items()]
        )
        for size in (FEW, MANY)
    ]
)


def published(atoms: list[DisclosureAtom]) -> dict[tuple[str, ...], dict[Cell, Answers]]:
    """Return the published cells of each cut as the answers in them: whose, by place and number, to which question."""
    hidden = withheld_cells(atoms, SUBJECTS, SPLITS, FEWEST)
    places = sorted({tuple(each.keys.values()) for each in atoms})
    found: dict[tuple[str, ...], dict[Cell, Answers]] = {}
    for cut, withheld in hidden.items():
        cells: dict[Cell, set[tuple[int, int, str]]] = {}
        for each in atoms:
            known = {**each.keys, **each.item}
            place = places.index(tuple(each.keys.values()))
            answers = {(place, number, each.item["question"]) for number in range(each.people)}
            cells.setdefault(tuple(known[key] for key in cut), set()).update(answers)
        found[cut] = {cell: frozenset(answers) for cell, answers in cells.items() if cell not in withheld}
    return found


def people(answers: Answers) -> int:
    return len({(place, number) for place, number, _ in answers})


@given(COMPANIES)
def test_no_pair_of_cells_tells_of_fewer_than_five(atoms: list[DisclosureAtom]) -> None:
    cells = {answers for by_cell in published(atoms).values() for answers in by_cell.values()}
    assert all(people(answers) >= FEWEST for answers in cells)
    assert [(one, two) for one in cells for two in cells if two < one and people(one - two) < FEWEST] == []


@given(COMPANIES)
def test_nor_does_a_cell_without_all_the_published_parts_of_it(atoms: list[DisclosureAtom]) -> None:
    cuts = published(atoms)
    for cells in cuts.values():
        for whole in cells.values():
            for parts in cuts.values():
                rest = whole.difference(*(part for part in parts.values() if part <= whole))
                assert not 0 < people(rest) < FEWEST


@given(COMPANIES)
def test_the_same_answers_are_published_under_every_name_or_none(atoms: list[DisclosureAtom]) -> None:
    shown = {answers for cells in published(atoms).values() for answers in cells.values()}
    every = withheld_cells(atoms, SUBJECTS, SPLITS, 0)
    assert not any(every.values())
    for cut, cells in published(atoms).items():
        for each in atoms:
            known = {**each.keys, **each.item}
            cell = tuple(known[key] for key in cut)
            mine = [one for one in atoms if all({**one.keys, **one.item}[k] == known[k] for k in cut)]
            assert (cell in cells) or people_of_atoms(atoms, mine) not in shown


@given(COMPANIES, st.data())
def test_the_same_is_withheld_in_whatever_order_the_answers_come(
    atoms: list[DisclosureAtom], data: st.DataObject
) -> None:
    assert published(data.draw(st.permutations(atoms))) == published(atoms)


def people_of_atoms(atoms: list[DisclosureAtom], mine: list[DisclosureAtom]) -> Answers:
    places = sorted({tuple(each.keys.values()) for each in atoms})
    return frozenset(
        (places.index(tuple(each.keys.values())), number, each.item["question"])
        for each in mine
        for number in range(each.people)
    )


def test_as_little_as_possible_is_withheld() -> None:
    sizes = {"north": 40, "south": 12, "west": 3}
    atoms = [DisclosureAtom({"team": team}, {}, size) for team, size in sizes.items()]
    assert withheld_cells(atoms, [(), ("team",)], (), FEWEST) == {(): set(), ("team",): {("west",), ("south",)}}


def test_people_are_counted_once_however_many_questions_they_answered() -> None:
    atoms = [DisclosureAtom({"team": "north"}, {"question": question}, 2) for question in ("a", "b", "c")]
    assert withheld_cells(atoms, [(), ("team",)], (), FEWEST) == {(): {()}, ("team",): {("north",)}}


def test_a_question_that_few_answered_takes_another_with_it() -> None:
    atoms = [DisclosureAtom({}, {"question": question}, people) for question, people in (("a", 9), ("b", 7), ("c", 2))]
    found = withheld_cells(atoms, [()], ("question",), FEWEST)
    assert found == {(): set(), ("question",): {("c",), ("b",)}}


def test_people_of_different_surveys_are_different_people() -> None:
    """The others of a total are nine people, whatever each was asked: the six need not be withheld."""
    sizes = {"visit": 6, "callback": 4, "ten points": 3, "installation": 2}
    atoms = [
        DisclosureAtom({"survey": survey}, {"question": f"of {survey}"}, people, survey)
        for survey, people in sizes.items()
    ]
    found = withheld_cells(atoms, [(), ("survey",)], ("question",), FEWEST)
    assert found["survey",] == {("callback",), ("ten points",), ("installation",)}
    assert found[()] == set()


def test_of_two_cells_the_less_important_one_is_withheld() -> None:
    """Six of a survey lie in a category of ten: the category goes, though the survey is smaller."""
    places = (("visit", "", 6), ("callback", "", 4), ("ten points", "fee", 4), ("installation", "fee", 4))
    atoms = [DisclosureAtom({"survey": s, "category": c}, {}, people, s) for s, c, people in places]
    found = withheld_cells(atoms, [(), ("survey",), ("category",)], (), FEWEST)
    assert found["survey",] == {("callback",), ("ten points",), ("installation",)}
    assert found["category",] == {("",)}
    turned = withheld_cells(atoms, [(), ("category",), ("survey",)], (), FEWEST)
    assert (turned["category",], ("visit",) in turned["survey",]) == (set(), True)


def test_a_team_is_not_withheld_because_its_area_has_the_same_answers() -> None:
    shared = [("t0", "s0", 20), ("t0", "s1", 20), ("t1", "s1", 2), ("t1", "s2", 20)]
    atoms = [
        DisclosureAtom({"team": team, "station": station, "area": f"area of {team}"}, {"question": "q0"}, people)
        for team, station, people in shared
    ]
    hidden = withheld_cells(atoms, [(), ("team",), ("station",), ("area",)], SPLITS, FEWEST)
    assert hidden["team",] == set() == hidden["area",]
    assert hidden["station",]


def test_one_agent_hides_another_whom_few_have_met_and_not_all_the_others() -> None:
    met = {(team, agent): 20 + agent for team in (0, 1) for agent in (1, 2, 3)} | {(0, 0): 3, (1, 0): 1}
    atoms = [atom((team, agent, 0), 0, people) for (team, agent), people in met.items()]
    hidden = withheld_cells(atoms, [(), ("team",), ("agent",)], SPLITS, FEWEST)
    assert hidden["agent",] == {("a0",), ("a1",)}
    assert hidden["team",] == set()
