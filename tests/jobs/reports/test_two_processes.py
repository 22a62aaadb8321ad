"""Two processes on one PostgreSQL make each report once, also when both look at the same moment, or one comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.jobs.reports.scheduled_reports import ScheduledReportJob
from bot.process.alarms import Alarms
from dialogs.messages import Address
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import ReportCadence, ReportSchedule
from scoring.values import replace
from storage.model.archive.report_records import ReportRun, RunOutcome
from storage.model.errors import WriteConflict
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.jobs.reports.desk import TEAM
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House, open_house

WEEK = ReportSchedule("week", ReportKind.SUMMARY, ReportCadence.WEEK, time(8), "Asia/Shanghai", due=2)
MONTH = ReportSchedule("month", ReportKind.REVIEW, ReportCadence.MONTH, time(8), "Asia/Shanghai", due=5)
ROBOT = Address("wecom", "robot")


class Pair:
    """Two processes with the same rules and clocks that a test moves together."""

    def __init__(self, houses: list[House]) -> None:
        self.houses = houses
        self.jobs = [self._job(house) for house in houses]

    @staticmethod
    def _job(house: House) -> ScheduledReportJob:
        receiver = house.web.receiver
        receiver.adopt(replace(receiver.policy, team=(TEAM, ROBOT), reports=(WEEK, MONTH)))
        return ScheduledReportJob(receiver, house.web.reader, house.clock, Alarms(house.clock))

    async def look(self, *which: int) -> None:
        """Let these processes look at the same moment; one that another is faster than looks again a minute later."""
        jobs = [self.jobs[number] for number in which or (0, 1)]
        for answer in await asyncio.gather(*(job.look() for job in jobs), return_exceptions=True):
            if answer is not None:
                assert isinstance(answer, WriteConflict), answer

    def passes(self, length: timedelta) -> None:
        for house in self.houses:
            house.clock.passes(length)

    async def happens(self, number: int) -> None:
        """Close and rate a ticket now."""
        house = self.houses[0]
        now = house.clock.now()
        await store_records(house.store, now, *closed_visit(str(number), now, {"attitude": 4}))

    async def runs(self, schedule: str) -> list[ReportRun]:
        return list((await self.houses[0].web.reader.archive.runs(schedule, None, 100)).items)

    async def messages(self) -> list[OutboxMessage]:
        async with self.houses[0].store.reading() as session:
            return await session.records(OutboxMessage, all_of(OutboxMessage))


@asynccontextmanager
async def pair_at(folder: Path, url: str) -> AsyncIterator[Pair]:
    async with open_house(folder, url) as first, open_house(folder, url) as second:
        pair = Pair([first, second])
        await pair.look(0)
        yield pair


async def test_what_both_look_at_is_made_and_sent_once(tmp_path: Path, migrated_postgres: str) -> None:
    async with pair_at(tmp_path, migrated_postgres) as pair:
        await pair.happens(1)
        pair.passes(timedelta(days=1))
        for _ in range(3):
            await pair.look()
        (run,) = await pair.runs("week")
        assert run.outcome is RunOutcome.MADE
        sent = await pair.messages()
        assert [one.address for one in sent] == [TEAM, ROBOT]
        assert await pair.runs("month") == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_one_that_comes_back_finds_what_the_other_has_made(
    tmp_path: Path, migrated_postgres: str, order: tuple[int, int]
) -> None:
    async with pair_at(tmp_path, migrated_postgres) as pair:
        await pair.happens(1)
        pair.passes(timedelta(days=9))
        for number in order:
            await pair.look(number)
        assert [run.period for run in await pair.runs("week")] == ["2026-W48"]
        assert [run.period for run in await pair.runs("month")] == ["2026-11"]


async def test_both_remind_once_of_what_nobody_has_confirmed(tmp_path: Path, migrated_postgres: str) -> None:
    async with pair_at(tmp_path, migrated_postgres) as pair:
        await pair.happens(1)
        pair.passes(timedelta(days=1))
        await pair.look()
        pair.passes(timedelta(days=1))
        for _ in range(2):
            await pair.look()
        reminders = [one for one in await pair.messages() if "还没有人确认" in one.prompt.text]
        assert [one.address for one in reminders] == [TEAM, ROBOT]
        (run,) = await pair.runs("week")
        assert run.told == 1
