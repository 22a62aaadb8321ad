"""What a review calls strong and weak, and that its chapters can be read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.intervals import Interval, wilson
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure, SampleSize, sample_size
from scoring.metrics.review import FINDINGS, REVIEW_CHAPTERS, Evidence, strengths, weaknesses
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
