"""Comparisons of two periods: the values of scipy 1.17.1 and statsmodels 0.15.0, and laws."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.comparison import Change, ChangeVerdict, compare, exact_tails, holm

Counts = Mapping[int, int]

MANN_WHITNEY = [
    (
        {1: 6, 2: 5, 3: 4, 4: 2, 5: 1, 6: 4, 7: 6, 8: 3, 9: 4, 10: 6},
        {1: 2, 2: 6, 3: 4, 4: 6, 5: 5, 6: 6, 7: 4, 8: 6, 9: 8, 10: 5},
        1143.5,
        0.5490992604692955,
    ),
    ({1: 22, 2: 31, 3: 15, 4: 19, 5: 33}, {1: 14, 2: 22, 3: 21, 4: 18, 5: 15}, 5197.0, 0.6346811297737498),
    ({1: 34, 2: 26}, {1: 14, 2: 46}, 2400.0, 0.00020879831297463956),
    (
        {1: 4, 2: 9, 3: 5, 4: 4, 5: 5, 7: 3},
        {1: 23, 2: 35, 3: 27, 4: 31, 5: 22, 6: 25, 7: 37},
        3650.5,
        0.05299598848445211,
    ),
]
"""Earlier and later answers, U of the later ones and p: `mannwhitneyu(later, earlier, method="asymptotic")`."""

PERMUTATION = [
    ({1: 2, 5: 2}, {1: 1, 2: 1, 3: 3}, 0.7936507936507936, 0.373015873015873),
    ({1: 4, 2: 1}, {1: 2, 3: 3}, 0.08333333333333333, 0.9761904761904762),
    ({6: 2, 7: 1}, {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 10: 1}, 0.8809523809523809, 0.17857142857142858),
]
"""Earlier and later answers, p of greater and of less: `permutation_test` of the sum, over every division."""

HOLM = [
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    ([0.5], [0.5]),
    ([0.2, 0.2, 0.001, 0.9, 0.04], [0.6000000000000001, 0.6000000000000001, 0.005, 0.9, 0.16]),
]
"""p before and after: `multipletests(…, method="holm")`."""


def fractions(counts: Counts) -> dict[Fraction, int]:
    return {Fraction(value): n for value, n in counts.items()}


@pytest.mark.parametrize(("before", "after", "u", "p"), MANN_WHITNEY)
def test_the_normal_test_is_that_of_scipy(before: Counts, after: Counts, u: float, p: float) -> None:
    told = compare(fractions(before), fractions(after), None)
    assert told.effect is not None
    assert float(told.effect) == pytest.approx(u / sum(before.values()) / sum(after.values()), abs=1e-12)
    assert told.p == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize(("before", "after", "greater", "less"), PERMUTATION)
def test_the_exact_test_is_that_of_scipy(before: Counts, after: Counts, greater: float, less: float) -> None:
    scores = {Fraction(value): Fraction(value) for value in {*before, *after}}
    at_least, at_most = exact_tails(scores, fractions(before), fractions(after))
    assert [float(at_least), float(at_most)] == pytest.approx([greater, less], abs=1e-12)


@pytest.mark.parametrize(("before", "after"), HOLM)
def test_holm_is_that_of_statsmodels(before: list[float], after: list[float]) -> None:
    changes = [Change(None, 20, ChangeVerdict.NOT_CLEAR, Fraction(2, 3), p) for p in before]
    assert [change.p for change in holm(changes)] == pytest.approx(after, abs=1e-12)
    verdicts = [change.verdict is ChangeVerdict.HIGHER for change in holm(changes)]
    assert verdicts == [p < 0.05 for p in after]


ANSWERS = st.dictionaries(st.integers(1, 4), st.integers(1, 7), min_size=1).map(fractions)


@given(ANSWERS, ANSWERS)
def test_turned_around_it_says_the_opposite(before: dict[Fraction, int], after: dict[Fraction, int]) -> None:
    there, back = compare(before, after, None), compare(after, before, None)
    assert (there.p is None) == (back.p is None)
    if there.p is not None:
        assert there.p == pytest.approx(back.p, abs=1e-12)
        assert there.effect is not None
        assert back.effect is not None
        assert there.effect + back.effect == 1


@given(ANSWERS)
def test_the_same_answers_never_differ(answers: dict[Fraction, int]) -> None:
    (told,) = holm([compare(answers, answers, None)])
    assert told.verdict in (ChangeVerdict.NOT_CLEAR, ChangeVerdict.TOO_FEW)
    assert told.effect in (None, Fraction(1, 2))


@given(ANSWERS, ANSWERS)
def test_the_two_tails_overlap_in_what_was_found(before: dict[Fraction, int], after: dict[Fraction, int]) -> None:
    scores = {value: value for value in {*before, *after}}
    at_least, at_most = exact_tails(scores, before, after)
    assert 1 < at_least + at_most <= 2


def test_fourteen_answers_are_too_few() -> None:
    few, enough = {Fraction(1): 14}, {Fraction(5): 15}
    assert compare(few, enough, Fraction(1)) == Change(Fraction(1), 14, ChangeVerdict.TOO_FEW)
    assert compare({Fraction(1): 15}, enough, None).p is not None


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_the_exact_tails_are_those_of_every_division_tried_out(before: list[int], after: list[int]) -> None:
    every = [sum(chosen) for chosen in combinations([*before, *after], len(after))]
    found = sum(after)
    expected = [
        Fraction(sum(one >= found for one in every), len(every)),
        Fraction(sum(one <= found for one in every), len(every)),
    ]
    scores = {Fraction(value): Fraction(value) for value in {*before, *after}}
    earlier, later = (fractions(Counter(values)) for values in (before, after))
    assert list(exact_tails(scores, earlier, later)) == expected


def test_one_clear_difference_among_many_has_to_be_clearer() -> None:
    alone = Change(None, 20, ChangeVerdict.NOT_CLEAR, Fraction(2, 3), 0.02)
    others = [Change(None, 20, ChangeVerdict.NOT_CLEAR, Fraction(1, 2), 0.9)] * 4
    assert holm([alone])[0].verdict is ChangeVerdict.HIGHER
    assert holm([alone, *others])[0].verdict is ChangeVerdict.NOT_CLEAR


def test_what_is_too_few_stays_so_among_others() -> None:
    few = Change(Fraction(3), 4, ChangeVerdict.TOO_FEW)
    clear = Change(None, 20, ChangeVerdict.NOT_CLEAR, Fraction(1, 10), 0.001)
    assert holm([few, clear])[0] == few
    assert holm([few, clear])[1].verdict is ChangeVerdict.LOWER
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holms_p_is_never_lower_than_the_raw_one_keeps_their_order_and_knows_no_order_of_asking(
    raw: list[float],
) -> None:
    changes = [Change(None, 20, ChangeVerdict.NOT_CLEAR, Fraction(2, 3), p) for p in raw]
    corrected = [change.p or 0 for change in holm(changes)]
    assert all(after >= before for before, after in zip(raw, corrected, strict=True))
    assert [p for _, p in sorted(zip(raw, corrected, strict=True))] == sorted(corrected)
    assert [change.p or 0 for change in holm(changes[::-1])] == corrected[::-1]


@given(ANSWERS, ANSWERS, st.integers(1, 50), st.integers(-9, 9))
def test_other_units_of_the_scale_change_nothing(
    before: dict[Fraction, int], after: dict[Fraction, int], factor: int, start: int
) -> None:
    earlier, later = ({start + factor * value: n for value, n in counts.items()} for counts in (before, after))
    assert compare(earlier, later, None) == compare(before, after, None)


@given(ANSWERS, ANSWERS)
def test_one_answer_more_at_the_top_never_makes_the_later_ones_lower(
    before: dict[Fraction, int], after: dict[Fraction, int]
) -> None:
    better = {**after, Fraction(9): 1}
    first, second = compare(before, after, None).effect, compare(before, better, None).effect
    assert first is None or second is None or second >= first
