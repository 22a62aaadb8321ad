"""Welch's interval of a difference of means: the width follows Student's distribution, and people, not answers."""

from fractions import Fraction

import pytest

from scoring.effects.before_after import PersonRating, Windows, before_and_after
from scoring.metrics.facts import RatingCount
from scoring.metrics.ratings import rating_figure
from scoring.scale import Scale

KEYS = {"survey": "after_service", "question": "attitude", "dimension": "attitude", "channel": "web"}
STUDENT = {
    8: 2.3060,
    10: 2.2281,
    14: 2.1448,
    20: 2.0860,
    28: 2.0484,
    40: 2.0211,
    58: 2.0017,
    78: 1.9908,
    98: 1.9845,
    198: 1.9720,
}
"""The 97.5 % points of Student's distribution by degrees of freedom, as tables print them."""


def given_by(values: list[int], first: int, scale: Scale, person: str = "c") -> list[PersonRating]:
    return [
        PersonRating(f"{person}{first + place}", RatingCount(KEYS, scale, value, 1))
        for place, value in enumerate(values)
    ]


def width(before: list[PersonRating], after: list[PersonRating], metric: str = "mean") -> float:
    """Return half the width of the interval of the difference."""
    sides = [rating_figure(metric, {}, [one.rating for one in side], withheld=False) for side in (before, after)]
    (found,) = before_and_after([Windows(sides[0], sides[1], before, after)])
    assert found.difference is not None
    interval = found.difference.interval
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    assert (interval.low + interval.high) / 2 == pytest.approx(float(found.difference.value))
    return (interval.high - interval.low) / 2


@pytest.mark.parametrize(("freedom", "quantile"), STUDENT.items())
def test_of_two_groups_alike_it_is_as_wide_as_students_distribution_says(freedom: int, quantile: float) -> None:
    """Two groups of n with the same variance have 2 n - 2 degrees of freedom."""
    n = freedom // 2 + 1
    values = [1, 5] * n
    before, after = (given_by(values[:n], first, Scale(1, 5)) for first in (0, 1000))
    mean = Fraction(sum(values[:n]), n)
    variance = sum(((value - mean) ** 2 for value in values[:n]), start=Fraction(0)) / (n - 1)
    assert width(before, after) == pytest.approx(quantile * float(2 * variance / n) ** 0.5, rel=3e-3)


@pytest.mark.parametrize(("metric", "factor"), [("mean", 1.0), ("index", 25.0), ("score_rate", 20.0)])
def test_it_is_in_the_unit_of_the_metric(metric: str, factor: float) -> None:
    before, after = given_by([2, 4] * 10, 0, Scale(1, 5)), given_by([3, 5] * 10, 1000, Scale(1, 5))
    assert width(before, after, metric) == pytest.approx(factor * width(before, after), rel=1e-9)


def test_on_ten_points_it_is_in_those_points() -> None:
    five = width(given_by([2, 4] * 10, 0, Scale(1, 5)), given_by([3, 5] * 10, 1000, Scale(1, 5)))
    ten = width(given_by([2, 6] * 10, 0, Scale(1, 10)), given_by([5, 9] * 10, 1000, Scale(1, 10)))
    assert ten == pytest.approx(2 * five)


def test_the_same_answers_of_half_as_many_people_are_less_sure() -> None:
    before = given_by([2, 4] * 20, 0, Scale(1, 5))
    alone = given_by([3, 3, 5, 5] * 10, 1000, Scale(1, 5))
    of_pairs = [PersonRating(f"p{place // 2}", one.rating) for place, one in enumerate(alone)]
    assert width(before, of_pairs) > width(before, alone)


def test_answers_on_more_points_are_no_surer_for_that() -> None:
    """A scale of ten points has no narrower interval than five where the same people say the same."""
    five = width(given_by([1, 5] * 10, 0, Scale(1, 5)), given_by([1, 5] * 10, 1000, Scale(1, 5)), "index")
    ten = width(given_by([1, 10] * 10, 0, Scale(1, 10)), given_by([1, 10] * 10, 1000, Scale(1, 10)), "index")
    assert ten == pytest.approx(five)


@pytest.mark.parametrize("n", [15, 20, 40, 80])
def test_four_times_as_many_people_halve_it_nearly(n: int) -> None:
    few = width(given_by([2, 4] * n, 0, Scale(1, 5)), given_by([3, 5] * n, 1000, Scale(1, 5)))
    many = width(given_by([2, 4] * (4 * n), 0, Scale(1, 5)), given_by([3, 5] * (4 * n), 5000, Scale(1, 5)))
    assert many / few == pytest.approx(0.5, abs=0.02)
