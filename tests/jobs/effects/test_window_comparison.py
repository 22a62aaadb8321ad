"""What a comparison is asked for in words, and what is wrong with it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.effects.window_comparison import ComparisonWanted, read_comparison
from bot.jobs.period_summary import FigureRequestError
from dialogs.time.periods import CompanyCalendar

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
CALENDAR = CompanyCalendar(ZoneInfo("Asia/Shanghai"), 4)
BOTH = {"before": "2026-09", "after": "2026-10"}


def wanted(**asked: str) -> ComparisonWanted:
    return read_comparison({**BOTH, "by": "dimension", **asked}, NOW, CALENDAR)


def test_without_more_three_figures_are_compared_by_dimension() -> None:
    found = wanted()
    assert [metric.id for metric in found.metrics] == ["mean", "csat", "bad_review_rate"]
    assert (found.by, found.of, found.change, found.pilot) == ("dimension", None, "", None)
    assert found.before.until == found.after.since


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-Q2", "2026-Q3"),
        ("2026-W40", "2026-W42"),
        ("2026-09-01..2026-09-15", "2026-09-15..2026-10-02"),
        ("2025", "2026"),
        ("FY2025", "FY2026-Q1"),
    ],
)
def test_windows_are_named_as_periods_everywhere(before: str, after: str) -> None:
    found = wanted(before=before, after=after)
    assert found.before.until <= found.after.since < found.after.until


def test_a_key_may_have_a_value_with_a_colon_and_spaces() -> None:
    assert wanted(of="product:AC: 300 ").of == ("product", "AC: 300")
    assert wanted(pilot="area:河西").pilot == ("area", "河西")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"before": ""}, "before"),
        ({"after": ""}, "after"),
        ({"before": "soon"}, "before"),
        ({"after": "2026-02-30..2026-03-01"}, "after"),
        ({"before": "2026-10", "after": "2026-09"}, "after"),
        ({"before": "2026", "after": "2026-10"}, "after"),
        ({"before": "2026-09-01..2026-10-02", "after": "2026-10"}, "after"),
        ({"by": "team"}, "by"),
        ({"metric": "nothing"}, "metric"),
        ({"metric": "time_on_site"}, "metric"),
        ({"metric": "first_time_proxy"}, "metric"),
        ({"of": "team"}, "of"),
        ({"of": ":north"}, "of"),
        ({"of": "question:attitude"}, "of"),
        ({"pilot": "team:"}, "pilot"),
        ({"pilot": "team:a", "of": "team:b"}, "pilot"),
        ({"pilot": "team:a", "change": "new"}, "pilot"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(asked: dict[str, str], field: str) -> None:
    with pytest.raises(FigureRequestError) as refused:
        wanted(**asked)
    assert refused.value.field == field
    assert refused.value.problem


def test_a_pilot_may_stand_beside_another_key_that_limits_both() -> None:
    found = wanted(pilot="team:a", of="product:AC-300")
    assert (found.pilot, found.of) == (("team", "a"), ("product", "AC-300"))


def test_metrics_are_taken_once_each_in_the_order_in_which_they_are_asked() -> None:
    assert [one.id for one in wanted(metric="csat, mean,csat").metrics] == ["csat", "mean"]


@pytest.mark.parametrize("by", ["", "dimension", "question"])
def test_ratings_are_cut_by_what_was_rated_or_by_nothing(by: str) -> None:
    assert wanted(by=by).by == by


@pytest.mark.parametrize(
    "metric", ["mean", "csat", "bad_review_rate", "full_mark_rate", "score_rate", "index", "nps", "ces"]
)
def test_every_metric_of_ratings_can_be_compared(metric: str) -> None:
    (found,) = wanted(metric=metric).metrics
    assert found.id == metric
