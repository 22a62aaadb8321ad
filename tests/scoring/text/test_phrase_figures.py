"""What a phrase goes with: by people, on 1 to 5, with an interval, beside the period before."""

from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.intervals import wilson
from scoring.text.phrase_figures import (
    CommentFact,
    HiddenFigures,
    Mention,
    PhraseFigure,
    Trend,
    difference_interval,
    phrase_figures,
)

WAIT = Mention("等太久", "response_speed", -1)
KIND = Mention("耐心", "attitude", 1)
ONE, ZERO, HALF = Fraction(1), Fraction(0), Fraction(1, 2)


def said(
    customer: str, score: Fraction | None, *mentions: Mention, response: str = "", **dimensions: Fraction
) -> CommentFact:
    return CommentFact(response or f"int_{customer}", customer, score, frozenset(mentions), dimensions)


def group(name: str, n: int, score: Fraction | None, *mentions: Mention) -> list[CommentFact]:
    return [said(f"{name}{number}", score, *mentions) for number in range(n)]


def figure(mention: Mention, facts: list[CommentFact], before: list[CommentFact] | None = None) -> PhraseFigure:
    (found,) = (one for one in phrase_figures(facts, before or []) if one.mention == mention)
    return found


def test_the_interval_is_that_of_the_literature() -> None:
    """Newcombe 1998, table II, (a) 56/70 − 48/80 by method 10: 0.0524 to 0.3339."""
    low, high = difference_interval([ONE] * 56 + [ZERO] * 14, [ONE] * 48 + [ZERO] * 32)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_its_other_examples_too(first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float]) -> None:
    """The same table, (b) to (h)."""
    groups = [[ONE] * yes + [ZERO] * (n - yes) for yes, n in (first, second)]
    low, high = difference_interval(*groups)
    assert (round(low, 4), round(high, 4)) == expected


def test_impact_is_the_difference_of_those_with_and_without_and_what_it_costs_all() -> None:
    facts = [*group("w", 5, ZERO, WAIT), *group("k", 15, ONE, KIND)]
    impact = figure(WAIT, facts).impact
    assert impact is not None
    assert impact.difference == -4
    assert (impact.n_with, impact.n_without) == (5, 15)
    assert impact.on_mean == -1
    assert impact.low < -3 < impact.high < 0


def test_how_often_it_is_said_is_no_impact() -> None:
    facts = [*group("often", 30, HALF, KIND), *group("w", 5, ZERO, WAIT), *group("x", 15, HALF)]
    found = phrase_figures(facts, [])
    assert [one.mention for one in found] == [WAIT, KIND]
    assert (found[0].customers, found[1].customers) == (5, 30)


@pytest.mark.parametrize(("with_it", "without"), [(4, 20), (20, 4), (4, 4), (5, 0)])
def test_fewer_than_five_on_a_side_have_none(with_it: int, without: int) -> None:
    facts = [*group("w", with_it, ZERO, WAIT), *group("x", without, ONE)]
    assert figure(WAIT, facts).impact is None


def test_whoever_rated_nothing_is_counted_and_has_no_part_in_means() -> None:
    facts = [*group("w", 5, ZERO, WAIT), *group("n", 3, None, WAIT), *group("x", 5, ONE)]
    found = figure(WAIT, facts)
    assert found.customers == 8
    assert found.mean == 1
    assert found.impact is not None
    assert found.impact.n_with == 5


def test_several_responses_of_one_person_are_one_with_their_mean() -> None:
    twice = [said("w0", ONE, WAIT, response="int_again")]
    facts = [*group("w", 5, ZERO, WAIT), *twice, *group("x", 5, ONE)]
    found = figure(WAIT, facts)
    assert (found.customers, len(found.responses)) == (5, 6)
    assert found.impact is not None
    assert found.impact.difference == Fraction(4, 10) - 4


def test_the_mean_of_its_dimension_is_beside_that_of_all() -> None:
    both = [said(f"a{n}", HALF, WAIT, response_speed=ZERO, attitude=ONE) for n in range(5)]
    facts = [*both, said("b", HALF, WAIT, attitude=ONE)]
    found = figure(WAIT, facts)
    assert found.mean == 3
    assert found.dimension_mean == 1


def test_what_fewer_than_five_of_those_who_use_it_rated_has_no_mean_however_often_they_did() -> None:
    silent = group("n", 5, None, WAIT)
    one = [said("a", ZERO, WAIT, response=f"int_{n}", response_speed=ZERO) for n in range(6)]
    four = [said(f"b{n}", ZERO, WAIT) for n in range(3)]
    found = figure(WAIT, [*silent, *one, *four])
    assert (found.customers, found.mean, found.dimension_mean) == (9, None, None)
    fifth = figure(WAIT, [*silent, *one, *four, said("c", ONE, WAIT)])
    assert (fifth.mean, fifth.dimension_mean) == (Fraction(14, 10), None)


def test_what_is_hidden_is_left_out_and_has_no_place_by_its_cost() -> None:
    facts = [said(f"w{n}", ZERO, WAIT, response_speed=ZERO) for n in range(5)] + group("k", 6, ONE, KIND)
    hidden = HiddenFigures(means=frozenset({WAIT}))
    found = phrase_figures(facts, [], hidden)
    assert [(one.mention, one.mean is None, one.impact is None) for one in found] == [
        (WAIT, True, True),
        (KIND, False, False),
    ]
    assert found[0].dimension_mean == 1
    (kind,) = phrase_figures(facts, [], HiddenFigures(phrases=frozenset({WAIT})))
    assert kind == found[1]
    assert phrase_figures(facts, [], HiddenFigures(dimension_means=frozenset({WAIT})))[0].dimension_mean is None


class Looked(str):
    """A customer who counts how often they are looked up."""

    __slots__ = ()
    times = 0

    def __hash__(self) -> int:
        Looked.times += 1
        return super().__hash__()


def test_no_phrase_goes_through_the_people_who_do_not_use_it() -> None:
    facts = [
        CommentFact(f"int_{n}", Looked(n), HALF, frozenset({Mention(f"{n // 5}", "attitude", 1)})) for n in range(500)
    ]
    found = phrase_figures(facts, facts)
    assert len(found) == 100
    assert found[0].impact is not None
    assert Looked.times < 20 * len(facts)


def test_without_any_rating_there_is_no_mean() -> None:
    found = figure(WAIT, group("w", 3, None, WAIT))
    assert (found.mean, found.dimension_mean, found.impact) == (None, None, None)


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [
        ((30, 60), (5, 65), Trend.MORE),
        ((5, 65), (30, 60), Trend.FEWER),
        ((10, 60), (9, 60), Trend.NOT_CLEAR),
        ((10, 60), (0, 0), Trend.TOO_FEW),
        ((3, 4), (30, 60), Trend.TOO_FEW),
        ((60, 60), (0, 60), Trend.MORE),
    ],
)
def test_the_trend_is_that_of_the_share_of_those_who_write(
    now: tuple[int, int], before: tuple[int, int], trend: Trend
) -> None:
    periods = [
        [*group("w", users, ZERO, WAIT), *group("x", everybody - users, ONE, KIND)]
        for users, everybody in (now, before)
    ]
    found = figure(WAIT, *periods)
    assert (found.customers, found.before, found.trend) == (now[0], before[0], trend)


def test_praise_and_blame_by_the_same_word_are_two_phrases() -> None:
    denied = Mention("耐心", "attitude", -1)
    found = phrase_figures([*group("a", 5, ONE, KIND), *group("b", 5, ZERO, denied)], [])
    assert [one.mention for one in found] == [denied, KIND]


SHARES = st.lists(st.fractions(0, 1), min_size=1, max_size=30)


@given(SHARES, SHARES)
def test_the_difference_lies_in_its_interval_and_turns_with_it(one: list[Fraction], other: list[Fraction]) -> None:
    low, high = difference_interval(one, other)
    between = float(sum(one, ZERO) / len(one) - sum(other, ZERO) / len(other))
    assert low <= between + 1e-12
    assert between <= high + 1e-12
    turned = difference_interval(other, one)
    assert isclose(turned[0], -high, abs_tol=1e-12)
    assert isclose(turned[1], -low, abs_tol=1e-12)


@given(SHARES)
def test_a_group_beside_itself_differs_by_nothing(one: list[Fraction]) -> None:
    low, high = difference_interval(one, one)
    mean = float(sum(one, ZERO) / len(one))
    below, above = wilson(sum(one, ZERO), len(one))
    width = sqrt((mean - below) ** 2 + (above - mean) ** 2)
    assert isclose(high, width, abs_tol=1e-12)
    assert isclose(low, -width, abs_tol=1e-12)


@given(st.lists(st.builds(said, st.sampled_from("abcdefgh"), st.fractions(0, 1)), max_size=20))
def test_whatever_is_said_the_order_changes_no_figure(facts: list[CommentFact]) -> None:
    told = {one.mention: one.impact for one in phrase_figures(facts, [])}
    assert {one.mention: one.impact for one in phrase_figures(facts[::-1], [])} == told
