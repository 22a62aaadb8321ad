"""What a change comes to: published intervals, people instead of answers, and when nothing is said."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.effects.before_after import (
    BeforeAfter,
    EffectVerdict,
    PersonRating,
    Windows,
    before_and_after,
    difference_of_shares,
    pilot_and_rest,
)
from scoring.honesty.intervals import Interval, wilson
from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.ratings import rating_figure
from scoring.scale import Scale
from scoring.values import replace

FIVE = Scale(1, 5)
KEYS = {"survey": "after_service", "question": "attitude", "dimension": "attitude", "channel": "web"}

Values = Sequence[int]


def given_by(values: Values, first: int = 0, excluded: str = "") -> list[PersonRating]:
    """Return a rating each of as many people, who are numbered from `first` on."""
    return [
        PersonRating(f"c{first + place}", RatingCount(KEYS, FIVE, value, 1, excluded))
        for place, value in enumerate(values)
    ]


def windows_of(earlier: list[PersonRating], later: list[PersonRating], metric: str = "mean") -> Windows:
    figures = [rating_figure(metric, {}, [one.rating for one in side], withheld=False) for side in (earlier, later)]
    return Windows(figures[0], figures[1], earlier, later)


def told(earlier: list[PersonRating], later: list[PersonRating], metric: str = "mean") -> BeforeAfter:
    (found,) = before_and_after([windows_of(earlier, later, metric)])
    return found


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_of_shares_is_the_one_published(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10."""
    shares = [
        Figure("csat", {}, Fraction(k, n), n, n, SampleSize.SMALL, interval=Interval(*wilson(k, n), "Wilson"))
        for k, n in (first, second)
    ]
    found = difference_of_shares((1, shares[0]), (-1, shares[1]))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_clear_change_is_told_with_n_difference_interval_and_p() -> None:
    found = told(given_by([3, 4] * 10), given_by([4, 5] * 10, first=100))
    assert (found.before.n, found.after.n, found.people, found.in_both) == (20, 20, (20, 20), 0)
    assert found.verdict is EffectVerdict.BETTER
    assert found.difference is not None
    assert found.difference.interval is not None
    assert found.difference.value == 1
    low, high = found.difference.interval.low, found.difference.interval.high
    assert low is not None
    assert high is not None
    assert low < 1 < high
    assert found.superiority == Fraction(7, 8)
    assert found.p is not None
    assert found.p < 0.001
    assert found.method == "Mann-Whitney, exact"


def test_of_what_is_better_low_more_is_worse() -> None:
    assert told(given_by([5] * 20), given_by([1] * 20, 100), "bad_review_rate").verdict is EffectVerdict.WORSE
    assert told(given_by([1] * 20), given_by([5] * 20, 100), "bad_review_rate").verdict is EffectVerdict.BETTER


@pytest.mark.parametrize(("before", "after"), [(14, 40), (40, 14)])
def test_fourteen_people_on_a_side_are_too_few(before: int, after: int) -> None:
    found = told(given_by([1] * before), given_by([5] * after, 100))
    assert (found.verdict, found.p, found.superiority) == (EffectVerdict.TOO_FEW, None, None)
    assert told(given_by([1] * 15), given_by([5] * 15, 100)).verdict is EffectVerdict.BETTER


def test_whoever_answers_often_counts_once() -> None:
    """Forty answers of one customer are no forty people."""
    often = [PersonRating("mei", one.rating) for one in given_by([5] * 40)]
    found = told(given_by([3] * 20), often + given_by([5] * 13, 100))
    assert (found.people, found.verdict) == ((20, 14), EffectVerdict.TOO_FEW)


def test_customers_of_both_windows_are_counted_as_dependent() -> None:
    found = told(given_by([3] * 20), given_by([3] * 20, first=12))
    assert (found.people, found.in_both) == ((20, 20), 8)


def test_what_does_not_count_is_in_neither_figure_nor_test() -> None:
    excluded = given_by([1] * 30, 500, "malicious")
    plain, more = (
        told(given_by([4] * 20), later) for later in (given_by([5] * 20, 99), given_by([5] * 20, 99) + excluded)
    )
    assert (plain.people, plain.p, plain.after.value) == (more.people, more.p, more.after.value)
    assert more.after.excluded == {"malicious": 30}


def test_while_the_later_window_goes_on_nothing_is_tested() -> None:
    open_ = replace(windows_of(given_by([1] * 20), given_by([5] * 20, 100)), is_over=False)
    (found,) = before_and_after([open_])
    assert (found.verdict, found.p) == (EffectVerdict.NOT_OVER, None)


def test_a_withheld_side_shows_no_difference() -> None:
    case = windows_of(given_by([1] * 20), given_by([5] * 20, 100))
    hidden = replace(case.after, state=SampleSize.WITHHELD, value=None, interval=None)
    (found,) = before_and_after([replace(case, after=hidden)])
    assert (found.verdict, found.p, found.superiority, found.difference) == (EffectVerdict.WITHHELD, None, None, None)


def test_several_at_once_are_corrected() -> None:
    case = windows_of(given_by([3, 4, 4, 5] * 5), given_by([4, 5, 5, 4] * 5, 100))
    alone, many = before_and_after([case]), before_and_after([case] * 5)
    assert alone[0].p is not None
    assert many[0].p == pytest.approx(5 * alone[0].p)
    assert (alone[0].verdict, many[0].verdict) == (EffectVerdict.BETTER, EffectVerdict.NOT_CLEAR)


ANSWERS = st.lists(st.integers(1, 5), min_size=15, max_size=25)


@given(ANSWERS, ANSWERS)
def test_turned_around_a_change_is_the_opposite(one: list[int], other: list[int]) -> None:
    there, back = (told(given_by(first), given_by(second, 100)) for first, second in ((one, other), (other, one)))
    assert there.p == pytest.approx(back.p)
    assert there.difference is not None
    assert back.difference is not None
    assert there.difference.value == -back.difference.value
    turned = {EffectVerdict.BETTER: EffectVerdict.WORSE, EffectVerdict.WORSE: EffectVerdict.BETTER}
    assert there.verdict is turned.get(back.verdict, back.verdict)


def pilot(rest_after: Values, n: int = 20) -> tuple[Windows, Windows]:
    return (
        windows_of(given_by([3, 4] * (n // 2)), given_by([4, 5] * (n // 2), 100)),
        windows_of(given_by([3, 4] * 10, 200), given_by(rest_after, 300)),
    )


def test_a_pilot_is_judged_by_how_much_more_it_has_changed_than_the_rest() -> None:
    (alone,) = pilot_and_rest([pilot([3, 4] * 10)])
    assert alone.difference is not None
    assert alone.difference.value == 1
    assert alone.verdict is EffectVerdict.BETTER
    assert alone.pilot.verdict is alone.rest.verdict is EffectVerdict.NOT_TESTED
    (with_all,) = pilot_and_rest([pilot([4, 5] * 10)])
    assert with_all.difference is not None
    assert with_all.difference.value == 0
    assert with_all.verdict is EffectVerdict.NOT_CLEAR


def test_the_difference_of_differences_has_the_p_of_the_normal_distribution() -> None:
    """By hand: four groups of twenty, each with the values a and a + 1 ten times: z = 1 / sqrt(4 / 76)."""
    (found,) = pilot_and_rest([pilot([3, 4] * 10)])
    assert found.p == pytest.approx(1.3072e-05, rel=1e-4)


def test_a_pilot_with_fourteen_people_is_too_few() -> None:
    (found,) = pilot_and_rest([pilot([3, 4] * 10, n=14)])
    assert (found.verdict, found.p, found.difference) == (EffectVerdict.TOO_FEW, None, None)


def test_the_interval_of_a_difference_of_means_is_welchs() -> None:
    """`scipy.stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)`, computed by hand: 17 of 38."""
    found = told(given_by([1, 2, 3, 4, 5] * 4), given_by([3, 4, 5] * 6, first=100))
    assert found.difference is not None
    assert found.difference.interval is not None
    half = 2.0395 * (Fraction(40, 19 * 20) + Fraction(12, 17 * 18)) ** 0.5
    interval = found.difference.interval
    assert (interval.low, interval.high) == pytest.approx((1 - half, 1 + half), abs=2e-3)
    assert interval.method == "Welch"


def test_while_everybody_says_the_same_no_width_of_an_interval_is_claimed() -> None:
    found = told(given_by([4] * 20), given_by([5] * 20, 100))
    assert found.difference is not None
    assert found.difference.value == 1
    assert found.difference.interval is None
    assert found.verdict is EffectVerdict.BETTER  # the ranks tell, whatever the width


def test_of_one_person_no_width_is_told() -> None:
    found = told(given_by([4]), given_by([3, 5], 100))
    assert found.difference is None  # of fewer than five people there is no value at all
    assert found.verdict is EffectVerdict.TOO_FEW


def test_a_pilot_where_nothing_varies_is_not_clear() -> None:
    same = windows_of(given_by([3] * 20), given_by([4] * 20, 100))
    rest = windows_of(given_by([3] * 20, 200), given_by([3] * 20, 300))
    (found,) = pilot_and_rest([(same, rest)])
    assert (found.p, found.verdict) == (1.0, EffectVerdict.NOT_CLEAR)


@pytest.mark.parametrize("verdict", [EffectVerdict.NOT_OVER, EffectVerdict.WITHHELD])
def test_a_pilot_says_nothing_where_one_of_its_groups_cannot(verdict: EffectVerdict) -> None:
    case, rest = pilot([3, 4] * 10)
    hidden = replace(rest.after, state=SampleSize.WITHHELD, value=None, interval=None)
    changed = replace(rest, is_over=False) if verdict is EffectVerdict.NOT_OVER else replace(rest, after=hidden)
    (found,) = pilot_and_rest([(case, changed)])
    assert (found.verdict, found.p, found.difference) == (verdict, None, None)


def test_several_pilots_are_corrected_together() -> None:
    alone, many = pilot_and_rest([pilot([3, 4] * 10)]), pilot_and_rest([pilot([3, 4] * 10)] * 4)
    assert alone[0].p is not None
    assert [one.p for one in many] == [pytest.approx(4 * alone[0].p)] * 4


@given(st.lists(st.booleans(), min_size=15, max_size=40), st.lists(st.booleans(), min_size=15, max_size=40))
def test_the_interval_of_a_difference_of_shares_holds_it_and_stays_within_what_is_possible(
    one: list[bool], other: list[bool]
) -> None:
    found = told(given_by([5 if yes else 1 for yes in one]), given_by([5 if yes else 1 for yes in other], 100), "csat")
    assert found.difference is not None
    interval = found.difference.interval
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    assert -100 <= interval.low <= found.difference.value <= interval.high <= 100
