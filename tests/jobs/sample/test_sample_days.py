"""The days of the sample company: whole months before the current one, busy and quiet days, changes in their months."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_days import month_from, set_up
from tests.jobs.sample.orders import order_of


@pytest.mark.parametrize(
    ("now", "months", "first", "until"),
    [
        (datetime(2026, 11, 30, 4, tzinfo=UTC), 13, date(2025, 10, 1), date(2026, 11, 1)),
        (datetime(2026, 1, 31, 15, tzinfo=UTC), 1, date(2025, 12, 1), date(2026, 1, 1)),
        (datetime(2026, 1, 31, 17, tzinfo=UTC), 1, date(2026, 1, 1), date(2026, 2, 1)),
        (datetime(2028, 3, 1, 0, tzinfo=UTC), 36, date(2025, 3, 1), date(2028, 3, 1)),
    ],
)
def test_the_months_are_those_before_the_current_one_on_the_owners_clocks(
    now: datetime, months: int, first: date, until: date
) -> None:
    days = set_up(order_of(now=now, months=months)).days
    assert (days.first, days.until, days.months) == (first, until, months)
    assert len(days.ends) == (until - first).days


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Auckland", "UTC"])
def test_the_last_moment_is_the_beginning_of_the_current_month(zone: str) -> None:
    days = set_up(order_of(zone=ZoneInfo(zone))).days
    assert days.end == datetime(2026, 11, 1, tzinfo=ZoneInfo(zone))
    assert days.last_month == date(2026, 10, 1)


def test_days_come_as_often_as_their_weight() -> None:
    days, draws = set_up(order_of()).days, Draws("days")
    counts = Counter(days.drawn(draws) for _ in range(60_000))
    assert min(counts) >= days.first
    assert max(counts) < days.until
    eleventh, quiet = counts[date(2025, 11, 11)], counts[date(2025, 11, 4)]
    assert 1.5 < eleventh / quiet < 2.8
    holiday, usual = counts[date(2026, 2, 10)], counts[date(2026, 2, 3)]
    assert holiday < 0.7 * usual


def test_the_share_of_the_last_month_is_what_is_drawn_in_it() -> None:
    days, draws = set_up(order_of()).days, Draws("share")
    drawn = sum(days.drawn(draws) >= days.last_month for _ in range(40_000)) / 40_000
    assert drawn == pytest.approx(days.share_of_last_month(), abs=0.01)
    assert set_up(order_of(months=1)).days.share_of_last_month() == 1


@pytest.mark.parametrize(
    ("now", "months", "begins"),
    [
        (datetime(2026, 11, 30, tzinfo=UTC), 13, [date(2026, 3, 3), date(2026, 6, 5)]),
        (datetime(2026, 5, 10, tzinfo=UTC), 13, [date(2026, 3, 3), date(2025, 6, 5)]),
        (datetime(2026, 4, 10, tzinfo=UTC), 13, [date(2025, 6, 5)]),
        (datetime(2026, 4, 10, tzinfo=UTC), 14, [date(2025, 3, 3), date(2025, 6, 5)]),
        (datetime(2026, 11, 30, tzinfo=UTC), 6, [date(2026, 6, 5)]),
        (datetime(2026, 11, 30, tzinfo=UTC), 2, []),
    ],
)
def test_changes_have_a_month_before_and_one_after_them(now: datetime, months: int, begins: list[date]) -> None:
    days = set_up(order_of(now=now, months=months)).days
    assert [one.begins for one in days.changes] == begins
    for one in days.changes:
        assert one.baseline.until <= days.at(one.begins, 0) < one.window.since
        assert one.window.until <= days.end


def test_a_month_is_found_across_the_years() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert month_from(date(2025, 11, 1), 2, zone).since == datetime(2026, 1, 1, tzinfo=zone)
    assert month_from(date(2026, 1, 1), -1, zone).until == datetime(2026, 1, 1, tzinfo=zone)
