"""Intervals: golden values, laws, and how often they hold what they promise, by exact sums."""

from fractions import Fraction
from math import comb, exp, fsum, log, log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.intervals import answers_needed, quantile, quantile_interval, wilson

SHARES = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"), [(5, 5, 0.566, 1), (3, 3, 0.439, 1), (0, 10, 0, 0.278), (9, 10, 0.596, 0.982)]
)
def test_known_ends(successes: int, n: int, low: float, high: float) -> None:
    assert list(wilson(successes, n)) == pytest.approx([low, high], abs=5e-4)


@given(SHARES)
def test_the_ends_hold_the_share_lie_in_0_to_1_and_mirror_each_other(given_: tuple[int, int]) -> None:
    successes, n = given_
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
    mirrored = wilson(n - successes, n)
    assert [1 - mirrored[1], 1 - mirrored[0]] == pytest.approx([low, high], abs=1e-12)


@given(SHARES)
def test_one_success_more_of_as_many_moves_both_ends_up(given_: tuple[int, int]) -> None:
    successes, n = given_
    if successes < n:
        assert all(a <= b for a, b in zip(wilson(successes, n), wilson(successes + 1, n), strict=True))


@given(SHARES)
def test_more_of_the_same_makes_it_narrower(given_: tuple[int, int]) -> None:
    successes, n = given_
    low, high = wilson(successes, n)
    closer = wilson(4 * successes, 4 * n)
    assert closer[1] - closer[0] < high - low


def coverage(n: int, share: Fraction) -> Fraction:
    """Return the exact probability that the interval of n people holds the true share."""
    held = [k for k in range(n + 1) if wilson(k, n)[0] <= share <= wilson(k, n)[1]]
    return sum((comb(n, k) * share**k * (1 - share) ** (n - k) for k in held), start=Fraction(0))


def mean_coverage(n: int) -> float:
    """Return the mean of `coverage` over all shares from 0 to 1, each as likely.

    Between the ends a to b the chance of k is (F(b) - F(a)) ÷ (n + 1), where F(x) is that of more than k in n + 1.
    """
    ends = [(k, *wilson(k, n)) for k in range(n + 1)]
    return fsum(_more_than(k, n + 1, high) - _more_than(k, n + 1, low) for k, low, high in ends) / (n + 1)


def _more_than(k: int, n: int, share: float) -> float:
    if share in (0, 1):
        return share
    below = fsum(exp(log(comb(n, j)) + j * log(share) + (n - j) * log1p(-share)) for j in range(k + 1))
    return 1 - below


def test_of_five_people_it_holds_a_share_of_90_percent_in_91_854_percent_of_cases() -> None:
    assert coverage(5, Fraction(9, 10)) == Fraction(91854, 100_000)


@pytest.mark.parametrize(("n", "least"), [(5, 0.918), (10, 0.929), (20, 0.956), (30, 0.974)])
def test_how_often_it_holds_a_share_of_90_percent(n: int, least: float) -> None:
    assert coverage(n, Fraction(9, 10)) >= least


@pytest.mark.proof
def test_over_all_shares_it_holds_in_more_than_94_percent_of_cases_whatever_the_number_of_people() -> None:
    assert min(map(mean_coverage, range(5, 201))) > 0.95
    least = {n: min(coverage(n, Fraction(share, 100)) for share in range(1, 100)) for n in (5, 10, 20, 50, 100)}
    assert {n: round(float(one), 3) for n, one in least.items()} == {
        5: 0.859,
        10: 0.904,
        20: 0.925,
        50: 0.911,
        100: 0.921,
    }


def test_quantiles_lie_between_neighbours() -> None:
    values = [Fraction(value) for value in (1, 2, 4, 8)]
    assert quantile(values, Fraction(1, 2)) == 3
    assert quantile(values, Fraction(9, 10)) == Fraction(34, 5)
    assert quantile([Fraction(7)], Fraction(1, 2)) == 7


def test_the_interval_of_a_median_is_a_pair_of_ranks() -> None:
    ten = [Fraction(value) for value in range(1, 11)]
    assert quantile_interval(ten, Fraction(1, 2)) == (Fraction(2), Fraction(9))  # binomial(10, 1/2): P(X <= 1) = 0.0107
    assert quantile_interval(ten[:5], Fraction(1, 2)) == (None, None)  # P(X = 0) = 0.031 is more than 2.5 %


def test_exact_ranks_and_their_approximation_agree_where_they_meet() -> None:
    values = [Fraction(value) for value in range(1, 502)]
    exact, close = quantile_interval(values[:500], Fraction(1, 2)), quantile_interval(values, Fraction(1, 2))
    for one, other in zip(exact, close, strict=True):
        assert one is not None
        assert other is not None
        assert abs(one - other) <= 2


@given(st.integers(0, 100), st.integers(1, 500))
def test_no_fewer_answers_than_are_needed_make_the_interval_narrow_enough(share: int, within: int) -> None:
    n = answers_needed(Fraction(share, 100), Fraction(within, 1000))

    def width(answers: int) -> float:
        low, high = wilson(Fraction(share, 100) * answers, answers)
        return high - low

    assert width(n) <= 2 * within / 1000
    assert n == 1 or width(n - 1) > 2 * within / 1000
