"""Whether the clock can be trusted: set forward, back or by a little, with and without somebody who tells the time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.process.trusted_time import (
    ClockReading,
    StoredTime,
    Timekeeping,
    agree,
    attest,
    complaint_of,
    doubt_of,
    look,
    replaces,
    time_at_start,
    time_of,
)
from tests.support.time.machine import Machine

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
KNOWN = StoredTime(NOON, NOON, NOON - DAY, DAY)
"""What a service has stored that was well until noon."""
TO_1970 = datetime(1970, 1, 1, 0, 5, tzinfo=UTC) - NOON


def _watched(machine: Machine, time: Timekeeping, lasts: timedelta, every: timedelta = 5 * SECOND) -> Timekeeping:
    for _ in range(lasts // every):
        time = look(time, machine.passes(every))
    return time


def _shifted(by: timedelta, when: str) -> tuple[Machine, Timekeeping]:
    """Set the clock of a service that was well until noon, while it runs or before it starts again."""
    machine = Machine(NOON)
    if when == "start":
        machine.wall += by
        return machine, time_at_start(machine.read(), KNOWN)
    time = time_at_start(machine.read(), KNOWN)
    machine.wall += by
    return machine, look(time, machine.passes(5 * SECOND))


AHEAD = [HOUR, 7 * DAY, 400 * DAY]
BEHIND = [-HOUR, -7 * DAY, TO_1970]


@pytest.mark.parametrize("when", ["start", "running"])
@pytest.mark.parametrize("by", [*AHEAD, *BEHIND], ids=str)
def test_a_clock_that_a_platform_agrees_with_is_trusted_wherever_it_was_before(by: timedelta, when: str) -> None:
    machine, time = _shifted(by, when)
    time = attest(time, machine.passes(SECOND), machine.wall + 2 * MINUTE)
    assert doubt_of(time, machine.read()) is None
    assert time_of(time, machine.read()) == machine.wall
    assert complaint_of(time, machine.read()) == ""


@pytest.mark.parametrize("when", ["start", "running"])
@pytest.mark.parametrize("by", AHEAD, ids=str)
def test_a_clock_ahead_that_a_platform_contradicts_makes_nothing_pass(by: timedelta, when: str) -> None:
    machine, time = _shifted(by, when)
    time = attest(time, machine.passes(SECOND), machine.wall - by)
    doubt = doubt_of(time, machine.read())
    assert doubt is not None
    assert doubt.is_contradicted
    assert not doubt.covers(NOON - MINUTE)
    assert doubt.covers(NOON + MINUTE)
    assert doubt.covers(NOON + by - MINUTE)
    assert "ahead of a platform's: set it" in complaint_of(time, machine.read())
    assert doubt_of(_watched(machine, time, 2 * DAY, HOUR), machine.read()) is not None, "a day proves nothing then"


@pytest.mark.parametrize("when", ["start", "running"])
@pytest.mark.parametrize("by", AHEAD[1:], ids=str)
def test_a_clock_ahead_is_in_doubt_until_it_has_run_for_a_day_where_nobody_tells_the_time(
    by: timedelta, when: str
) -> None:
    machine, time = _shifted(by, when)
    doubt = doubt_of(time, machine.read())
    assert doubt is not None
    assert not doubt.is_contradicted
    assert (doubt.covers(NOON - MINUTE), doubt.covers(NOON + MINUTE), doubt.covers(NOON + by / 2)) == (
        False,
        True,
        True,
    )
    assert not doubt.covers(machine.wall + HOUR), "what comes from now on is measured by a clock that runs"
    assert time_of(time, machine.read()) == machine.wall
    time = _watched(machine, time, DAY - HOUR, MINUTE)
    assert doubt_of(time, machine.read()) is not None
    time = _watched(machine, time, HOUR + MINUTE, MINUTE)
    assert doubt_of(time, machine.read()) is None


@pytest.mark.parametrize("when", ["start", "running"])
@pytest.mark.parametrize("by", BEHIND, ids=str)
def test_time_never_goes_behind_the_last_one_known(by: timedelta, when: str) -> None:
    machine, time = _shifted(by, when)
    passed = machine.steady - timedelta(hours=3)
    assert time_of(time, machine.read()) == NOON + passed
    assert time_of(time, machine.passes(HOUR)) == NOON + passed + HOUR
    assert doubt_of(time, machine.read()) is not None
    assert "before the last time known" in complaint_of(time, machine.read())
    time = attest(time, machine.read(), NOON + passed + HOUR)
    assert "behind a platform's: set it" in complaint_of(time, machine.read())
    assert time_of(time, machine.read()) == NOON + passed + HOUR


@pytest.mark.parametrize("by", [-5 * MINUTE, -SECOND, SECOND, 9 * MINUTE], ids=str)
@pytest.mark.parametrize("when", ["start", "running"])
def test_a_correction_by_minutes_is_no_reason_to_doubt(by: timedelta, when: str) -> None:
    machine, time = _shifted(by, when)
    assert doubt_of(time, machine.read()) is None
    assert time_of(time, machine.read()) == machine.wall


def test_a_jump_counts_before_anybody_has_looked() -> None:
    machine = Machine(NOON)
    time = time_at_start(machine.read(), KNOWN)
    machine.wall += 400 * DAY
    assert doubt_of(time, machine.read()) is not None
    machine.wall -= 800 * DAY
    assert time_of(time, machine.read()) == NOON


def test_a_clock_that_is_set_back_to_what_was_known_is_trusted_at_once() -> None:
    machine, time = _shifted(400 * DAY, "running")
    assert doubt_of(time, machine.read()) is not None
    machine.wall -= 400 * DAY
    assert doubt_of(look(time, machine.passes(MINUTE)), machine.read()) is None


def test_a_service_that_was_off_for_weeks_works_as_soon_as_a_platform_answers() -> None:
    machine = Machine(NOON + 40 * DAY)
    time = time_at_start(machine.read(), KNOWN)
    assert complaint_of(time, machine.read()) == "", "a platform is given a minute to answer"
    late = _watched(machine, time, 2 * MINUTE)
    assert "40 days after this service was last seen" in complaint_of(late, machine.read())
    assert complaint_of(attest(late, machine.read(), machine.wall), machine.read()) == ""


def test_a_short_stop_is_no_reason_to_doubt_and_does_not_begin_the_day_anew() -> None:
    assert time_at_start(ClockReading(NOON + 50 * MINUTE, SECOND), KNOWN).is_trusted
    machine, time = _shifted(7 * DAY, "start")
    time = _watched(machine, time, 20 * HOUR, MINUTE)
    again = time_at_start(ClockReading(machine.wall + 10 * MINUTE, SECOND), time.stored())
    assert not again.is_trusted
    assert doubt_of(again, again.last) == doubt_of(time, ClockReading(machine.wall, machine.steady - 20 * HOUR))
    other = Machine(again.last.wall)
    other.steady = SECOND
    assert doubt_of(_watched(other, again, 4 * HOUR + MINUTE, MINUTE), other.read()) is None


def test_a_first_start_doubts_only_what_is_older_than_itself() -> None:
    machine = Machine(NOON)
    doubt = doubt_of(time_at_start(machine.read(), None), machine.passes(HOUR))
    assert doubt is not None
    assert (doubt.covers(NOON - 400 * DAY), doubt.covers(NOON + MINUTE)) == (True, False)


def test_platforms_that_contradict_each_other_leave_the_clock_in_doubt() -> None:
    machine = Machine(NOON)
    time = time_at_start(machine.read(), KNOWN)
    for _ in range(20):
        time = attest(time, machine.passes(10 * SECOND), machine.wall - DAY)
        time = attest(time, machine.passes(10 * SECOND), machine.wall)
        assert doubt_of(time, machine.read()) is not None
    assert doubt_of(attest(time, machine.passes(2 * MINUTE), machine.wall), machine.read()) is None


def test_a_process_whose_clock_is_corroborated_corroborates_the_others_on_its_database() -> None:
    machine, time = _shifted(7 * DAY, "start")
    fresh = StoredTime(machine.wall - 20 * SECOND, machine.wall - 20 * SECOND, NOON, DAY)
    assert doubt_of(agree(time, machine.read(), fresh), machine.read()) is None
    assert agree(time, machine.read(), KNOWN) == time, "what was stored a week ago says nothing"
    assert replaces(time, KNOWN)
    assert not replaces(time, fresh), "who knows less does not overwrite who knows more"
