"""Targets as owners write them: a limit on a figure, on each case's time, between two moments, on the clock or not."""

from fractions import Fraction

import pytest

from config.errors import InvalidValue
from config.values.targets import read_targets
from scoring.metrics.metric_targets import MOMENTS, TIMED_METRICS, MetricTarget


@pytest.mark.parametrize(
    ("text", "metric", "limit", "is_most"),
    [
        ("csat >= 95", "csat", 95, False),
        ("csat>=95%", "csat", 95, False),
        ("  csat ≥ 95.5  ", "csat", Fraction(191, 2), False),
        ("bad_review_rate <= 3", "bad_review_rate", 3, True),
        ("bad_review_rate ≤ 3", "bad_review_rate", 3, True),
        ("nps >= -10", "nps", -10, False),
        ("mean >= 4.2", "mean", Fraction(21, 5), False),
    ],
)
def test_a_figure_has_a_limit_in_its_unit(text: str, metric: str, limit: Fraction, is_most: bool) -> None:  # noqa: FBT001 (a column of the table)
    assert read_targets(text) == (MetricTarget(text.strip(), metric, Fraction(limit), is_most),)


@pytest.mark.parametrize(
    ("text", "seconds", "share", "cut", "working"),
    [
        ("time_on_site <= 2h", 7200, None, {}, False),
        ("time_on_site <= 90m for 95", 5400, 95, {}, False),
        ("time_on_site <= 90m for 99.5%", 5400, Fraction(199, 2), {}, False),
        ("time_on_site <= 1d area=市区", 86_400, None, {"area": "市区"}, False),
        ("time_on_site <= 2h working", 7200, None, {}, True),
        (
            "time_on_site <= 2h working for 90 contract=gold team=north",
            7200,
            90,
            {"contract": "gold", "team": "north"},
            True,
        ),
    ],
)
def test_a_time_limits_each_case_or_a_share_of_them(
    text: str,
    seconds: int,
    share: Fraction | None,
    cut: dict[str, str],
    working: bool,  # noqa: FBT001 (as above)
) -> None:
    (target,) = read_targets([text])
    assert (target.limit, target.share) == (Fraction(seconds), share)
    assert (dict(target.cut), target.working) == (cut, working)
    assert target.ends == ("requested", "onsite")
    assert (target.is_timed, target.is_most) == (True, True)


@pytest.mark.parametrize("first", MOMENTS)
@pytest.mark.parametrize("last", ["onsite", "done"])
def test_a_time_may_lie_between_any_two_moments(first: str, last: str) -> None:
    (target,) = read_targets(f"{first}..{last} <= 30m")
    assert (target.metric, target.ends, target.limit) == (f"{first}..{last}", (first, last), Fraction(1800))


def test_the_times_of_issues_lie_between_no_moments_of_a_visit() -> None:
    claim, resolve = read_targets("time_to_claim <= 1h, time_to_resolve <= 1d for 90")
    assert (claim.ends, resolve.ends) == (None, None)
    assert (claim.is_timed, resolve.is_timed) == (True, True)
    assert {name for name, ends in TIMED_METRICS.items() if ends is None} == {claim.metric, resolve.metric}


def test_several_are_a_list_and_none_is_empty() -> None:
    every = read_targets(["csat >= 95", "time_to_done <= 4h"])
    assert [target.metric for target in every] == ["csat", "time_to_done"]
    assert read_targets(every) is every
    assert read_targets("") == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("csat", "is no target"),
        ("csat = 95", "is no target"),
        ("csat >= 95 working", "only the times of a visit"),
        ("csat >= 2h", "'2h' is no number"),
        ("csat >= 95 for 90", "only a length of time"),
        ("time_on_site <= 120", "is not a duration"),
        ("time_on_site_p90 <= 2h", "limits no case"),
        ("onsite <= 2h", "there is no metric 'onsite'"),
        ("requested.. <= 2h", "is no target"),
        ("requested..lunch <= 2h", "'lunch' is no moment"),
        ("requested..onsite <= 2h mood=good", "has no key 'mood'"),
        ("time_to_claim <= 2h contract=gold", "has no key 'contract'"),
    ],
)
def test_what_is_no_target_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_targets(text)
    assert problem in str(refused.value)
