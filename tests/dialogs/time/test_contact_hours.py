"""When to ask, compared with looking at every minute: any closing, zone, quiet hours, office hours, deadline."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dialogs.time.contact_hours import ContactHours, DailyHours, due_at
from dialogs.time.workdays import Workdays
from tests.dialogs.time.clocks import ZONES, changes, is_quiet, moments
from tests.support.examples import tries

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_CHANGES = [change.at for zone in ZONES for change in changes(zone)]
_BERLIN = ZoneInfo("Europe/Berlin")
_BACK, _FORWARD = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)

clocks = st.integers(0, 1439).map(lambda minute: time(*divmod(minute, 60)))
hours = st.builds(DailyHours, clocks, clocks).filter(lambda span: span.start != span.end)
all_but_a_minute = clocks.map(lambda end: DailyHours(_later(end, 1), end))
quiets = st.none() | hours | all_but_a_minute
days = st.sets(st.dates(date(2025, 1, 1), date(2030, 12, 31)), max_size=3).map(frozenset)
calendars = st.none() | st.builds(Workdays, days, days, st.frozensets(st.integers(0, 6), max_size=7))
welcomes = st.builds(ContactHours, quiets, st.none() | hours, calendars)
seconds = st.integers(0, 3600 * 60).map(lambda count: timedelta(seconds=count))
near_a_change = st.builds(lambda at, before: at - before, st.sampled_from(_CHANGES), seconds)
anywhere = st.datetimes(datetime(2025, 1, 2), datetime(2030, 12, 30)).map(  # noqa: DTZ001 (given its zone right here)
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


def _later(clock: time, minutes: int) -> time:
    return time(*divmod((clock.hour * 60 + clock.minute + minutes) % 1440, 60))


def is_liked(at: datetime, welcome: ContactHours, zone: ZoneInfo) -> bool:
    """Return whether it is neither quiet nor out of hours nor a day off."""
    local, office, calendar = at.astimezone(zone), welcome.business, welcome.workdays
    if is_quiet(at, welcome.quiet, zone) or (office and not is_quiet(at, office, zone)):
        return False
    day = local.date()
    off = calendar is not None and (day in calendar.holidays or day.weekday() in calendar.weekend)
    return not off or (calendar is not None and day in calendar.workdays)


@given(st.sampled_from(ZONES), near_a_change | anywhere, seconds, seconds, welcomes)
@tries(150)
@example(_BERLIN, _BACK - 3 * HOUR, 4 * HOUR, DAY, ContactHours(DailyHours(time(2, 30), time(9))))
@example(_BERLIN, _BACK - 3 * HOUR, HOUR, DAY, ContactHours(DailyHours(time(9), time(2, 30))))
@example(_BERLIN, _FORWARD - 3 * HOUR, HOUR, DAY, ContactHours(DailyHours(time(21), time(2, 30))))
@example(_BERLIN, _FORWARD - HOUR, HOUR, DAY, ContactHours(DailyHours(time(2, 59), time(2, 1))))
@example(ZoneInfo("Asia/Shanghai"), _BACK, 30 * HOUR, DAY, ContactHours())
def test_the_ask_is_at_the_best_moment_there_is(
    zone: ZoneInfo, closed_at: datetime, delay: timedelta, within: timedelta, welcome: ContactHours
) -> None:
    wanted, deadline = closed_at + delay, closed_at + within
    due = due_at(wanted, closed_at, deadline, welcome, zone)
    later = list(moments(wanted, deadline))
    liked = next((at for at in later if is_liked(at, welcome, zone)), None)
    allowed = next((at for at in later if not is_quiet(at, welcome.quiet, zone)), None)
    if liked or allowed:
        assert due == (liked or allowed)
        return
    earlier = [at for at in moments(closed_at, min(wanted, deadline)) if not is_quiet(at, welcome.quiet, zone)]
    if due is None:
        assert earlier == []
        return
    assert closed_at <= due < deadline
    assert not is_quiet(due, welcome.quiet, zone)
    assert [at for at in earlier if at > due + MINUTE] == []


@given(st.sampled_from(ZONES), near_a_change | anywhere, seconds, quiets)
@tries(100)
def test_with_a_delay_below_the_deadline_only_quiet_hours_keep_a_customer_from_being_asked(
    zone: ZoneInfo, closed_at: datetime, delay: timedelta, quiet: DailyHours | None
) -> None:
    assume(delay < DAY)
    welcome = ContactHours(quiet)
    due = due_at(closed_at + delay, closed_at, closed_at + DAY, welcome, zone)
    left = [at for at in moments(closed_at, closed_at + DAY) if not is_quiet(at, welcome.quiet, zone)]
    assert (due is None) == (left == [])
    assert due is None or (closed_at <= due < closed_at + DAY and not is_quiet(due, welcome.quiet, zone))


QUIETS = (
    DailyHours(time(21), time(9)),
    DailyHours(time(0), time(8, 30)),
    DailyHours(time(12), time(14)),
    DailyHours(time(9, 1), time(9)),
    DailyHours(time(0), time(23, 59)),
    DailyHours(time(2, 10), time(2, 5)),
)


@pytest.mark.some(6)
@pytest.mark.parametrize("quiet", QUIETS, ids=lambda quiet: f"{quiet.start:%H%M}-{quiet.end:%H%M}")
@pytest.mark.parametrize("day", [_BACK - 23 * HOUR, _FORWARD - 23 * HOUR, datetime(2026, 6, 15, tzinfo=UTC)], ids=str)
def test_a_closing_at_any_minute_of_the_day_is_asked_about_within_the_day(day: datetime, quiet: DailyHours) -> None:
    """Every minute of a day, also of the days on which clocks are put forward and back; the delay is half an hour."""
    welcome, minutes = ContactHours(quiet), 2 * 24 * 60 + 1
    allowed = [not is_quiet(day + MINUTE * n, quiet, _BERLIN) for n in range(minutes)]
    after, before = [minutes] * minutes, [-1] * minutes
    for n in reversed(range(minutes - 1)):
        after[n] = n if allowed[n] else after[n + 1]
    for n in range(1, minutes):
        before[n] = n if allowed[n] else before[n - 1]
    for n in range(24 * 60):
        expected = after[n + 30] if after[n + 30] < n + 24 * 60 else before[n + 30]
        due = due_at(day + MINUTE * (n + 30), day + MINUTE * n, day + MINUTE * n + DAY, welcome, _BERLIN)
        assert due == (day + MINUTE * expected if expected >= n else None), day + MINUTE * n


def test_office_hours_and_working_days_are_wishes_that_the_deadline_overrules() -> None:
    shanghai, friday = ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 20, 10, tzinfo=UTC)  # 18:00 there
    office = ContactHours(DailyHours(time(21), time(9)), DailyHours(time(9), time(18)), Workdays())
    assert due_at(friday, friday, friday + DAY, office, shanghai) == friday  # the weekend is too long to wait
    monday_morning = datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert due_at(friday, friday, friday + 4 * DAY, office, shanghai) == monday_morning
    make_up = ContactHours(office.quiet, office.business, Workdays(workdays=frozenset({date(2026, 11, 21)})))
    assert due_at(friday, friday, friday + DAY, make_up, shanghai) == datetime(2026, 11, 21, 1, tzinfo=UTC)
