"""Periods by their names, on the clocks of a zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.time.periods import days_of, month_so_far, named_period, period_before

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("name", "first", "until"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        ("2026-q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-02-28", date(2026, 2, 28), date(2026, 3, 1)),
    ],
)
def test_a_name_is_a_range_of_days(name: str, first: date, until: date) -> None:
    found, same = named_period(name, SHANGHAI), days_of(first, until, SHANGHAI)
    assert (found.since, found.until, found.name) == (same.since, same.until, name.upper())


def test_a_month_begins_and_ends_on_the_clocks_of_the_zone() -> None:
    assert named_period("2026-11", SHANGHAI).since == datetime(2026, 10, 31, 16, tzinfo=UTC)
    march = named_period("2026-03", BERLIN)
    assert (march.since.hour, march.until.hour) == (23, 22)  # summer time has begun in between


@pytest.mark.parametrize("name", ["2026-13", "2026-Q5", "2026-H3", "2025-W53", "2026-02-30", "26", "now", "", "2026-1"])
def test_what_is_in_no_calendar_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"no period|in the calendar"):
        named_period(name, SHANGHAI)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (hypothesis adds it)
def test_this_moment_lies_in_this_month_which_is_not_over(now: datetime) -> None:
    month = month_so_far(now, BERLIN)
    assert month.since <= now < month.until
    assert not month.is_over(now)
    assert month.is_over(month.until)


@pytest.mark.parametrize(
    ("name", "first", "until"),
    [
        ("2026-03", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-01", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026-Q1", date(2025, 10, 1), date(2026, 1, 1)),
        ("2026", date(2025, 1, 1), date(2026, 1, 1)),
        ("2026-W02", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-03-15", date(2026, 3, 14), date(2026, 3, 15)),
    ],
)
def test_the_period_before_has_the_same_length_in_months_or_days(name: str, first: date, until: date) -> None:
    assert period_before(named_period(name, BERLIN), BERLIN) == days_of(first, until, BERLIN)
