"""The scheduler: what is due is done, at its time or at the next look, however the clock is set."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.process.alarms import Alarms
from bot.process.scheduler import Scheduler
from dialogs.ids import Ref, RefKind
from dialogs.time.doubt import Doubt
from storage.model.errors import DecisionFailed, Unavailable, WriteConflict

SOON = timedelta(milliseconds=50)


class MovableClock:
    """The machine's clock, whose hands somebody may set; the steady one goes on."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251 (the scheduler's timer follows the real one)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def doubt(self) -> Doubt | None:
        return None


class Rows:
    """Rows with the moment at which each is due; one that is done is gone, unless it fails."""

    def __init__(self) -> None:
        self.clock = MovableClock()
        self.waiting: dict[Ref, datetime] = {}
        self.failing: dict[Ref, Exception] = {}
        self.done: list[Ref] = []
        self.looks = 0
        self.unavailable = False
        self.alarms = Alarms(self.clock)
        self.happened = asyncio.Event()

    async def due(self, now: datetime, limit: int) -> list[Ref]:
        self.looks += 1
        self.happened.set()
        if self.unavailable:
            raise Unavailable("the database has gone")
        return [ref for ref, at in sorted(self.waiting.items(), key=lambda row: row[1]) if at <= now][:limit]

    async def next_wake(self) -> datetime | None:
        return min((at for at in self.waiting.values() if at > self.clock.now()), default=None)

    async def wake(self, ref: Ref) -> None:
        if ref in self.failing:
            raise self.failing[ref]
        self.done.append(ref)
        del self.waiting[ref]

    def scheduler(self, watch_every: float = 0.01) -> Scheduler:
        wake = {RefKind.ISSUE: self.wake, RefKind.CAMPAIGN: self.wake}
        return Scheduler(self.due, self.next_wake, wake, self.clock, self.alarms, watch_every=watch_every)


def _ref(number: int, kind: RefKind = RefKind.ISSUE) -> Ref:
    return Ref(kind, f"{number:05}")


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.005)


@asynccontextmanager
async def _running(scheduler: Scheduler) -> AsyncIterator[None]:
    running = asyncio.create_task(scheduler.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_became_due_while_no_process_ran_is_done_at_the_start() -> None:
    rows = Rows()
    long_ago = rows.clock.now() - timedelta(days=3)
    rows.waiting = {_ref(1): long_ago, _ref(2, RefKind.CAMPAIGN): long_ago + SOON}
    async with _running(rows.scheduler()):
        await _until(lambda: len(rows.done) == 2)
    assert rows.waiting == {}


async def test_more_rows_than_fit_one_look_are_all_done_in_one_go() -> None:
    rows = Rows()
    rows.waiting = dict.fromkeys(map(_ref, range(1_201)), rows.clock.now())
    await rows.scheduler().look()
    assert (len(rows.done), rows.looks) == (1_201, 4)


async def test_a_row_written_meanwhile_is_done_at_its_time_and_not_at_the_next_heartbeat() -> None:
    rows = Rows()
    scheduler = rows.scheduler()
    async with _running(scheduler):
        await rows.happened.wait()
        rows.waiting[_ref(1)] = at = rows.clock.now() + SOON
        scheduler.expect(at)
        await _until(lambda: rows.done == [_ref(1)])
        assert rows.clock.now() >= at


async def test_a_later_row_does_not_put_off_an_earlier_one() -> None:
    rows = Rows()
    scheduler = rows.scheduler()
    async with _running(scheduler):
        await rows.happened.wait()
        rows.waiting = {_ref(1): rows.clock.now() + SOON, _ref(2): rows.clock.now() + timedelta(hours=1)}
        scheduler.expect(rows.waiting[_ref(1)])
        scheduler.expect(rows.waiting[_ref(2)])
        scheduler.expect(None)
        await _until(lambda: rows.done == [_ref(1)])


@pytest.mark.parametrize("set_by", [timedelta(hours=1), timedelta(hours=-1)], ids=["forward", "back"])
async def test_a_clock_that_is_set_makes_it_look_again_and_says_so(
    set_by: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    rows = Rows()
    rows.waiting = {_ref(1): rows.clock.now() + timedelta(minutes=30)}
    async with _running(rows.scheduler()):
        await rows.happened.wait()
        await asyncio.sleep(0.02)
        rows.clock.ahead = set_by
        due = [_ref(1)] if set_by > timedelta(0) else []
        await _until(lambda: rows.looks >= 2 and len(rows.done) == len(due))
    assert rows.done == due
    assert f"the clock was set by {set_by.total_seconds():+.0f} seconds" in caplog.text


async def test_a_clock_that_is_set_during_the_first_look_makes_it_look_again() -> None:
    class SetMeanwhile(Rows):
        async def next_wake(self) -> datetime | None:
            expected = await super().next_wake()
            self.clock.ahead = timedelta(hours=1)
            return expected

    rows = SetMeanwhile()
    rows.waiting = {_ref(1): rows.clock.now() + timedelta(minutes=30)}
    async with _running(rows.scheduler()):
        await _until(lambda: rows.done == [_ref(1)])


async def test_a_clock_that_goes_right_is_no_reason_to_look() -> None:
    rows = Rows()
    async with _running(rows.scheduler()):
        await asyncio.sleep(0.1)
    assert rows.looks == 1


@pytest.mark.parametrize("error", [DecisionFailed("a bug"), WriteConflict("again and again")])
async def test_a_row_that_cannot_be_done_is_an_alarm_and_keeps_no_other_waiting(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    rows = Rows()
    rows.waiting = dict.fromkeys((_ref(1), _ref(2), _ref(3)), rows.clock.now())
    rows.failing[_ref(2)] = error
    await rows.scheduler().look()
    assert sorted(ref.id for ref in rows.done) == ["00001", "00003"]
    assert list(rows.waiting) == [_ref(2)]
    assert rows.looks == 3, "a row that fails waits for the next look, it is not tried in a loop"
    alarms = [record for record in caplog.records if vars(record).get("alarm") == "due"]
    assert {record.getMessage() for record in alarms} == {f"could not do what was due for 00002: {error}"}


async def test_the_alarm_is_over_when_nothing_is_due_any_more() -> None:
    rows = Rows()
    rows.waiting = dict.fromkeys((_ref(1), _ref(2)), rows.clock.now())
    rows.failing = dict.fromkeys((_ref(1), _ref(2)), WriteConflict("again and again"))
    scheduler, standing = rows.scheduler(), []
    for mended in ((), (_ref(1),), (_ref(2),)):
        for ref in mended:
            del rows.failing[ref]
        await scheduler.look()
        standing.append([alarm.name for alarm in rows.alarms.standing()])
    assert standing == [["due"], ["due"], []]


async def test_a_mistake_of_the_program_is_not_taken_for_a_row_that_fails() -> None:
    rows = Rows()
    rows.waiting = {_ref(1): rows.clock.now()}
    rows.failing[_ref(1)] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await rows.scheduler().look()


async def test_a_database_that_has_gone_is_an_alarm_and_the_next_look_makes_up_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = Rows()
    rows.waiting = {_ref(1): rows.clock.now()}
    rows.unavailable = True
    scheduler = rows.scheduler()
    await scheduler.look()
    assert [(record.levelno, record.getMessage()) for record in caplog.records if record.name.startswith("bot")] == [
        (logging.WARNING, "could not look for what is due: the database has gone"),
        (logging.ERROR, "the database has gone"),
    ]
    rows.unavailable = False
    await scheduler.look()
    assert rows.done == [_ref(1)]
