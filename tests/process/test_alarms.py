"""Operator alarms: told once an hour, listed while they were seen in the last hour, cleared when they are over."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.process.alarms import ActiveAlarm, Alarms
from bot.process.system import SystemClock
from storage.model.errors import Unavailable
from tests.support.web.clockwork import Clockwork

HOUR = timedelta(hours=1)


class Told(list[ActiveAlarm]):
    """The team's chats: what they were told."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.error = error

    async def __call__(self, alarm: ActiveAlarm) -> None:
        self.append(alarm)
        if self.error is not None:
            raise self.error


@pytest.fixture
def clock() -> Clockwork:
    """Return a clock that stands."""
    return Clockwork()


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(getattr(one, "alarm", ""), one.message) for one in caplog.records if one.levelno == logging.ERROR]


async def test_an_alarm_is_one_line_and_one_message(clock: Clockwork, caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    alarms = Alarms(clock, told)
    alarms.sound("disk", "The disk is full.")
    await asyncio.sleep(0)
    assert told == [ActiveAlarm("disk", "The disk is full.", clock.now(), clock.now())]
    assert lines(caplog) == [("disk", "The disk is full.")]


async def test_within_the_hour_it_is_not_told_again_and_its_beginning_stays(
    clock: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told()
    alarms, since = Alarms(clock, told), clock.now()
    alarms.sound("disk", "The disk is full.")
    clock.passes(timedelta(minutes=59))
    alarms.sound("disk", "The disk is still full.")
    await asyncio.sleep(0)
    assert (len(told), len(lines(caplog))) == (1, 1)
    assert alarms.standing() == [ActiveAlarm("disk", "The disk is still full.", since, clock.now())]


async def test_after_an_hour_it_is_told_again(clock: Clockwork) -> None:
    told = Told()
    alarms = Alarms(clock, told)
    alarms.sound("disk", "The disk is full.")
    clock.passes(HOUR)
    alarms.sound("disk", "The disk is full.")
    await asyncio.sleep(0)
    assert len(told) == 2


async def test_each_name_is_an_alarm_of_its_own(clock: Clockwork) -> None:
    told = Told()
    alarms = Alarms(clock, told)
    for name in ("disk", "token", "disk"):
        alarms.sound(name, name)
    await asyncio.sleep(0)
    assert [alarm.name for alarm in told] == ["disk", "token"]


async def test_one_that_is_over_or_was_not_seen_for_an_hour_stands_no_more(clock: Clockwork) -> None:
    alarms = Alarms(clock)
    alarms.sound("disk", "The disk is full.")
    alarms.sound("token", "Telegram refuses the token.")
    alarms.over("disk")
    alarms.over("never raised")
    assert [alarm.name for alarm in alarms.standing()] == ["token"]
    clock.passes(HOUR)
    assert alarms.standing() == []


async def test_one_that_comes_back_within_the_hour_is_listed_and_not_told(clock: Clockwork) -> None:
    told = Told()
    alarms = Alarms(clock, told)
    alarms.sound("disk", "The disk is full.")
    alarms.over("disk")
    clock.passes(timedelta(minutes=5))
    alarms.sound("disk", "The disk is full.")
    await asyncio.sleep(0)
    assert len(told) == 1
    assert [alarm.since for alarm in alarms.standing()] == [clock.now()]


async def test_chats_that_cannot_be_reached_leave_the_line_in_the_log(
    clock: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    alarms = Alarms(clock, Told(RuntimeError("secret-token")))
    alarms.sound("disk", "The disk is full.")
    for _ in range(3):
        await asyncio.sleep(0)
    assert lines(caplog) == [("disk", "The disk is full.")]
    assert "an alarm did not reach the team chats: RuntimeError" in caplog.text
    assert "secret-token" not in caplog.text


async def test_what_the_database_cannot_carry_is_told_when_it_is_back(clock: Clockwork) -> None:
    told = Told(Unavailable("it is away"))
    alarms = Alarms(clock, told, tells_again=0.001)
    alarms.sound("database", "It is away.")
    await asyncio.sleep(0.02)
    alarms.mended("database", "It is back.")
    told.clear()
    told.error = None
    await asyncio.sleep(0.02)
    assert [(alarm.text, alarm.is_over) for alarm in told] == [("It is away.", False), ("It is back.", True)]


async def test_what_is_mended_is_told_once_and_only_where_the_alarm_was(clock: Clockwork) -> None:
    told = Told()
    alarms = Alarms(clock, told)
    alarms.mended("database", "It was never away.")
    for _ in range(2):
        alarms.sound("database", "It is away.")
        assert alarms.since("database") == clock.now()
        alarms.mended("database", "It is back.")
        assert alarms.since("database") is None
    await asyncio.sleep(0)
    assert [alarm.text for alarm in told] == ["It is away.", "It is back."]


async def test_what_was_told_to_be_over_and_comes_again_is_told_again(clock: Clockwork) -> None:
    told = Told()
    alarms = Alarms(clock, told)
    for minutes in (0, 4, 1, 40):  # one that returns within five minutes is told when it lasts, and once
        clock.passes(timedelta(minutes=minutes))
        alarms.sound("database", "It is away.")
        await asyncio.sleep(0)
        if not minutes:
            alarms.mended("database", "It is back.")
    await asyncio.sleep(0)
    assert [alarm.text for alarm in told] == ["It is away.", "It is back.", "It is away."]


async def test_one_that_comes_back_too_soon_and_is_not_raised_again_is_told_when_it_may_be() -> None:
    told = Told()
    alarms = Alarms(SystemClock(), told, returns=0.05)
    for name in ("inbox", "disk"):
        alarms.sound(name, "It is wrong.")
        alarms.mended(name, "It is over.")
        alarms.sound(name, "It is wrong again.")
    alarms.mended("disk", "It is over again.")
    await asyncio.sleep(0.1)
    assert [alarm.text for alarm in told if alarm.name == "inbox"] == [
        "It is wrong.",
        "It is over.",
        "It is wrong again.",
    ]
    assert [alarm.text for alarm in told if alarm.name == "disk"] == ["It is wrong.", "It is over."]


async def test_the_last_word_of_what_waits_is_how_it_stands(clock: Clockwork) -> None:
    told = Told(Unavailable("it is away"))
    alarms = Alarms(clock, told, tells_again=0.001)
    for _ in range(2):
        alarms.sound("inbox", "It is wrong.")
        await asyncio.sleep(0.005)
        alarms.mended("inbox", "It is over.")
        clock.passes(timedelta(minutes=10))
    alarms.sound("inbox", "It is wrong.")
    told.clear()
    told.error = None
    await asyncio.sleep(0.02)
    assert [alarm.text for alarm in told] == ["It is wrong."]
