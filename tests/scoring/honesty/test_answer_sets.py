"""What is withheld is decided over numbers, each bit an answer, and is what it is where people are counted."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.disclosure import withheld_cells
from tests.scoring.honesty.slow_disclosure import slowly_withheld_cells
from tests.support.examples import tries

KEYS = ("team", "agent", "channel", "product")
SUBJECTS = [(), ("team",), ("agent",), ("channel",), ("team", "agent"), ("product",)]
SPLITS = ("question", "dimension")
FEWEST = 5
DIMENSIONS = {"q0": "speed", "q1": "speed", "q2": "care"}

PLACES = st.tuples(*(st.sampled_from([f"{key}{number}" for number in range(3)]) for key in KEYS))
PEOPLE = st.one_of(
    st.tuples(st.just(""), st.integers(1, 9)),
    st.tuples(st.just(""), st.integers(0, 40)),
    st.tuples(st.sampled_from([f"p{number}" for number in range(7)]), st.integers(1, 3)),
)
ATOMS = st.builds(
    lambda place, survey, question, people: DisclosureAtom(
        dict(zip(KEYS, place, strict=True)),
        {"question": question, "dimension": DIMENSIONS[question]},
        people[1],
        survey,
        people[0],
    ),
    PLACES,
    st.sampled_from(["visit", "call"]),
    st.sampled_from([*DIMENSIONS]),
    PEOPLE,
)
ONE_BY_ONE = st.lists(ATOMS, max_size=40)


@st.composite
def whole_sheets(draw: st.DrawFn) -> list[DisclosureAtom]:
    """Return people of whom nearly everybody rated every question, in few places, as it is in a company."""
    found = list[DisclosureAtom]()
    for place, survey, (person, people) in draw(
        st.lists(st.tuples(PLACES, st.sampled_from(["visit", "call"]), PEOPLE), max_size=25)
    ):
        left_out = draw(st.sampled_from([None, None, None, *DIMENSIONS]))
        keys = dict(zip(KEYS, place, strict=True))
        found += [
            DisclosureAtom(keys, {"question": question, "dimension": dimension}, people, survey, person)
            for question, dimension in DIMENSIONS.items()
            if question != left_out
        ]
    return found


@pytest.mark.proof
@tries(300)
@given(st.one_of(ONE_BY_ONE, whole_sheets()))
@example([])
def test_what_is_withheld_is_what_it_is_where_people_are_counted(atoms: list[DisclosureAtom]) -> None:
    assert withheld_cells(atoms, SUBJECTS, SPLITS, FEWEST) == slowly_withheld_cells(atoms, SUBJECTS, SPLITS, FEWEST)


@given(st.one_of(ONE_BY_ONE, whole_sheets()), st.integers(0, 3))
def test_also_where_other_numbers_are_too_few(atoms: list[DisclosureAtom], fewest: int) -> None:
    assert withheld_cells(atoms, SUBJECTS, ("question",), fewest) == slowly_withheld_cells(
        atoms, SUBJECTS, ("question",), fewest
    )
