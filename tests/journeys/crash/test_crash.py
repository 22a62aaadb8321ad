"""The product is killed, again and again, at any moment, while a crowd is answering; nothing that counts is lost.

The seed gives the same kills and the same answers again, though a real process never dies twice alike.
"""

import asyncio
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.crash.amends import made_good
from tests.journeys.crash.crowd import Crowd
from tests.journeys.crash.wreckage import Wreckage
from tests.support.town.audience import CAMPAIGN_POINTS
from tests.support.town.town import town_at

AT_RANDOM, STARTING = "at random", "starting"
"""Killed at a random moment of the work, or of the start."""
POINTS = {
    "heard": ((1, 5), (20, 60), (100, 300)),
    "committed": ((1, 3), (5, 15), (20, 60)),
    "leased": ((1, 3), (5, 15), (20, 60)),
    "born_leased": ((1, 3), (3, 6), (6, 10)),
    "sent": ((1, 5), (20, 60), (100, 300)),
    "recovered": ((1, 1), (1, 1), (1, 1)),
}
"""The crash points at which a test kills, with the ranges of passes: between commit and 200; before anybody
hears of a commit; between lease and send, of claimed messages and of those leased in the commit that wrote them (few,
while others wait for the pace of the platform);
between send and mark; between taking over a dead sender's messages and
writing down what follows."""
REPORT_POINTS = {"report"}
"""As tests/journeys/reports kills: once a report is kept, and before it is sent."""
EXPORT_POINTS = {"exported"}
"""As tests/cli/data/test_export.py kills: between two pages of rows."""
HOOK_POINTS = {"hook_claimed", "hook_sent"}
"""As tests/journeys/outgoing kills: before an event is posted to another system, and before its answer is kept."""
READING_POINTS = {"comments_judged", "sentences_read"}
"""As tests/journeys/test_judged_comments.py kills: a comment was judged, or read by the encoder, and is not stored."""
FIRST = ("sent:20", "recovered:1", "leased:2")
"""The first questions to all customers are on their way when these kill: new messages, which may not go twice."""
LIFE = 1.5
"""Seconds that the product works at most before it is killed at random, unless a press waits for very long."""
PEOPLE = 640
"""Of whom more than 500 have an interview open when one kill follows the other; the rest is just being asked."""


def test_the_proof_kills_at_every_point_at_which_the_product_can_be_killed() -> None:
    product = "".join(file.read_text() for file in Path(__file__).parents[3].joinpath("bot").rglob("*.py"))
    assert set(re.findall(r'crash_point\("(\w+)"\)', product)) == (
        POINTS.keys() | CAMPAIGN_POINTS | REPORT_POINTS | EXPORT_POINTS | HOOK_POINTS | READING_POINTS
    )


async def test_no_kill_loses_or_doubles_what_was_acknowledged(tmp_path: Path) -> None:
    async with town_at(tmp_path, "webhook", _settings("1s"), warm=True) as town:
        dice = _dice()
        crowd = Crowd(town, dice, people=24, thought=0.05)
        sys.stdout.write(await _survived(crowd, ["leased:2"], ["heard:25", "born_leased:9"], dice))


@pytest.mark.proof
@pytest.mark.long
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_20_kills_at_random_and_3_at_every_point_lose_and_double_nothing(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = _dice()
    named = [f"{name}:{dice.randint(*passes)}" for name, ranges in POINTS.items() for passes in ranges]
    kills = dice.sample([AT_RANDOM] * 20 + [STARTING] * 2 + named, 22 + len(named))
    async with town_at(tmp_path, mode, _settings("6s"), warm=True) as town:
        account = await _survived(Crowd(town, dice, PEOPLE, thought=1.0), FIRST, kills, dice)
    with capsys.disabled():
        sys.stdout.write(f"\n{mode}: {account}\n")


def _dice() -> random.Random:
    seed = random.randrange(2**32)  # noqa: S311 (no secret)
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)  # noqa: S311 (no secret)


def _settings(reminder_after: str) -> dict[str, str]:
    return {"survey.quarantine": "0s", "survey.reminder_after": reminder_after, "survey.expires_after": "1h"}


async def _survived(crowd: Crowd, first: Sequence[str], then: Sequence[str], dice: random.Random) -> str:
    """Let a crowd live through these kills, `first` while it is asked, `then` while it answers; return the account."""
    town = crowd.town
    wreckage = Wreckage(town, crowd.closed)
    async with asyncio.TaskGroup() as lives:
        lives.create_task(crowd.lives())
        for how in first:
            await _killed(crowd, how, dice)
            wreckage.look(how)
        lives.create_task(crowd.looks_for_unreached())
        await town.product.start()
        await asyncio.wait_for(crowd.all_asked.wait(), 60)
        wreckage.open.clear()
        for how in (AT_RANDOM, *then):
            await _killed(crowd, how, dice)
            wreckage.look(how)
        crowd.is_enough = True
        await town.product.start()
    return await made_good(town, crowd.told, wreckage)


async def _killed(crowd: Crowd, how: str, dice: random.Random) -> None:
    """Start the product if it does not run, and let it die at a random moment or at a named point."""
    product = crowd.town.product
    match how:
        case _ if how == AT_RANDOM:
            if product.process is None:
                await product.start()
            await crowd.is_busy()
            await asyncio.sleep(dice.uniform(0.02, LIFE))
            await crowd.is_heard()
            await product.kill()
        case _ if how == STARTING:
            await product.launch()
            await asyncio.sleep(dice.uniform(0.02, 1.0))
            await product.kill()
        case point:
            await product.launch(crash_at=point)
            await product.dies(within=150)
    await asyncio.sleep(0.1)  # what was on the wire arrives
