"""Twelve zones, fourteen ways to come again, every change of clocks from 2025 to 2030: against a watcher of clocks.

The watcher knows nothing about offsets. It looks at the clock on the wall every minute and notes when each time is
first seen; when the clock skips a time, it counts as seen the minute after.
"""

import calendar
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.time.recurrence import Recurrence, next_run, read_recurrence_rule
from tests.dialogs.time.clocks import FIRST_DAY, LAST_DAY, ZONES, Change, changes
from tests.support.examples import tries

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_NAMES = "mon tue wed thu fri sat sun".split()


class Kind(NamedTuple):
    """A recurrence as it is written, the days that it means, and the minutes of such a day."""

    text: str
    days: Callable[[date], bool]
    minutes: tuple[int, ...]


def _is_last(day: date) -> bool:
    return (day + _DAY).day == 1


def kinds(at: datetime) -> list[Kind]:
    """Write fourteen recurrences that are due at this local time, or as near to it as their kind can be."""
    clock, cron = f"{at:%H:%M}", f"{at.minute} {at.hour}"
    name, then = _NAMES[at.weekday()], (at.hour * 60 + at.minute,)
    number, month = at.day, at.month
    quarter = [1, 4, 7, 10]
    return [
        Kind(f"daily {clock}", lambda _: True, then),
        Kind("daily 00:00", lambda _: True, (0,)),
        Kind(f"weekly {name} {clock}", lambda day: day.weekday() == at.weekday(), then),
        Kind("weekly mon,sat,sun 02:30", lambda day: day.weekday() in {0, 5, 6}, (150,)),
        Kind(f"monthly {number} {clock}", lambda day: day.day == min(number, _length(day)), then),
        Kind(f"monthly 31 {clock}", _is_last, then),
        Kind(f"monthly last {clock}", _is_last, then),
        Kind(
            f"quarterly {number} {clock}",
            lambda day: day.month in quarter and day.day == min(number, _length(day)),
            then,
        ),
        Kind(f"quarterly last {clock}", lambda day: day.month % 3 == 0 and _is_last(day), then),
        Kind(f"yearly {month:02}-{number:02} {clock}", lambda day: (day.month, day.day) == (month, number), then),
        Kind(f"yearly 02-29 {clock}", lambda day: day.month == 2 and _is_last(day), then),
        Kind("*/30 * * * *", lambda _: True, tuple(range(0, 24 * 60, 30))),
        Kind(f"{cron} l * *", _is_last, then),
        Kind(
            f"{cron} {number},13 * {name}", lambda day: day.day in {number, 13} or day.weekday() == at.weekday(), then
        ),
    ]


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def watched(zone: ZoneInfo, start: datetime, end: datetime, every: timedelta = _MINUTE) -> dict[datetime, datetime]:
    """Look at the clock of a zone every minute; tell when each time was first seen, or first missed."""
    seen: dict[datetime, datetime] = {}
    latest = start.astimezone(zone).replace(tzinfo=None, fold=0) - every
    while start < end:
        shown = start.astimezone(zone).replace(tzinfo=None, fold=0)
        while latest < shown:
            latest += every
            seen[latest] = start
        start += every
    return seen


def wanted(kind: Kind, seen: dict[datetime, datetime]) -> list[datetime]:
    """Return the instants of a kind's times, each instant once."""
    first, last = min(seen), max(seen)
    days = (first.date() + _DAY * n for n in range((last.date() - first.date()).days + 1))
    midnights = [datetime.combine(day, datetime.min.time()) for day in days if kind.days(day)]
    walls = [midnight + _MINUTE * minute for midnight in midnights for minute in kind.minutes]
    return sorted({seen[wall] for wall in walls if wall in seen})


def runs(recurrence: Recurrence, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Follow a recurrence from `start` on, to before `end`."""
    run = next_run(recurrence, zone, start - _MINUTE)
    while run is not None and run < end:
        yield run
        run = next_run(recurrence, zone, run)


def _around(zone: ZoneInfo, change: Change) -> None:
    middle = change.at.astimezone(zone).replace(tzinfo=None) - abs(change.by) / 2
    start, end = change.at - _DAY / 2, change.at + _DAY
    seen = watched(zone, start, end)
    for kind in kinds(middle):
        assert list(runs(read_recurrence_rule(kind.text), zone, start, end)) == wanted(kind, seen), (
            kind.text,
            zone,
            change,
        )


@pytest.mark.some(4)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_each_time_comes_once_around_every_change_of_clocks(zone: ZoneInfo) -> None:
    for change in changes(zone):
        _around(zone, change)


@pytest.mark.proof
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_each_time_comes_once_in_all_six_years(zone: ZoneInfo) -> None:
    """The times are all at a half hour, and so is every change."""
    seen = watched(zone, FIRST_DAY, LAST_DAY, timedelta(minutes=30))
    at = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 (what a clock shows)
    for kind in (kind for kind in kinds(at) if len(kind.minutes) == 1):
        assert list(runs(read_recurrence_rule(kind.text), zone, FIRST_DAY, LAST_DAY)) == wanted(kind, seen), kind.text


def test_the_table_holds_every_change_there_is() -> None:
    counted = {str(zone): len([one for one in changes(zone) if one.by]) for zone in ZONES}
    unchanging = {"America/Sao_Paulo", "Asia/Tehran", "Asia/Shanghai"}
    assert {name for name, count in counted.items() if not count} == unchanging
    assert {count for name, count in counted.items() if name not in unchanging | {"Africa/Casablanca"}} == {12}
    assert counted["Africa/Casablanca"] == 13  # 2030 has two Ramadans


_INSTANTS = st.datetimes(FIRST_DAY.replace(tzinfo=None), LAST_DAY.replace(tzinfo=None)).map(
    lambda at: at.replace(tzinfo=FIRST_DAY.tzinfo)
)
_CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(_INSTANTS, st.sampled_from(ZONES), _CLOCKS)
@tries(100)
def test_every_day_has_its_run_at_the_wanted_time_unless_no_clock_showed_it(
    after: datetime, zone: ZoneInfo, clock: time
) -> None:
    daily = read_recurrence_rule(f"daily {clock:%H:%M}")
    first = next_run(daily, zone, after)
    second = next_run(daily, zone, first) if first else None
    assert first is not None
    assert second is not None
    assert after < first < second
    shown = second.astimezone(zone)
    assert shown.date() == first.astimezone(zone).date() + _DAY
    if (shown.hour, shown.minute) != (clock.hour, clock.minute):
        asked = shown.replace(hour=clock.hour, minute=clock.minute, second=0, fold=0)
        assert asked.astimezone(FIRST_DAY.tzinfo).astimezone(zone).replace(tzinfo=None) != asked.replace(tzinfo=None)
        assert (second - _MINUTE).astimezone(zone).replace(tzinfo=None) < asked.replace(tzinfo=None)


@given(_INSTANTS, st.sampled_from(ZONES), st.integers(0, 13), _INSTANTS)
@tries(100)
def test_runs_only_ever_increase_and_none_is_left_out(
    after: datetime, zone: ZoneInfo, number: int, near: datetime
) -> None:
    recurrence = read_recurrence_rule(kinds(near)[number].text)
    run = next_run(recurrence, zone, after)
    assert run is not None
    assert run > after
    between = after + (run - after) / 2
    assert next_run(recurrence, zone, between) == run
