"""What the database keeps of the time, on both kinds: how a clock far off is noticed at the next start."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.process.alarms import Alarms
from bot.process.trusted_clock import ClockWatch, TrustedClock, load_time
from storage.connection.store import Store
from storage.model.note_keys import KNOWN_TIME
from storage.model.records import Note
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save
from tests.support.time.machine import Machine


async def _runs(machine: Machine, store: Store) -> TrustedClock:
    """Start a process, hear from a platform never, and store a heartbeat."""
    clock = TrustedClock(machine.read, machine.monotonic)
    writer = Writer(store, clock.now)
    await load_time(clock, writer)
    await ClockWatch(clock, writer, Alarms(clock)).keep()
    await writer.stop()
    return clock


async def _was_well(machine: Machine, store: Store) -> None:
    clock = await _runs(machine, store)
    machine.passes(timedelta(days=1, minutes=1))
    for _ in range(2):
        clock.take_date(f"{machine.wall:%a, %d %b %Y %H:%M:%S} GMT")
    writer = Writer(store, clock.now)
    await ClockWatch(clock, writer, Alarms(clock)).keep()
    await writer.stop()


@pytest.mark.parametrize(("off", "doubted"), [(0.5, False), (30, True), (24 * 400, True), (-24 * 400, True)])
async def test_a_start_compares_the_clock_with_the_last_heartbeat(store: Store, off: float, *, doubted: bool) -> None:
    machine = Machine(NOW)
    await _was_well(machine, store)
    machine.passes(timedelta(hours=off))
    clock = await _runs(machine, store)
    assert (clock.doubt() is not None) == doubted
    assert clock.now() >= NOW + timedelta(days=1), "time does not go back"


async def test_a_process_in_doubt_does_not_overwrite_what_is_known(store: Store) -> None:
    machine = Machine(NOW)
    await _was_well(machine, store)
    ahead = Machine(NOW + timedelta(days=400))
    await _runs(ahead, store)
    machine.passes(timedelta(minutes=20))
    assert (await _runs(machine, store)).doubt() is None


async def test_what_is_known_is_not_set_back_by_a_process_that_knows_less(store: Store) -> None:
    machine = Machine(NOW)
    await _was_well(machine, store)
    ahead = Machine(machine.wall + timedelta(days=400))
    doubtful = TrustedClock(ahead.read, ahead.monotonic)
    writer = Writer(store, doubtful.now)
    await load_time(doubtful, writer)
    machine.passes(timedelta(minutes=50))
    assert (await _runs(machine, store)).doubt() is None
    await ClockWatch(doubtful, writer, Alarms(doubtful)).keep()
    await writer.stop()
    machine.passes(timedelta(minutes=40))
    assert (await _runs(machine, store)).doubt() is None


async def test_a_heartbeat_of_another_process_that_knows_the_time_ends_the_doubt(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine(NOW)
    await _was_well(machine, store)
    machine.passes(timedelta(days=3))
    late = await _runs(machine, store)
    assert late.doubt() is not None
    other = Machine(machine.wall)
    other.wall -= timedelta(days=3)
    clock = await _runs(other, store)
    other.passes(timedelta(days=3))
    clock.take_date(f"{other.wall:%a, %d %b %Y %H:%M:%S} GMT")
    for one in (clock, late):
        writer = Writer(store, one.now)
        await ClockWatch(one, writer, Alarms(one)).keep()
        await writer.stop()
    assert late.doubt() is None
    assert "the clock is corroborated: what follows from the time is done" in caplog.text


async def test_a_clock_that_is_contradicted_is_an_alarm_until_it_is_right_again(store: Store) -> None:
    machine = Machine(NOW)
    await _was_well(machine, store)
    clock = TrustedClock(machine.read, machine.monotonic)
    writer, alarms, ahead = Writer(store, clock.now), Alarms(clock), timedelta(days=400)
    await load_time(clock, writer)
    watch = ClockWatch(clock, writer, alarms)
    told = []
    for step in (timedelta(0), ahead, -ahead):
        machine.wall += step
        machine.passes(timedelta(seconds=10))
        real = machine.wall - ahead if step == ahead else machine.wall
        clock.take_date(f"{real:%a, %d %b %Y %H:%M:%S} GMT")
        watching = asyncio.create_task(watch.run())
        await asyncio.sleep(0.02)
        watching.cancel()
        await asyncio.wait([watching])
        told.append([alarm.name for alarm in alarms.standing()])
    await writer.stop()
    assert told == [[], ["clock"], []]


async def test_a_heartbeat_that_cannot_be_stored_is_an_alarm_and_ends_nothing(store: Store) -> None:
    machine = Machine(NOW)
    clock = TrustedClock(machine.read, machine.monotonic)
    writer, alarms = Writer(store, clock.now), Alarms(clock)
    watch = ClockWatch(clock, writer, alarms)
    await save(writer, Note(KNOWN_TIME, "no JSON", NOW))
    await watch.keep()
    await writer.stop()
    await watch.keep()
    assert [alarm.name for alarm in alarms.standing()] == ["decisions", "database"]
