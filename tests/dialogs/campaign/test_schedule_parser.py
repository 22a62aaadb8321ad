"""When a campaign goes out, as admins type it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.campaign.model import Schedule
from dialogs.campaign.schedule_parser import ScheduleError, read_schedule, schedule_on_day
from tests.dialogs.samples import PHRASES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""Half past nine in Shanghai."""


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-12-01 10:00", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("2026/12/1 10:00", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("12月1日 10:00", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("2026年12月1日 １０：００", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("明天 18:30", datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("today 23:00", datetime(2026, 11, 23, 15, 0, tzinfo=UTC)),
        ("1-5 10:00", datetime(2027, 1, 5, 2, 0, tzinfo=UTC)),
        ("2026-12-01 10:00 Europe/Berlin", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("2026-12-01 10:00 UTC", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_day_and_a_time_are_a_moment(typed: str, at: datetime) -> None:
    assert read_schedule(typed, SHANGHAI, NOW).at == at


@pytest.mark.parametrize(
    ("typed", "repeats", "zone"),
    [
        ("weekly mon 10:00", "weekly mon 10:00", "Asia/Shanghai"),
        ("monthly last 10:00 Europe/Berlin", "monthly last 10:00", "Europe/Berlin"),
        ("0 10 * * MON", "0 10 * * MON", "Asia/Shanghai"),
    ],
)
def test_a_recurrence_is_taken_with_its_zone(typed: str, repeats: str, zone: str) -> None:
    assert read_schedule(typed, SHANGHAI, NOW) == Schedule(repeats=repeats, timezone=zone)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2026-11-01 10:00", "past"),
        ("today 09:00", "past"),
        ("2026-02-30 10:00", "no_day"),
        ("2026-12-01", "no_time"),
        ("2026-12-01 25:00", "no_time"),
        ("2026-12-01 at ten", "no_time"),
        ("2026-12-01 10:00 Europe/Berln", "unknown_zone"),
        ("yesterday", "not_understood"),
        ("", "not_understood"),
        ("0 10 30 2 *", "not_understood"),
    ],
)
def test_what_is_no_moment_to_come_is_refused_with_the_reason(typed: str, key: str) -> None:
    with pytest.raises(ScheduleError) as wrong:
        read_schedule(typed, SHANGHAI, NOW)
    assert wrong.value.key == key
    assert PHRASES.say("zh-Hans", f"admin.when.{key}", **wrong.value.values)


def test_tomorrow_at_ten_is_ten_on_the_clocks_of_the_zone() -> None:
    assert schedule_on_day(1, 10, ZoneInfo("America/New_York"), NOW).at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@given(typed=st.text())
def test_any_text_is_a_time_or_is_refused_with_a_reason(typed: str) -> None:
    found = _read(typed)
    if isinstance(found, str):
        assert f"admin.when.{found}" in PHRASES.texts["en"]
    else:
        assert found.repeats or (found.at is not None and found.at > NOW)


def _read(typed: str) -> Schedule | str:
    try:
        return read_schedule(typed, SHANGHAI, NOW)
    except ScheduleError as wrong:
        return wrong.key
