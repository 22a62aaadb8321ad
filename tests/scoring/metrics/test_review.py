"""What a review calls strong and weak, and that its chapters can be read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.intervals import Interval, wilson
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.metrics.review import FINDINGS, REVIEW_CHAPTERS, Evidence, behind, least_sure, strengths, weaknesses
from scoring.metrics.summary import metrics_for
from scoring.values import replace


def share(good: int, n: int, dimension: str = "") -> Figure:
    """Return the share of satisfied answers, with its interval where there may be one."""
    low, high = wilson(good, n) if n else (0.0, 1.0)
    state, cut = sample_size(n), {"dimension": dimension} if dimension else {}
    value = Fraction(100 * good, n) if state in (SampleSize.SMALL, SampleSize.FULL) else None
    return Figure("csat", cut, value, n, n, state, interval=Interval(100 * low, 100 * high, "Wilson"))


COMMON = share(240, 400)  # 60 %


def names(found: tuple[Evidence, ...]) -> list[str]:
    return [one.figure.cut["dimension"] for one in found]


def test_what_lies_beyond_the_common_share_with_all_of_its_interval_is_told_clearest_first() -> None:
    figures = [share(39, 40, "a"), share(40, 40, "b"), share(24, 40, "c"), share(5, 40, "d"), share(1, 40, "e")]
    assert names(strengths(figures, COMMON)) == ["b", "a"]
    assert names(weaknesses(figures, COMMON)) == ["e", "d"]


def test_a_better_mean_of_few_answers_is_no_strength() -> None:
    figures = [share(5, 5, "all of five"), share(4, 4, "too few"), share(190, 200, "many")]
    assert names(strengths(figures, COMMON)) == ["many"]  # 5 of 5 may be 57 %


def test_there_are_three_at_most_and_equal_ones_in_the_order_of_their_names() -> None:
    assert names(strengths([share(40, 40, name) for name in "dcba"], COMMON)) == ["a", "b", "c"]


@pytest.mark.parametrize("common", [None, share(0, 0), share(3, 4)])
def test_without_a_common_value_nothing_is_strong_or_weak(common: Figure | None) -> None:
    figures = [share(40, 40, "a"), share(0, 40, "b")]
    assert (strengths(figures, common), weaknesses(figures, common)) == ((), ())


def test_what_is_withheld_tells_nothing() -> None:
    hidden = replace(share(40, 40, "a"), state=SampleSize.WITHHELD, value=None, interval=None)
    assert strengths([hidden], COMMON) == ()
    assert strengths([replace(share(40, 40, "a"), interval=None)], COMMON) == ()


COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


@given(COUNTS, st.integers(5, 60), st.integers(0, 60))
def test_nothing_is_both_and_each_interval_leaves_the_common_value_out(
    counts: list[tuple[int, int]], n: int, good: int
) -> None:
    common = share(min(good, n), n)
    assert common.value is not None
    figures = [share(min(one, total), total, f"d{place}") for place, (one, total) in enumerate(counts)]
    strong, weak = strengths(figures, common), weaknesses(figures, common)
    assert not set(names(strong)) & set(names(weak))
    for one in strong:
        assert one.figure.interval is not None
        assert one.figure.interval.low is not None
        assert one.figure.interval.low > float(common.value)
    for one in weak:
        assert one.figure.interval is not None
        assert one.figure.interval.high is not None
        assert one.figure.interval.high < float(common.value)


def test_every_figure_of_a_chapter_is_in_the_catalogue_and_can_be_cut_so() -> None:
    assert list(REVIEW_CHAPTERS) == ["response", "quality", "solving", "people", "feedback"]
    for parts in REVIEW_CHAPTERS.values():
        for part in parts:
            possible = {metric.id for metric in metrics_for(part.by)}
            assert set(part.metrics) <= CATALOGUE.keys()
            assert set(part.metrics) <= possible, part


def test_a_dimension_belongs_to_one_finding_at_most() -> None:
    told = [dimension for dimensions in FINDINGS.values() for dimension in dimensions]
    assert len(told) == len(set(told))


LOW = share(120, 200, "after_care")  # 60 %


def placed(good: int, n: int, key: str, name: str, dimension: str = "after_care") -> Figure:
    return replace(share(good, n), cut={key: name, "dimension": dimension})


def places(found: tuple[Evidence, ...]) -> list[str]:
    return [next(iter(one.figure.cut.values())) for one in found]


def test_a_weak_item_is_traced_to_the_widest_place_and_to_the_clearest_one() -> None:
    teams = [placed(90, 100, "team", "north"), placed(30, 100, "team", "south")]
    agents = [placed(28, 50, "agent", "a1"), placed(2, 50, "agent", "a2"), placed(45, 50, "agent", "a3")]
    assert places(behind([teams, agents], LOW)) == ["south", "a2"]
    assert places(behind([teams], LOW)) == ["south"]
    assert places(behind([[], agents], LOW)) == ["a2"]


def test_the_widest_place_that_is_the_clearest_is_told_once() -> None:
    teams = [placed(1, 100, "team", "south")]
    agents = [placed(20, 50, "agent", "a2")]
    assert places(behind([teams, agents], LOW)) == ["south"]


def test_a_place_weak_in_another_item_is_not_behind_this_one() -> None:
    elsewhere = [placed(1, 100, "team", "south", "attitude")]
    alike = [placed(60, 100, "team", "south"), placed(60, 100, "team", "north")]
    assert behind([elsewhere, alike], LOW) == ()


def test_a_place_with_few_answers_is_not_blamed() -> None:
    assert behind([[placed(1, 4, "team", "south")], [placed(3, 6, "agent", "a1")]], LOW) == ()


def test_what_rests_on_the_fewest_people_is_the_least_sure() -> None:
    figures = [share(8, 12, "b"), share(40, 40, "many"), share(5, 5, "c"), share(3, 4, "too few"), share(8, 12, "a")]
    assert [one.cut["dimension"] for one in least_sure(figures)] == ["c", "a", "b"]


def test_the_whole_and_what_is_withheld_are_not_among_the_least_sure() -> None:
    hidden = replace(share(8, 12, "a"), state=SampleSize.WITHHELD, value=None, interval=None)
    assert least_sure([share(8, 12), hidden, share(0, 0, "nobody")]) == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=8))
def test_the_least_sure_are_small_and_in_order(counted: list[tuple[int, int]]) -> None:
    figures = [share(min(good, n), n, f"d{place}") for place, (good, n) in enumerate(counted)]
    found = least_sure(figures)
    assert [one.people for one in found] == sorted(one.people for one in found)
    assert {id(one) for one in found} == {id(one) for one in figures if one.state is SampleSize.SMALL}
