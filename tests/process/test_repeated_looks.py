"""A look taken again and again goes on after what may pass: a database that is away, a file that cannot be read."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from config.errors import ConfigError, ConfigErrors
from storage.model.errors import DecisionFailed, Unavailable
from tests.support.web.clockwork import Clockwork

UNREADABLE = ConfigErrors([ConfigError("text/zh_rules.toml", "", "It cannot be read: Too many open files.", "")])


@pytest.mark.parametrize("trouble", [Unavailable("the disk is full"), DecisionFailed("KeyError: 'x'"), UNREADABLE])
async def test_trouble_that_may_pass_is_an_alarm_until_a_look_succeeds(trouble: Exception) -> None:
    alarms, told = Alarms(Clockwork()), list[list[str]]()
    outcomes: Iterator[Exception | None] = iter([trouble, None])
    is_over = asyncio.Event()

    async def look() -> None:
        told.append([one.text for one in alarms.standing()])
        outcome = next(outcomes, None)
        if outcome is not None:
            raise outcome
        if len(told) == 3:
            is_over.set()

    looking = asyncio.ensure_future(look_again(look, 0.001, alarms, alarm="comments", why="comments are read later"))
    async with asyncio.timeout(5):
        await is_over.wait()
    looking.cancel()
    before, during, after = told
    assert (before, after) == ([], [])
    assert during == [f"comments are read later: {trouble}"]


async def test_another_error_that_was_named_is_an_alarm_too_and_makes_the_pause_longer() -> None:
    alarms, looks = Alarms(Clockwork()), list[int]()
    has_failed = asyncio.Event()

    async def look() -> None:
        looks.append(1)
        has_failed.set()
        raise TimeoutError("nobody answers")

    looking = asyncio.ensure_future(
        look_again(look, 0.0, alarms, alarm="encoder", why="words judge", other=TimeoutError, pause=3600.0)
    )
    async with asyncio.timeout(5):
        await has_failed.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    looking.cancel()
    assert [one.text for one in alarms.standing()] == ["words judge: nobody answers"]
    assert looks == [1], "it looks again after the pause only"


async def test_a_mistake_of_ours_is_not_looked_away() -> None:
    async def look() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await look_again(look, 0.001, Alarms(Clockwork()), alarm="comments", why="")
