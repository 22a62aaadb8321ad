"""How a recurrence is written, what it means, and what a person reads who writes it wrongly."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.time.recurrence import next_run, read_recurrence_rule
from tests.support.examples import tries

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_AFTER = datetime(2026, 11, 22, 20, 30, tzinfo=_SHANGHAI)  # a Sunday


def runs(text: str, count: int, after: datetime = _AFTER, zone: ZoneInfo = _SHANGHAI) -> list[str]:
    """Return the next runs as the zone's clocks show them."""
    recurrence, shown = read_recurrence_rule(text), list[str]()
    for _ in range(count):
        run = next_run(recurrence, zone, after)
        assert run is not None
        shown.append(f"{run.astimezone(zone):%y-%m-%d %a %H:%M}")
        after = run
    return shown


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("daily 9:00", "daily 09:00"),
        (" Daily   09:00 ", "daily 09:00"),
        ("weekly thu,MON,thu 9:05", "weekly mon,thu 09:05"),
        ("weekly　sun，mon　09：00", "weekly mon,sun 09:00"),
        ("monthly 31 09:00", "monthly 31 09:00"),
        ("monthly Last 09:00", "monthly last 09:00"),
        ("quarterly 01 09:00", "quarterly 1 09:00"),
        ("quarterly last 18:00", "quarterly last 18:00"),
        ("yearly 2-29 09:00", "yearly 02-29 09:00"),
        ("0  9 * * mon-fri", "0 9 * * MON-FRI"),
        ("*/30 * l * *", "*/30 * L * *"),
    ],
)
def test_a_recurrence_is_told_in_one_way_however_it_was_written(written: str, told: str) -> None:
    assert str(read_recurrence_rule(written)) == read_recurrence_rule(written).text == told
    assert read_recurrence_rule(told) == read_recurrence_rule(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daily 20:30", ["26-11-23 Mon 20:30", "26-11-24 Tue 20:30"]),
        ("weekly mon,thu 09:00", ["26-11-23 Mon 09:00", "26-11-26 Thu 09:00", "26-11-30 Mon 09:00"]),
        ("monthly 31 09:00", ["26-11-30 Mon 09:00", "26-12-31 Thu 09:00", "27-01-31 Sun 09:00", "27-02-28 Sun 09:00"]),
        ("monthly last 09:00", ["26-11-30 Mon 09:00", "26-12-31 Thu 09:00"]),
        ("quarterly 1 09:00", ["27-01-01 Fri 09:00", "27-04-01 Thu 09:00"]),
        ("quarterly 31 09:00", ["27-01-31 Sun 09:00", "27-04-30 Fri 09:00"]),
        ("quarterly last 09:00", ["26-12-31 Thu 09:00", "27-03-31 Wed 09:00", "27-06-30 Wed 09:00"]),
        ("yearly 02-29 09:00", ["27-02-28 Sun 09:00", "28-02-29 Tue 09:00", "29-02-28 Wed 09:00"]),
        ("0 9 l * *", ["26-11-30 Mon 09:00", "26-12-31 Thu 09:00"]),
        ("0 9 31 * *", ["26-12-31 Thu 09:00", "27-01-31 Sun 09:00", "27-03-31 Wed 09:00"]),
        ("0 9 29 2 *", ["28-02-29 Tue 09:00", "32-02-29 Sun 09:00"]),
        ("0 9 1 * MON", ["26-11-23 Mon 09:00", "26-11-30 Mon 09:00", "26-12-01 Tue 09:00"]),  # either, as Vixie has it
        ("0 9 */2 * mon", ["26-11-23 Mon 09:00", "26-12-07 Mon 09:00"]),  # both: one of them begins with a star
        ("0 9 * * 7", ["26-11-29 Sun 09:00"]),
        ("0 9 * * 5-7", ["26-11-27 Fri 09:00", "26-11-28 Sat 09:00", "26-11-29 Sun 09:00"]),
        ("15,45 8-18/5 * jan,12 *", ["26-12-01 Tue 08:15", "26-12-01 Tue 08:45", "26-12-01 Tue 13:15"]),
        ("0 9 15,L * *", ["26-11-30 Mon 09:00", "26-12-15 Tue 09:00", "26-12-31 Thu 09:00"]),
    ],
)
def test_a_recurrence_comes_when_its_words_say(text: str, expected: list[str]) -> None:
    assert runs(text, len(expected)) == expected


def test_a_sunday_in_leap_february_is_waited_for() -> None:
    after = datetime(2088, 3, 1, tzinfo=UTC)  # 2100 is no leap year
    assert runs("0 9 29 2 */7", 1, after, ZoneInfo("UTC")) == ["28-02-29 Sun 09:00"]


def test_at_the_end_of_the_calendar_there_is_no_next_run() -> None:
    assert (
        next_run(read_recurrence_rule("daily 09:00"), ZoneInfo("UTC"), datetime(9999, 12, 31, 12, tzinfo=UTC)) is None
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("every day", "'every' is no recurrence; write daily 09:00"),
        ("daily", "says too little or too much"),
        ("daily 09:00 10:00", "says too little or too much"),
        ("daily 24:00", "'24:00' is no time of day"),
        ("daily 9", "'9' is no time of day"),
        ("weekly 09:00", "says too little or too much"),
        ("weekly mon,xyz 09:00", "'xyz' is no weekday"),
        ("monthly 0 09:00", "'0' is no day of a month"),
        ("monthly 32 09:00", "'32' is no day of a month"),
        ("yearly 02-30 09:00", "'02-30' is no day of a year"),
        ("yearly 13-01 09:00", "'13-01' is no day of a year"),
        ("0 9 * *", "has five fields (minutes hours days months weekdays), not 4"),
        ("0 0 9 * * *", "not 6"),
        ("0 9 31 2 *", "never comes"),
        ("0 9 30,31 2 *", "never comes"),
        ("60 * * * *", "'60' is not among cron's minutes: 0 to 59"),
        ("0 9 * * 8", "'8' is not among cron's weekdays"),
        ("0 9 * foo *", "'foo' is not among cron's months"),
        ("*/90 * * * *", "a step of 90"),
        ("*/0 * * * *", "a step of 0"),
        ("5/15 * * * *", "write 5-59/15"),
        ("0 9 * * fri-mon", "runs backwards"),
        ("0 9 ? * *", "'?' is nothing that cron's days can be"),
        ("0 9 1,,2 * *", "'' is nothing that cron's days can be"),
        ("0 9 * * l", "'l' is nothing that cron's weekdays can be"),
    ],
)
def test_who_writes_it_wrongly_reads_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011 (what it says is asserted)
        read_recurrence_rule(text)
    assert reason in str(wrong.value)


@given(st.text(max_size=30) | st.text("*/-,0123456789lLmonjan ", max_size=30))
@tries(200)
def test_whatever_is_written_is_refused_or_read_back_as_the_same(text: str) -> None:
    try:
        read = read_recurrence_rule(text)
    except ValueError:
        return
    assert read_recurrence_rule(read.text) == read


_numbers = st.sets(st.integers(1, 28), min_size=1, max_size=3)
_weekdays = st.none() | st.sets(st.integers(0, 6), min_size=1, max_size=3)


@given(_numbers, st.none() | st.sets(st.integers(1, 12), min_size=1, max_size=3), _weekdays)
@tries(50)
def test_cron_comes_on_the_days_that_its_fields_name(
    numbers: set[int], months: set[int] | None, weekdays: set[int] | None
) -> None:
    fields = [",".join(map(str, sorted(chosen))) if chosen else "*" for chosen in (numbers, months, weekdays)]
    day = next_run(read_recurrence_rule(f"0 0 {' '.join(fields)}"), ZoneInfo("UTC"), datetime(2026, 11, 22, tzinfo=UTC))
    expected = datetime(2026, 11, 23, tzinfo=UTC)
    while not (
        (months is None or expected.month in months)
        and (expected.day in numbers or (weekdays is not None and expected.isoweekday() % 7 in weekdays))
    ):
        expected += timedelta(days=1)
    assert day == expected
