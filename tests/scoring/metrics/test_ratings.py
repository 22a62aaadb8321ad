"""Metrics of ratings: golden values and laws."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.ratings import rating_figure
from scoring.scale import FIVE, Scale

TEN, NPS, CES = Scale(1, 10), Scale(0, 10), Scale(1, 7)
SHARES = ("csat", "full_mark_rate", "score_rate", "index", "bad_review_rate")
RATINGS = st.lists(st.integers(1, 5), min_size=5, max_size=60)


def counts(values: Sequence[int], scale: Scale = FIVE) -> list[RatingCount]:
    return [RatingCount({"survey": "s", "question": "q"}, scale, value, 1) for value in values]


def figure(metric: str, values: Sequence[int], scale: Scale = FIVE) -> Figure:
    return rating_figure(metric, {}, counts(values, scale), withheld=False)


@pytest.mark.parametrize(
    ("metric", "scale", "values", "expected"),
    [
        ("csat", FIVE, [5] * 74 + [3] * 33, Fraction(7400, 107)),
        ("nps", NPS, [10, 9, 8, 7, 6, 0], Fraction(0)),
        ("ces", CES, [7, 6, 5, 4, 1], Fraction(60)),
        ("score_rate", FIVE, [1] * 5, Fraction(20)),
        ("score_rate", FIVE, [5] * 5, Fraction(100)),
        ("index", FIVE, [1] * 5, Fraction(0)),
        ("index", TEN, [1, 10, 1, 10, 1, 10], Fraction(50)),
        ("full_mark_rate", TEN, [10, 10, 9, 9, 9], Fraction(40)),
        ("csat", TEN, [8, 7, 10, 1, 8], Fraction(60)),
        ("bad_review_rate", TEN, [3, 4, 10, 10, 10], Fraction(20)),
        ("mean", FIVE, [5, 4, 4, 4, 4, 4], Fraction(25, 6)),
    ],
)
def test_known_values(metric: str, scale: Scale, values: list[int], expected: Fraction) -> None:
    assert figure(metric, values, scale).value == expected


@pytest.mark.parametrize(("metric", "scale"), [("nps", FIVE), ("nps", TEN), ("ces", FIVE)])
def test_what_has_a_scale_of_its_own_is_never_derived_from_another(metric: str, scale: Scale) -> None:
    told = figure(metric, [1, 2, 3, 4, 5], scale)
    assert (told.value, told.n, told.state) == (None, 0, SampleSize.EMPTY)


@given(RATINGS)
def test_a_share_stays_within_its_interval_and_its_bounds(values: list[int]) -> None:
    for metric in SHARES:
        told = figure(metric, values)
        assert told.value is not None
        assert told.interval is not None
        assert told.interval.low is not None
        assert told.interval.high is not None
        assert -1e-9 <= told.interval.low <= float(told.value) + 1e-9
        assert float(told.value) - 1e-9 <= told.interval.high <= 100 + 1e-9


@given(RATINGS)
def test_neither_order_nor_doubling_changes_a_value(values: list[int]) -> None:
    for metric in (*SHARES, "mean"):
        assert figure(metric, values).value == figure(metric, sorted(values)).value == figure(metric, 2 * values).value


@given(RATINGS, st.data())
def test_a_better_answer_never_makes_it_worse(values: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(values) - 1))
    better = [*values[:place], min(5, values[place] + 1), *values[place + 1 :]]
    for metric in ("csat", "mean", "full_mark_rate", "score_rate", "index"):
        before, after = figure(metric, values).value, figure(metric, better).value
        assert before is not None
        assert after is not None
        assert after >= before


@given(RATINGS, RATINGS)
def test_what_is_excluded_changes_nothing_else(values: list[int], others: list[int]) -> None:
    left_out = [RatingCount({"survey": "s", "question": "q"}, FIVE, value, 1, "test") for value in others]
    plain = figure("mean", values)
    told = rating_figure("mean", {}, [*counts(values), *left_out], withheld=False)
    assert (told.value, told.n, told.interval) == (plain.value, plain.n, plain.interval)
    assert told.excluded == {"test": len(others)}


def test_a_figure_tells_how_many_of_its_ratings_came_on_which_way() -> None:
    given = [
        RatingCount({"survey": "s", "question": "q", "channel": channel}, FIVE, value, n, excluded)
        for channel, value, n, excluded in (
            ("telegram", 5, 6, ""),
            ("paper", 1, 2, ""),
            ("paper", 3, 1, ""),
            ("platform", 1, 9, "off_topic"),
        )
    ]
    figure = rating_figure("csat", {}, given, withheld=False)
    assert (dict(figure.sources), dict(figure.excluded)) == ({"paper": 3, "telegram": 6}, {"off_topic": 9})
    assert sum(figure.sources.values()) == figure.n
    few = rating_figure("csat", {}, given[1:3], withheld=False)
    assert (few.value, dict(few.sources)) == (None, {"paper": 3})
    assert dict(rating_figure("csat", {}, given, withheld=True).sources) == {"paper": 3, "telegram": 6}
