"""The product is killed, again and again, at any moment, while a crowd is answering; nothing that counts is lost.

Seeds are printed; a seed gives the same moments and the same answers, though a real process never dies twice alike.
"""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.crowd import Crowd, Told
from tests.journeys.town import Json, Town, eventually, town_at
from tests.journeys.wreckage import NEW, Reckoning, Wreckage

POINTS = ("heard", "committed", "leased", "sent", "recovered")
"""Where `bot.crash` lets a test kill: between commit and 200, between commit and everything that follows it, between
lease and send, between send and mark, between the recovery of a dead sender's messages and what follows from it."""
AT_RANDOM = "at random"


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_nothing_acknowledged_is_lost_and_nothing_is_doubled_by_a_kill(mode: str, tmp_path: Path) -> None:
    print(await _survives(tmp_path, mode, 60, [AT_RANDOM] * 2 + list(POINTS[::2] if mode == "polling" else POINTS)))


@pytest.mark.proof
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_500_interviews_survive_every_kind_of_kill(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = await _survives(tmp_path, mode, 500, [AT_RANDOM] * 20 + list(POINTS) * 3)
    with capsys.disabled():
        print(f"\n{told}")


async def _survives(folder: Path, mode: str, people: int, kills: Sequence[str]) -> str:
    """Let a crowd live through these kills, in any order; gives the account of it."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    plan = dice.sample(kills, len(kills))
    once = {"survey__quarantine": "0s", "survey__reminder_after": "10s", "survey__expires_after": "1h"}
    async with town_at(folder, mode, **once) as town:
        crowd, wreckage = Crowd(town, dice), Wreckage(town)
        await town.product.start()
        living = asyncio.create_task(crowd.lives(people))
        await eventually(lambda: _all_asked(town, people), within=60)
        for how in plan:
            await _kill(town, how, dice)
            wreckage.look(how)
        crowd.is_enough = True
        await town.product.start()
        await living
        return await _made_good(town, crowd.told, wreckage, seed)
