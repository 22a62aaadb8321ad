"""Figures of importance, and the quadrants of importance beside performance."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import Figure, SampleSize, Weighting
from scoring.metrics.importance import importance_figure, importance_parts
from scoring.metrics.quadrants import Quadrant, quadrant_grids
from scoring.metrics.ratings import rating_figure
from scoring.scale import FIVE, Scale
from scoring.values import replace


def count(value: int, importance: int, n: int = 6, scale: Scale = FIVE, **more: str) -> RatingCount:
    keys = {"survey": "s", "question": "q", "dimension": "q", "channel": "web", "team": ""} | more
    return RatingCount(keys, scale, value, n, importance=importance)


def weighted(*counts: RatingCount, withheld: bool = False) -> Figure:
    return importance_figure("weighted_score", {}, counts, withheld=withheld)


def test_the_score_is_weighted_by_importance_exactly() -> None:
    golden = [count(r, w, question=f"q{place}") for place, (r, w) in enumerate(((5, 5), (3, 5), (4, 3), (4, 2)))]
    figure = weighted(*golden)
    assert [figure.value, figure.weighting, figure.people] == [80, Weighting.GIVEN, 6]
    assert [figure.numerator, figure.denominator] == [6 * 60, 6 * 75]


def test_ratings_without_importance_are_left_out_unless_there_is_none_at_all() -> None:
    assert weighted(count(5, 4), count(1, 0)).value == 100
    alone = weighted(count(5, 0), count(1, 0))
    assert [alone.value, alone.weighting] == [60, Weighting.EQUAL]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(5, 40)), min_size=1, max_size=9), st.integers(0, 5))
def test_equal_weights_are_the_plain_score_rate(given: list[tuple[int, int]], importance: int) -> None:
    counts = [count(value, importance, n) for value, n in given]
    plain = rating_figure("score_rate", {}, counts, withheld=False)
    figure = weighted(*counts)
    assert (figure.value, figure.n, figure.people) == (plain.value, plain.n, plain.people)
    assert figure.interval is not None
    assert plain.interval is not None
    assert figure.interval.low == pytest.approx(plain.interval.low)


def test_unequal_weights_are_worth_fewer_answers() -> None:
    alike = weighted(*(count(value, 3, 10) for value in (5, 3, 5, 3)))
    unlike = weighted(*(count(value, weight, 10) for value, weight in ((5, 5), (3, 5), (5, 1), (3, 1))))
    assert alike.value == unlike.value == 80
    assert _width(unlike) > _width(alike)


def _width(figure: Figure) -> float:
    assert figure.interval is not None
    assert figure.interval.low is not None
    assert figure.interval.high is not None
    return figure.interval.high - figure.interval.low


def test_few_people_and_what_is_withheld_have_counts_only() -> None:
    assert (weighted(count(5, 5, 4)).value, weighted(count(5, 5, 4)).state) == (None, SampleSize.FEW)
    assert (weighted(count(5, 5), withheld=True).value, weighted(count(5, 5), withheld=True).n) == (None, 6)
    assert weighted().state is SampleSize.EMPTY
    assert importance_figure("importance", {}, [count(5, 0)], withheld=False).state is SampleSize.EMPTY


def test_what_does_not_count_is_told_by_reason_and_adds_nothing() -> None:
    out = replace(count(1, 5, 3), excluded="test")
    figure = weighted(count(5, 5), out)
    assert [figure.value, dict(figure.excluded)] == [100, {"test": 3}]
    assert importance_parts("weighted_score", out, Weighting.GIVEN) is None
    assert importance_parts("importance", count(5, 4, 2), Weighting.GIVEN) == (8, 2)
    assert importance_parts("weighted_score", count(5, 0), Weighting.GIVEN) is None


def test_over_scales_of_different_length_there_is_a_value_and_no_interval() -> None:
    figure = weighted(count(5, 2), count(8, 2, scale=Scale(1, 10), question="q2"))
    assert figure.value == Fraction(100 * 26, 30)
    assert figure.interval is None


def figures(*points: tuple[str, int, int], n: int = 12) -> list[Figure]:
    found = []
    for dimension, importance, rating in points:
        one = count(rating, importance, n, question=dimension, dimension=dimension)
        cut = {"dimension": dimension}
        found.append(importance_figure("importance", cut, [one], withheld=False))
        found.append(rating_figure("index", cut, [one], withheld=False))
    return found


def test_each_corner_is_a_quadrant_and_the_crosshair_is_the_mean_of_the_points() -> None:
    (grid,) = quadrant_grids(figures(("a", 5, 5), ("b", 5, 1), ("c", 1, 5), ("d", 1, 1)))
    places = {point.dimension: point.quadrant for point in grid.points}
    corners = (Quadrant.KEEP_UP, Quadrant.CONCENTRATE, Quadrant.OVERKILL, Quadrant.LOW_PRIORITY)
    assert places == dict(zip("abcd", corners, strict=True))
    assert [grid.importance, grid.performance] == [3, 50]


def test_a_single_point_lies_on_the_crosshair_and_so_is_not_clear() -> None:
    (grid,) = quadrant_grids(figures(("a", 5, 4)))
    assert [point.quadrant for point in grid.points] == [Quadrant.NOT_CLEAR]


def test_what_is_not_told_makes_no_point_and_moves_no_crosshair() -> None:
    (grid,) = quadrant_grids([*figures(("a", 5, 5), ("b", 1, 1)), *figures(("c", 5, 1), n=4)])
    assert [grid.importance, grid.performance] == [3, 50]
    assert grid.untold == ("c",)
    assert quadrant_grids(figures(("a", 0, 5))) == ()
