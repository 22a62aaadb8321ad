"""What a figure shows of a target: reached or missed with its whole interval, otherwise not shown."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from scoring.honesty.intervals import Interval
from scoring.metrics.asks import share_figure
from scoring.metrics.facts import Facts, IssueFact, VisitFact
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.metric_targets import MetricTarget, TargetVerdict, attainment_of, target_verdict

HOUR = Fraction(3600)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
REACHED, MISSED, NOT_SHOWN, NO_DATA = TargetVerdict


def mean(value: float | None, low: float | None = None, high: float | None = None) -> Figure:
    """Return a mean, with its interval where it has one."""
    interval = None if low is None or high is None else Interval(low, high, "t")
    state = SampleSize.EMPTY if value is None else SampleSize.SMALL
    n = 0 if value is None else 10
    return Figure("mean", {}, None if value is None else Fraction(value), n, n, state, interval=interval)


def visit(hours: int | None, area: str = "") -> VisitFact:
    """Return a visit that began so long after it was requested."""
    at = {"requested": NOON} if hours is None else {"requested": NOON, "onsite": NOON + timedelta(hours=hours)}
    return VisitFact({"area": area}, None, None if hours is None else hours * HOUR, None, None, at=at)


def half_as_fast(start: datetime, length: timedelta) -> datetime:
    """Return when so much working time has passed where a team works half of the time."""
    return start + 2 * length


SITE = ("requested", "onsite")


@pytest.mark.parametrize(
    ("figure", "at_least", "at_most"),
    [
        (mean(4.5, 4.2, 4.8), REACHED, MISSED),
        (mean(3.5, 3.2, 3.8), MISSED, REACHED),
        (mean(4.1, 3.8, 4.4), NOT_SHOWN, NOT_SHOWN),
        (mean(4.0, 4.0, 4.4), REACHED, NOT_SHOWN),
        (mean(4.5), REACHED, MISSED),
        (mean(None), NO_DATA, NO_DATA),
    ],
)
def test_the_whole_interval_has_to_lie_beyond_the_limit(
    figure: Figure, at_least: TargetVerdict, at_most: TargetVerdict
) -> None:
    assert target_verdict(MetricTarget("", "mean", Fraction(4)), figure) is at_least
    assert target_verdict(MetricTarget("", "mean", Fraction(4), is_most=True), figure) is at_most


@pytest.mark.parametrize(
    ("within", "of", "all_have_to", "nine_in_ten"),
    [
        (0, 0, NO_DATA, NO_DATA),
        (2, 2, REACHED, NOT_SHOWN),
        (1, 2, MISSED, NOT_SHOWN),
        (60, 60, REACHED, REACHED),
        (59, 60, MISSED, REACHED),
        (30, 60, MISSED, MISSED),
    ],
)
def test_a_time_is_kept_by_all_cases_or_by_a_share_of_them(
    within: int, of: int, all_have_to: TargetVerdict, nine_in_ten: TargetVerdict
) -> None:
    figure = share_figure("time_on_site", {}, within, of, {})
    each = MetricTarget("", "time_on_site", 24 * HOUR, is_most=True, ends=SITE)
    most = MetricTarget("", "time_on_site", 24 * HOUR, is_most=True, share=Fraction(90), ends=SITE)
    assert (target_verdict(each, figure), target_verdict(most, figure)) == (all_have_to, nine_in_ten)


def test_the_limit_belongs_to_what_is_within_and_an_unknown_length_is_named() -> None:
    facts = Facts(visits=(visit(24, "town"), visit(25, "town"), visit(None, "town"), visit(1, "suburb")))
    target = MetricTarget("", "time_on_site", 24 * HOUR, is_most=True, cut={"area": "town"}, ends=SITE)
    figure = attainment_of(target, facts, half_as_fast)
    assert (figure.numerator, figure.denominator) == (Fraction(1), Fraction(2))
    assert figure.excluded == {"not_reported": 1}
    assert target_verdict(target, figure) is MISSED


def test_what_nobody_has_claimed_is_neither_within_nor_late() -> None:
    claimed = IssueFact({"team": "north"}, "complaint", False, HOUR, None, False, False, False)  # noqa: FBT003 (fields)
    waiting = IssueFact({"team": "north"}, "complaint", False, None, None, False, False, False)  # noqa: FBT003 (as above)
    target = MetricTarget("", "time_to_claim", 24 * HOUR, is_most=True)
    figure = attainment_of(target, Facts(issues=(claimed, waiting)), half_as_fast)
    assert (figure.numerator, figure.denominator) == (Fraction(1), Fraction(1))
    assert target_verdict(target, figure) is REACHED


def test_in_working_time_the_same_visit_may_be_in_time() -> None:
    facts = Facts(visits=(visit(30), visit(48), visit(49)))
    clock = MetricTarget("", "requested..onsite", 24 * HOUR, is_most=True, ends=SITE)
    working = MetricTarget("", "requested..onsite", 24 * HOUR, is_most=True, ends=SITE, working=True)
    assert [attainment_of(one, facts, half_as_fast).numerator for one in (clock, working)] == [0, 2]


def test_moments_in_the_wrong_order_are_no_length() -> None:
    backwards = VisitFact({"area": ""}, None, None, None, None, at={"requested": NOON, "onsite": NOON - timedelta(1)})
    target = MetricTarget("", "time_on_site", HOUR, is_most=True, ends=SITE)
    figure = attainment_of(target, Facts(visits=(backwards,)), half_as_fast)
    assert figure.denominator == 0
    assert figure.excluded == {"not_reported": 1}
