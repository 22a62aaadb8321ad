"""The real scheduler under a clock that is moved: each occurrence once, over a change of the clocks or while down.

The clock is the machine's own, set forward; the scheduler's library reads it, too.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from apscheduler.executors import base as base_executor
from apscheduler.schedulers import base as base_scheduler
from apscheduler.triggers import interval

from bot.channels.sandbox.channel import SandboxChannel
from bot.chat_migrations import Moves
from bot.delivery.queue import SendQueue
from bot.delivery.sender import Sender
from bot.handlers.campaigns import commands
from bot.handlers.campaigns.commands import NewCampaign
from bot.jobs.campaigns import CampaignRunner
from bot.process.after_commit import AfterCommit, CommitFeed
from bot.process.alarms import Alarms
from bot.process.scheduler import Scheduler
from bot.process.system import SystemClock
from bot.receiver import Receiver
from bot.wiring.policy import make_policy
from config.settings.loading import load_settings
from dialogs.campaign.model import CampaignKind, CampaignState, Run, RunState, Schedule
from dialogs.ids import RefKind
from dialogs.time.doubt import Doubt
from storage.connection.store import Store
from storage.model.records import Contact, Customer
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.support.database.migrated import copy_migrated
from tests.support.web.house import shipped

HOUR = timedelta(hours=1)
BERLIN_FORWARD = datetime(2027, 3, 28, 1, tzinfo=UTC)
"""When Berlin's clocks jump from 02:00 to 03:00."""
WITHIN = 20.0


class MovedClock:
    """The machine's clock, set forward by whoever tests; its steady one does not notice."""

    def __init__(self, now: datetime) -> None:
        self._real = SystemClock()
        self._ahead = now - self._real.now()

    def now(self) -> datetime:
        return self._real.now() + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()

    def doubt(self) -> Doubt | None:
        return None

    def move(self, by: timedelta) -> None:
        self._ahead += by


@dataclass(slots=True)
class Service:
    """What runs of the product: writer, sender, ticks."""

    clock: MovedClock
    receiver: Receiver
    reader: Reader

    async def rests(self) -> None:
        """Wait until nothing is due and no occurrence is under way; the scheduler has to see the clock by itself."""

        async def look() -> bool:
            is_due = await self.reader.due(self.clock.now(), 1)
            return not is_due and all(
                one.state is not CampaignState.RUNNING for one in await self.reader.campaigns.all()
            )

        await _eventually(look)

    async def runs(self) -> list[Run]:
        (campaign,) = await self.reader.campaigns.all()
        return await self.reader.campaigns.runs(campaign.id)


async def _eventually(look: Callable[[], Awaitable[bool]]) -> None:
    until = time.monotonic() + WITHIN
    while not await look():
        assert time.monotonic() < until
        await asyncio.sleep(0.01)


@dataclass(slots=True)
class Running:
    """Runs the product on one database, as often as it is called."""

    url: str
    clock: MovedClock
    folder: Path

    def __call__(self) -> AbstractAsyncContextManager[Service]:
        """Run it until the end of the block."""
        return _running(self.url, self.clock, self.folder)


@asynccontextmanager
async def _running(url: str, clock: MovedClock, folder: Path) -> AsyncIterator[Service]:
    settings = load_settings({"HUIFANG_DATABASE__URL": url, "HUIFANG_SURVEY__QUIET_HOURS": "off"}, cwd=folder)
    channel, alarms, moves = SandboxChannel(""), Alarms(clock), Moves()
    channels = {"sandbox": channel}
    commits = CommitFeed()
    surveys, phrases = shipped()
    async with Store.open(url) as store:
        writer = Writer(store, clock.now, on_commit=commits.publish)
        receiver = Receiver(writer, clock, make_policy(settings, surveys, {}, phrases), moves)
        reader = Reader(store)
        sender = Sender(channels, receiver.settle, store, writer, SendQueue({}), clock, alarms, moves)
        campaigning = CampaignRunner(receiver, reader.campaigns, alarms, clock)
        wake = {RefKind.INTERVIEW: receiver.wake, RefKind.INVITATION: receiver.wake, RefKind.CAMPAIGN: campaigning.wake}
        ticks = Scheduler(reader.due, reader.next_wake, wake, clock, alarms, watch_every=0.02)
        commits.subscribe(AfterCommit(channels, moves, sender.poke, ticks.expect))
        jobs = [asyncio.create_task(sender.run()), asyncio.create_task(ticks.run())]
        try:
            yield Service(clock, receiver, reader)
        finally:
            for job in jobs:
                job.cancel()
                with suppress(asyncio.CancelledError):
                    await job
            await writer.stop()
            await channel.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """Return the clock, a day and a quarter before Berlin's clocks change, and let the scheduler's library read it."""
    moved = MovedClock(BERLIN_FORWARD - 30 * HOUR)

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moved.now().timestamp(), tz)

    for module in (base_scheduler, base_executor, interval):
        monkeypatch.setattr(module, "datetime", Moved)
    return moved


@pytest.fixture
async def running(tmp_path: Path, clock: MovedClock) -> Running:
    """Return a way to run the product; it watches the clock closely, so that a test is done in seconds."""
    return Running(f"sqlite:///{copy_migrated(tmp_path / 'clock.db')}", clock, tmp_path)


async def begin(service: Service, repeats: str, zone: str) -> None:
    people = [Customer(f"c-{number}", "王女士") for number in range(2)]
    chats = [Contact(person.id, "sandbox", person.id, bound_at=service.clock.now()) for person in people]
    new = NewCampaign("k", "月报", CampaignKind.NOTICE, "Zhang", text="您好", schedule=Schedule(None, repeats, zone))
    key = commands.campaign_id_of(new)

    def save(_rows: object, _now: datetime) -> Decision[None]:
        return Decision(Changes((*people, *chats)), None)

    await service.receiver._writer.decide(Job(Needs(), save))  # noqa: SLF001 (what no door brings)
    await service.receiver.do(commands.needs(key), lambda context: commands.create(context, new))
    await service.receiver.do(commands.needs(key), lambda context: commands.start(context, key, "Zhang"))


async def passes(service: Service, hours: int, step: int = 1) -> None:
    """Let time pass, hour by hour."""
    for _ in range(0, hours, step):
        service.clock.move(step * HOUR)
        await service.rests()


@pytest.mark.some(1)
@pytest.mark.parametrize(
    ("repeats", "zone", "days", "expected"),
    [
        ("daily 02:30", "Europe/Berlin", 0, ["2027-03-27T01:30Z", "2027-03-28T01:00Z", "2027-03-29T00:30Z"]),
        ("daily 01:30", "America/New_York", 224, ["2027-11-06T05:30Z", "2027-11-07T05:30Z", "2027-11-08T06:30Z"]),
    ],
)
async def test_each_occurrence_runs_once_over_a_change_of_the_clocks(
    running: Running, repeats: str, zone: str, days: int, expected: list[str]
) -> None:
    running.clock.move(timedelta(days=days))
    async with running() as service:
        await begin(service, repeats, zone)
        await service.rests()
        await passes(service, 60, step=3)
        runs = await service.runs()
        assert [f"{run.occurrence:%Y-%m-%dT%H:%MZ}" for run in runs] == expected
        assert {(run.state, run.audience) for run in runs} == {(RunState.DONE, 2)}
        for run in runs:
            assert (await service.reader.campaigns.progress(run)).sent == 2


async def test_an_occurrence_that_came_while_we_were_down_runs_late_or_is_written_down(running: Running) -> None:
    async with running() as service:
        await begin(service, "daily 02:30", "Europe/Berlin")
        await service.rests()
    running.clock.move(34 * HOUR)  # over two occurrences, the later one missed by four hours
    async with running() as service:
        await service.rests()
        assert [(run.state, run.why) for run in await service.runs()] == [
            (RunState.SKIPPED, "missed"),
            (RunState.DONE, ""),
        ]
    running.clock.move(32 * HOUR)  # over one, missed by more than six hours
    async with running() as service:
        await service.rests()
        assert [(run.state, run.why) for run in await service.runs()][2:] == [(RunState.SKIPPED, "missed")]
        await passes(service, 24, step=4)
        runs = await service.runs()
        assert [run.state for run in runs][3:] == [RunState.DONE]
        assert len({run.occurrence for run in runs}) == len(runs)
