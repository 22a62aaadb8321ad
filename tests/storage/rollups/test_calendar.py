"""Local days and months: each instant lies in one, they follow each other, and a period is cut at their ends."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.time.periods import days_of, named_period
from storage.rollups.calendar import Grain, LocalCalendar, WholeDays

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ZONES = (
    SHANGHAI,
    BERLIN,
    ZoneInfo("Asia/Kathmandu"),  # 5:45
    ZoneInfo("America/Havana"),  # clocks change at midnight
    ZoneInfo("America/Santiago"),  # as there, on the other half of the year
    ZoneInfo("Pacific/Apia"),  # 30 December 2011 is missing
)
MINUTES = 20 * 366 * 24 * 60
instants = st.integers(0, MINUTES).map(lambda minutes: datetime(2008, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
zones = st.sampled_from(ZONES)
grains = st.sampled_from(Grain)


def at(local: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Return the instant of a local time."""
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


@given(instants, zones, grains)
def test_an_instant_lies_in_the_day_and_month_that_began_last(instant: datetime, zone: ZoneInfo, grain: Grain) -> None:
    calendar = LocalCalendar(zone)
    begins = calendar.first(grain, instant)
    assert begins <= instant
    assert calendar.first(grain, begins) == begins
    (found,) = (part for part in calendar.ranges(grain, instant, instant))
    assert found[0] == begins
    assert begins <= instant < found[1]
    assert calendar.first(grain, found[1]) == found[1]
    assert calendar.first(grain, found[1] - timedelta(microseconds=1)) == begins


@given(instants, st.integers(0, 90 * 24 * 60), zones)
def test_a_period_is_cut_into_whole_months_days_and_ends(since: datetime, minutes: int, zone: ZoneInfo) -> None:
    calendar, until = LocalCalendar(zone), since + timedelta(minutes=minutes)
    whole = calendar.whole(since, until)
    ends = (since, whole.days_from, whole.months_from, whole.months_until, whole.days_until, until)
    assert all(early <= late for early, late in pairwise(ends))
    for grain, *both in ((Grain.DAY, whole.days_from, whole.days_until), (Grain.MONTH, *ends[2:4])):
        assert both[0] == both[1] or all(calendar.first(grain, end) == end for end in both)
    longest = timedelta(hours=50)  # two days that are no whole ones
    assert whole.days_from - since < longest
    assert until - whole.days_until < longest


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-10-01", "2026-11-01", ("2026-10-01", "2026-10-01", "2026-11-01", "2026-11-01")),
        ("2026-09-29T13", "2026-12-03T07", ("2026-09-30", "2026-10-01", "2026-12-01", "2026-12-03")),
        ("2026-10-05", "2026-10-06", ("2026-10-05", "2026-10-06", "2026-10-06", "2026-10-06")),
        ("2026-10-05T01", "2026-10-06T23", ("2026-10-06T23",) * 4),
        ("2026-10-05T01", "2026-10-07", ("2026-10-06", "2026-10-07", "2026-10-07", "2026-10-07")),
        ("2026-10-05", "2026-10-05", ("2026-10-05",) * 4),
    ],
    ids=["a month", "months with ends", "a day", "no whole day", "one day in hours", "nothing"],
)
def test_the_cuts_of_a_period(since: str, until: str, expected: Sequence[str]) -> None:
    found = LocalCalendar(SHANGHAI).whole(at(since), at(until))
    assert found == WholeDays(*(at(moment) for moment in expected))


def test_days_and_months_are_those_of_reports() -> None:
    for zone in ZONES:
        calendar = LocalCalendar(zone)
        march = named_period("2026-03", zone)
        assert [*calendar.ranges(Grain.MONTH, march.since, march.since)] == [(march.since, march.until)]
        days = [*calendar.ranges(Grain.DAY, march.since, march.until - timedelta(seconds=1))]
        expected = [days_of(date(2026, 3, day), date(2026, 3, 1) + timedelta(days=day), zone) for day in range(1, 32)]
        assert days == [(day.since, day.until) for day in expected]


def test_a_day_has_23_or_25_hours_where_clocks_change() -> None:
    calendar = LocalCalendar(BERLIN)
    hours = [
        (until - since) / timedelta(hours=1)
        for noon in ("2026-03-29T12", "2026-10-25T12", "2026-10-26T12")
        for since, until in calendar.ranges(Grain.DAY, at(noon, BERLIN), at(noon, BERLIN))
    ]
    assert hours == [23, 25, 24]
