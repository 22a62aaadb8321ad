"""Working time passes on working days and in working hours only, compared with counting every minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.time.contact_hours import DailyHours
from dialogs.time.workdays import Workdays
from dialogs.time.working_time import WorkingTime
from tests.dialogs.time.clocks import ZONES
from tests.support.examples import tries

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = DailyHours(time(9), time(18))
NATIONAL_DAY = Workdays(frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)}))
MINUTE = timedelta(minutes=1)


def local(text: str) -> datetime:
    """Return a moment by Shanghai's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "office", "end"),
    [
        ("2026-11-24 10:00", 24, None, "2026-11-25 10:00"),
        ("2026-11-27 15:00", 24, None, "2026-11-30 15:00"),
        ("2026-11-29 20:00", 24, None, "2026-12-01 00:00"),
        ("2026-09-30 12:00", 24, None, "2026-10-08 12:00"),
        ("2026-10-09 12:00", 24, None, "2026-10-10 12:00"),
        ("2026-11-24 17:00", 2, OFFICE, "2026-11-25 10:00"),
        ("2026-11-27 09:00", 24, OFFICE, "2026-12-01 15:00"),
        ("2026-11-29 20:00", 0.5, OFFICE, "2026-11-29 20:30"),
    ],
    ids=["a day", "a weekend", "from Sunday", "a holiday", "a day worked", "an evening", "by hours", "half an hour"],
)
def test_a_deadline_is_counted_in_working_time(start: str, hours: float, office: DailyHours | None, end: str) -> None:
    working = WorkingTime(SHANGHAI, office, NATIONAL_DAY)
    assert working.after(local(start), timedelta(hours=hours)) == local(end)


def test_a_calendar_without_a_working_day_lets_time_pass() -> None:
    nothing = WorkingTime(SHANGHAI, None, Workdays(weekend=frozenset(range(7))))
    assert nothing.after(local("2026-11-24 10:00"), timedelta(hours=24)) == local("2026-11-25 10:00")


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 30)),  # noqa: DTZ001 (given its zone right below)
    st.integers(60, 2 * 1440),
    st.none() | st.just(OFFICE) | st.just(DailyHours(time(22), time(6))),
)
@tries(25)
def test_so_many_minutes_of_work_pass_until_then(
    zone: ZoneInfo, start: datetime, minutes: int, office: DailyHours | None
) -> None:
    begun = start.replace(second=0, microsecond=0, tzinfo=UTC)
    end = WorkingTime(zone, office).after(begun, minutes * MINUTE)
    assert sum(_is_worked(begun + n * MINUTE, zone, office) for n in range((end - begun) // MINUTE)) == minutes
    assert _is_worked(end - MINUTE, zone, office)


def _is_worked(at: datetime, zone: ZoneInfo, office: DailyHours | None) -> bool:
    shown = at.astimezone(zone)
    return shown.weekday() < 5 and (office is None or office.contains(shown.time()))
