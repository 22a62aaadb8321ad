"""Charts of a share that should stay low: what alarms, what does not, and how seldom it alarms by chance."""

from fractions import Fraction
from math import erfc, sqrt
from random import Random  # noqa: TID251 (simulated, always the same by its seed)
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.charts import (
    Chart,
    ChartRules,
    ChartState,
    PointVerdict,
    SharePoint,
    least_unlikely,
    with_bucket,
    with_point,
)
from tests.scoring.honesty.simulated_years import simulated_year

RULES = ChartRules(baseline=12, fewest=10)
BEYOND = (PointVerdict.JUMP, PointVerdict.DRIFT)


def drawn(*counts: tuple[int, int], rules: ChartRules = RULES) -> Chart:
    """Draw a chart of (low, people), a bucket each; buckets are numbered as days would be."""
    chart = Chart()
    for number, (bad, n) in enumerate(counts):
        chart = with_bucket(chart, SharePoint(f"{number:04}", f"{number + 1:04}", n, bad), rules)
    return chart


def verdicts(chart: Chart) -> list[PointVerdict]:
    return [one.verdict for one in chart.points]


def test_nothing_is_judged_before_there_is_a_baseline() -> None:
    chart = drawn(*[(1, 12)] * 11, (12, 12))
    assert verdicts(chart) == [PointVerdict.BASELINE] * 12
    assert not chart.state.since


def test_a_jump_begins_an_excursion_that_ends_when_what_came_since_tells_that_it_is_over() -> None:
    usual = [(1, 12)] * 12
    chart = drawn(*usual, (1, 12), (7, 12), (8, 12))
    assert verdicts(chart)[12:] == [PointVerdict.WITHIN, PointVerdict.JUMP, PointVerdict.JUMP]
    assert chart.state.since == "0013"
    last = chart.points[-1]
    assert (last.usual, last.limit) == (Fraction(13, 146), 6)
    back = drawn(*usual, (1, 12), (7, 12), (8, 12), (1, 12), *[(0, 12)] * 4)
    assert verdicts(back)[-5:] == [PointVerdict.WITHIN] * 5
    assert back.state.since == "0013"  # 1.089⁶⁰ ÷ 2 = 83
    assert not drawn(*usual, (1, 12), (7, 12), (8, 12), (1, 12), *[(0, 12)] * 5).state.since  # 1.089⁷² ÷ 2 = 232


def test_a_small_lasting_rise_is_a_drift_that_no_single_point_shows() -> None:
    chart = drawn(*[(3, 40)] * 12, *[(7, 40)] * 6)
    found = verdicts(chart)[12:]
    assert PointVerdict.JUMP not in found
    assert found[-1] is PointVerdict.DRIFT


def test_a_lasting_change_does_not_become_the_usual_by_lasting() -> None:
    chart = drawn(*[(2, 30)] * 12, *[(12, 30)] * 40)
    assert chart.state.since == "0012"
    assert {one.usual for one in chart.points[12:]} == {Fraction(25, 362)}


def test_what_stays_within_the_limits_joins_the_baseline() -> None:
    chart = drawn(*[(2, 30)] * 24)
    assert [chart.state.points, chart.state.n, chart.state.bad] == [24, 720, 48]
    assert drawn(*[(2, 30)] * 72).state.points == 48


def test_fewer_people_than_make_a_point_wait_for_more_and_alarm_nobody() -> None:
    chart = drawn(*[(1, 12)] * 12, (4, 4), (5, 5))
    assert len(chart.points) == 12
    assert chart.pending == SharePoint("0012", "0014", 9, 9)
    joined = with_bucket(chart, SharePoint("0014", "0015", 1, 1), RULES)
    assert joined.pending is None
    assert joined.points[-1].point == SharePoint("0012", "0015", 10, 10)
    assert joined.points[-1].verdict is PointVerdict.JUMP


def test_one_low_answer_after_none_at_all_alarms_nobody() -> None:
    assert verdicts(drawn(*[(0, 10)] * 12, (1, 10)))[-1] is PointVerdict.WITHIN


@given(st.integers(1, 60), st.fractions(Fraction(1, 500), Fraction(99, 100)))
def test_the_limit_rises_with_the_share_and_is_never_out_of_range(n: int, share: Fraction) -> None:
    limit = least_unlikely(n, share)
    assert 1 <= limit <= n + 1
    assert limit <= least_unlikely(n, (share + 1) / 2)
    assert limit <= least_unlikely(n + 1, share)


POINTS = st.lists(st.integers(10, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=40)


@given(POINTS)
def test_an_excursion_goes_on_until_the_usual_share_is_two_hundred_times_likelier_than_one_of_twice_its_odds(
    counts: list[tuple[int, int]],
) -> None:
    chart = drawn(*counts)
    assert len(chart.points) == len(counts)
    is_out, likelier = False, Fraction(1)
    for one in chart.points[12:]:
        assert one.usual is not None
        assert one.ewma is not None
        assert 0 < one.usual < 1
        assert 0 <= one.ewma <= 1
        odds, point = one.usual / (1 - one.usual), one.point
        twice = 2 * odds / (1 + 2 * odds)
        good = (1 - one.usual) / (1 - twice)
        likelier = max(Fraction(1), likelier * good ** (point.n - point.bad) * (one.usual / twice) ** point.bad)
        if one.verdict in BEYOND:
            is_out, likelier = True, Fraction(1)
        elif likelier >= 200 or not is_out:
            is_out, likelier = False, Fraction(1)
    assert bool(chart.state.since) == is_out


def test_more_charts_that_are_judged_together_need_more_to_alarm() -> None:
    limits = [least_unlikely(30, Fraction(2, 25), charts) for charts in (1, 5, 25, 100)]
    assert limits == [9, 10, 11, 11]
    usual, rise = [(3, 40)] * 12, [(7, 40)] * 4
    assert PointVerdict.DRIFT in verdicts(drawn(*usual, *rise))
    several = drawn(*usual, *rise, rules=ChartRules(12, 10, charts=25))
    assert PointVerdict.DRIFT not in verdicts(several)
    first, share = several.points[12], Fraction(37, 482)
    spread = (Fraction(1, 1000) + Fraction(1, 480)) * share * (1 - share)
    width = (float(first.ewma_limit or 0) - float(share)) / sqrt(spread)
    assert 25 * erfc(width / sqrt(2)) == pytest.approx(erfc(2.7 / sqrt(2)), rel=0.01)


@pytest.mark.parametrize(("people", "charts"), [(30, 1), (60, 5)])
def test_a_flat_year_warns_once_at_most_and_one_of_twice_the_share_once(people: int, charts: int) -> None:
    dice = Random(people)  # noqa: S311 (no secrets)
    flat, twice = ([simulated_year(dice, people, charts, [share] * 52) for _ in range(20)] for share in (0.08, 0.16))
    assert sum(one.excursions <= 1 for one in flat) >= 19
    assert sum(one.excursions == 1 for one in twice) >= 17


@given(POINTS, st.integers(0, 10))
def test_one_more_low_answer_never_takes_an_alarm_back(counts: list[tuple[int, int]], n: int) -> None:
    state = drawn(*[(1, 12)] * 12, *counts).state
    found = [with_point(state, SharePoint("a", "b", n + 10, bad), 12)[1].verdict in BEYOND for bad in range(n + 11)]
    assert found == sorted(found)


def _weeks_until_an_alarm(dice: Random, n: int, share: float, later: float, most: int) -> int:
    """Return how many points are judged until one is beyond the limits; `later` is the share after the baseline."""
    state, weeks = ChartState(), 0
    while weeks < most:
        is_judged = state.points >= RULES.baseline
        bad = sum(dice.random() < (later if is_judged else share) for _ in range(n))
        state, judged = with_point(state, SharePoint("a", "b", n, bad), RULES.baseline)
        weeks += is_judged
        if judged.verdict in BEYOND:
            return weeks
    return most


@pytest.mark.proof
@pytest.mark.parametrize(
    ("n", "least", "most_in_a_year", "twice", "thrice"), [(10, 150, 0.27, 24, 6), (30, 180, 0.2, 7, 2)]
)
def test_how_long_it_runs_without_a_false_alarm_and_how_soon_it_tells_a_true_one(
    n: int, least: float, most_in_a_year: float, twice: int, thrice: int
) -> None:
    dice = Random(n)  # noqa: S311 (no secrets)
    calm = [_weeks_until_an_alarm(dice, n, 0.08, 0.08, 400) for _ in range(200)]
    soon = [median(_weeks_until_an_alarm(dice, n, 0.08, share, 100) for _ in range(60)) for share in (0.16, 0.25)]
    early = sum(weeks <= 52 for weeks in calm) / len(calm)
    assert sum(calm) / len(calm) >= least
    assert early <= most_in_a_year
    assert soon[0] <= twice
    assert soon[1] <= thrice
