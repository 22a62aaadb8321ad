"""What recurs: by people and not by how often, once for each thing, whatever words it has."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.text.recurring_things import Occurrence, Recurred, RecurrenceKind, recurrences

CATEGORY, PRODUCT, FAULT = RecurrenceKind.CATEGORY, RecurrenceKind.PRODUCT, RecurrenceKind.FAULT
PHRASE, DIMENSION = RecurrenceKind.PHRASE, RecurrenceKind.DIMENSION
THREE = dict.fromkeys(RecurrenceKind, 3)


def wrote(people: str, phrase: str, dimension: str = "response_speed") -> Iterator[Occurrence]:
    """Yield that each of these people, a letter each, wrote a phrase about their own ticket."""
    for one in people:
        yield Occurrence(PHRASE, phrase, one, f"desk/{one}", f"int_{one}", dimension)


def had(kind: RecurrenceKind, name: str, *tickets: str) -> Iterator[Occurrence]:
    """Yield that tickets, such as `a1` for the first one of person a, are examples of something."""
    for one in tickets:
        yield Occurrence(kind, name, one[0], f"desk/{one}")


def told(*several: Iterator[Occurrence], least: int = 3) -> list[tuple[RecurrenceKind, str, str, int]]:
    every = [one for occurrences in several for one in occurrences]
    found = recurrences(every, dict.fromkeys(RecurrenceKind, least))
    return [(one.kind, one.name, one.dimension, one.number) for one in found]


def test_three_people_are_enough_and_two_are_not() -> None:
    assert told(wrote("ab", "等太久")) == []
    assert told(wrote("abc", "等太久")) == [(PHRASE, "等太久", "response_speed", 3)]


def test_one_person_who_writes_it_three_times_is_one() -> None:
    assert told(wrote("aaa", "等太久")) == []


def test_other_words_about_the_same_dimension_count_for_the_dimension() -> None:
    assert told(wrote("a", "等太久"), wrote("b", "迟到"), wrote("c", "没人来")) == [
        (DIMENSION, "", "response_speed", 3)
    ]


def test_words_that_are_nobody_elses_count_for_the_dimension_only() -> None:
    assert told(wrote("abc", "")) == [(DIMENSION, "", "response_speed", 3)]


def test_a_dimension_of_which_a_phrase_recurs_is_not_told_besides() -> None:
    assert told(wrote("abc", "等太久"), wrote("def", "迟到")) == [
        (PHRASE, "等太久", "response_speed", 3),
        (PHRASE, "迟到", "response_speed", 3),
    ]


def test_two_phrases_of_the_same_people_are_one_thing() -> None:
    assert told(wrote("abcd", "等太久"), wrote("abc", "太慢")) == [(PHRASE, "等太久", "response_speed", 4)]
    assert told(wrote("abcd", "等太久"), wrote("aefg", "太慢")) == [
        (PHRASE, "太慢", "response_speed", 4),
        (PHRASE, "等太久", "response_speed", 4),
    ]


def test_the_same_word_about_two_dimensions_is_two_things() -> None:
    assert told(wrote("abc", "太差", "attitude"), wrote("abc", "太差", "product_quality")) == [
        (PHRASE, "太差", "attitude", 3),
        (PHRASE, "太差", "product_quality", 3),
    ]


def test_types_are_counted_by_tickets_and_faults_by_people() -> None:
    assert told(had(CATEGORY, "漏水", "a1", "a2", "a3")) == [(CATEGORY, "漏水", "", 3)]
    assert told(had(FAULT, "E4", "a1", "a2", "a3")) == []
    assert told(had(FAULT, "E4", "a1", "b1", "c1")) == [(FAULT, "E4", "", 3)]


def test_a_fault_with_the_cases_of_its_product_is_not_told_besides() -> None:
    product, fault = had(PRODUCT, "AC-300", "a1", "b1", "c1"), had(FAULT, "AC-300 E4", "a1", "b1", "c1")
    assert told(product, fault) == [(PRODUCT, "AC-300", "", 3)]


def test_a_fault_within_more_cases_of_its_product_is_told_as_well() -> None:
    product = had(PRODUCT, "AC-300", "a1", "b1", "c1", "d1")
    fault = had(FAULT, "AC-300 E4", "a1", "b1", "c1")
    assert told(product, fault) == [(PRODUCT, "AC-300", "", 4), (FAULT, "AC-300 E4", "", 3)]


def test_a_type_is_told_whatever_else_is() -> None:
    product, category = had(PRODUCT, "AC-300", "a1", "b1", "c1"), had(CATEGORY, "漏水", "a1", "b1", "c1")
    assert told(product, category) == [(CATEGORY, "漏水", "", 3)]


@pytest.mark.parametrize("kind", list(RecurrenceKind))
def test_nothing_recurs_by_none_and_nothing_by_a_kind_that_nobody_named(kind: RecurrenceKind) -> None:
    every = [*had(kind, "x", "a1", "b1", "c1", "d1")]
    assert recurrences(every, {kind: 0}) == ()
    assert recurrences(every, {}) == ()


def test_keys_tell_everything_apart_and_a_type_is_called_by_its_name() -> None:
    every = [
        *had(CATEGORY, "x", "a1", "b1", "c1"),
        *had(PRODUCT, "x", "a2", "b2", "c2"),
        *had(FAULT, "x", "a3", "b3", "c3"),
        *wrote("abc", "x", "fee"),
        *wrote("def", "x", "parts"),
    ]
    keys = [one.key for one in recurrences(every, THREE)]
    assert keys[0] == "x"
    assert len(set(keys)) == len(keys) == 5
    assert not [key for key in keys if "\n" in key]


def test_cases_responses_and_people_are_told_once_each_in_order() -> None:
    (found,) = recurrences([*wrote("cba", "等太久"), *wrote("ab", "等太久")], THREE)
    assert found == Recurred(
        PHRASE,
        "等太久",
        "response_speed",
        ("a", "b", "c"),
        ("desk/a", "desk/b", "desk/c"),
        ("int_a", "int_b", "int_c"),
    )


OCCURRENCES = st.lists(
    st.builds(
        Occurrence,
        st.sampled_from([CATEGORY, PRODUCT, FAULT, PHRASE]),
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from("abcdef"),
        st.sampled_from([f"desk/{n}" for n in range(8)]),
        st.just(""),
        st.sampled_from(["fee", "parts"]),
    ),
    max_size=40,
)


@given(OCCURRENCES)
def test_neither_the_order_nor_a_repetition_changes_what_recurs(occurrences: list[Occurrence]) -> None:
    found = recurrences(occurrences, THREE)
    assert recurrences([*reversed(occurrences), *occurrences], THREE) == found
    assert all(one.number >= 3 for one in found)


@given(OCCURRENCES)
def test_a_higher_number_tells_nothing_of_more_people(occurrences: list[Occurrence]) -> None:
    people = len({one.customer for one in occurrences} | {one.case for one in occurrences})
    assert recurrences(occurrences, dict.fromkeys(RecurrenceKind, people + 1)) == ()
