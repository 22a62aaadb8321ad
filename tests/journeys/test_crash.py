"""The product is killed, again and again, at any moment, while a crowd is answering; nothing that counts is lost.

The seed gives the same kills and the same answers again, though a real process never dies twice alike.
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.amends import made_good
from tests.journeys.crowd import Crowd
from tests.journeys.town import Town, town_at
from tests.journeys.wreckage import Wreckage

AT_RANDOM = "at random"
POINTS = ("heard", "committed", "leased", "sent", "recovered")
"""Where `bot.crash` lets a test kill: between commit and 200; before anybody hears of a commit; between lease and
send; between send and mark; between taking over a dead sender's messages and writing down what follows."""
FIRST = ("sent:20", "recovered", "leased:2")
"""The first questions to all customers are on their way when these kill: new messages, which may not go twice."""


async def test_no_kill_loses_or_doubles_what_was_acknowledged(tmp_path: Path) -> None:
    kills = [AT_RANDOM, AT_RANDOM, "heard:7", "committed:9"]
    sys.stdout.write(await _survived(tmp_path, "webhook", 60, kills))


@pytest.mark.proof
async def test_20_kills_at_random_and_every_named_point_lose_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = await _survived(tmp_path, "webhook", 120, [AT_RANDOM] * 20 + list(POINTS))
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")


async def _survived(folder: Path, mode: str, people: int, kills: Sequence[str]) -> str:
    """Let a crowd live through these kills, in any order; gives the account of it."""
    seed = random.randrange(2**32)  # noqa: S311 (no secret)
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)  # noqa: S311 (no secret)
    plan = [AT_RANDOM, *dice.sample(kills, len(kills))]
    settings = {"survey.quarantine": "0s", "survey.reminder_after": "4s", "survey.expires_after": "1h"}
    async with town_at(folder, mode, settings, warm=True) as town:
        crowd, wreckage = Crowd(town, dice), Wreckage(town)
        async with asyncio.TaskGroup() as lives:
            lives.create_task(crowd.lives(people))
            for how in FIRST:
                await _killed(town, how, dice)
                wreckage.look(how)
            await town.product.start()
            await town.telegram.until(lambda: _asked(town) == people or None, within=60)
            for how in plan:
                await _killed(town, how, dice)
                wreckage.look(how)
            crowd.is_enough = True
            await town.product.start()
        return f"seed {seed}, {mode}: {await made_good(town, crowd.told, wreckage)}"


def _asked(town: Town) -> int:
    chats = (chat for chat in town.telegram.world.chats.values() if chat.kind == "private")
    return sum(any(message.by_bot for message in chat.messages.values()) for chat in chats)


async def _killed(town: Town, how: str, dice: random.Random) -> None:
    """Start the product if it does not run, and let it die at a random moment or at a named point."""
    product = town.product
    if how == AT_RANDOM:
        if product.process is None:
            await product.start()
        await asyncio.sleep(dice.uniform(0.02, 1.5))
        await product.kill()
    else:
        crash_at = how if how == "recovered" or ":" in how else f"{how}:{dice.randint(1, 60)}"
        await product.launch(crash_at=crash_at)
        await product.dies(within=60)
    await asyncio.sleep(0.1)  # what was on the wire arrives
