"""A year of answers of which the share of low ones doubles for half of it, and one in which it stays, week by week."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 (planted, always the same by its seed)

import pytest

from bot.jobs.team_warnings.control_charts import EarlyWarningJob
from bot.process.alarms import Alarms
from dialogs.messages import Address
from dialogs.time.recurrence import read_recurrence_rule
from scoring.honesty.charts import ChartRules
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.reads.improvement.finding_list import FindingFilter
from storage.unit_of_work.selects import all_of
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House, open_house

DAILY = read_recurrence_rule("daily 09:00")
MONDAY = datetime(2026, 11, 2, 4, tzinfo=UTC)
WEEK = timedelta(days=7)
BASELINE, SHIFT, YEAR = 12, 26, 52
PEOPLE, USUAL, TWICE = 50, 0.08, 0.16
PLACES = ("北区", "南区")


@pytest.fixture(params=[("", 1), ("migrated_postgres", 2)], ids=["sqlite", "postgres"])
def planted(request: pytest.FixtureRequest) -> tuple[str, int]:
    """Return the URL of an empty database, nothing for one that the house has by itself, and a seed."""
    fixture, seed = request.param
    return (str(request.getfixturevalue(fixture)) if fixture else ""), seed


@pytest.mark.proof
async def test_a_share_that_doubles_is_told_once_and_one_that_stays_is_not(
    planted: tuple[str, int], tmp_path: Path
) -> None:
    database, seed = planted
    dice = Random(seed)  # noqa: S311 (no secrets)
    async with open_house(tmp_path, database) as house:
        watching = job(house)
        house.clock.passes(MONDAY + timedelta(days=4) - house.clock.now())
        await watching.look(DAILY)
        for week in range(BASELINE + YEAR):
            is_shifted = BASELINE <= week < BASELINE + SHIFT
            await served(house, dice, week, {"北区": TWICE if is_shifted else USUAL, "南区": USUAL})
            house.clock.passes(WEEK)
            await watching.look(DAILY)
            await replace(watching).look(DAILY)
        told = await warned(house)
        assert told["北区", "worse"] == 1, told
        assert told["北区", "over"] == 1, told
        assert told["南区", "worse"] <= 1, told
        page = await house.web.reader.findings.page(FindingFilter(), None, 9)
        opened = Counter(one.finding.department for one in page.items)
        assert opened == {place: told[place, "worse"] for place in PLACES if told[place, "worse"]}


def job(house: House) -> EarlyWarningJob:
    """Return the job as it is set up when nothing is set, with one chat of the team."""
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, team=(Address("sandbox", "team"),), charts=ChartRules()))
    return EarlyWarningJob(receiver, house.web.reader, house.clock, Alarms(house.clock), DAILY, timedelta(days=4))


async def served(house: House, dice: Random, week: int, shares: dict[str, float]) -> None:
    """Store the visits of a week, in each place so many of whom a share found it slow."""
    visits = [
        closed_visit(
            f"{place}-{week}-{number}",
            MONDAY + week * WEEK,
            {"response_speed": 1 if dice.random() < share else 5},
            team=place,
        )
        for place, share in shares.items()
        for number in range(PEOPLE)
    ]
    await store_records(house.store, house.clock.now(), *(record for visit in visits for record in visit))


async def warned(house: House) -> Counter[tuple[str, str]]:
    """Count what the team was told, by place."""
    async with house.store.reading() as session:
        texts = [one.prompt.text for one in await session.records(OutboxMessage, all_of(OutboxMessage))]
    kinds = {"明显变差": "worse", "恢复正常": "over"}
    return Counter(
        (place, kind)
        for text in texts
        for place in PLACES
        for words, kind in kinds.items()
        if place in text and words in text
    )
