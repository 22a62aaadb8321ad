"""What a person decides in the same commit as the runner of campaigns is kept."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.chat_migrations import Moves
from bot.handlers.campaigns import commands
from bot.handlers.campaigns.commands import NewCampaign
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.jobs.campaigns import CampaignRunner
from bot.process.alarms import Alarms
from bot.process.scheduler import Scheduler
from bot.process.system import SystemClock
from bot.receiver import Receiver
from bot.wiring.policy import make_policy
from config.settings.loading import load_settings
from dialogs.campaign.model import CampaignKind, CampaignState, Schedule
from dialogs.ids import Ref, RefKind
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Writer
from tests.support.database.migrated import copy_migrated
from tests.support.database.wire import Fault, wire_to
from tests.support.web.house import shipped

A = TypeVar("A")
NEW = NewCampaign("k", "月报", CampaignKind.NOTICE, "Zhang", text="您好", schedule=Schedule(None, "", ""))
KEY = commands.campaign_id_of(NEW)


class InOneBatch:
    """Hands in what the runner decides together with the start that a person asks for just then, which goes first."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def current_policy(self) -> Policy:
        return await self._receiver.current_policy()

    async def do(self, needs: Needs, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        start = self._receiver.do(commands.needs(KEY), lambda context: commands.start(context, KEY, "Zhang"))
        return (await asyncio.gather(start, self._receiver.do(needs, decide)))[1]


async def test_a_campaign_whose_row_others_keep_changing_is_told_and_goes_on_when_they_are_done(
    tmp_path: Path, migrated_postgres: str
) -> None:
    async with wire_to(migrated_postgres) as wire, Store.open(wire.url(migrated_postgres)) as store:
        settings = load_settings({"HUIFANG_DATABASE__URL": migrated_postgres}, cwd=tmp_path)
        clock, reader, (surveys, phrases) = SystemClock(), Reader(store), shipped()
        writer = Writer(store, clock.now)
        receiver = Receiver(writer, clock, make_policy(settings, surveys, {}, phrases), Moves())
        await receiver.do(commands.needs(KEY), lambda context: commands.create(context, NEW))
        alarms = Alarms(clock)
        wake = {RefKind.CAMPAIGN: CampaignRunner(receiver, reader.campaigns, alarms, clock).wake}
        scheduler = Scheduler(reader.due, reader.next_wake, wake, clock, alarms)
        wire.fires = lambda sent: Fault.CONFLICT if b"COMMIT" in sent else None
        await scheduler.look()
        assert [alarm.name for alarm in alarms.standing()] == ["due"]
        wire.mend()
        await scheduler.look()
        campaign = await reader.campaigns.find(KEY)
        assert campaign is not None
        assert campaign.wake_at is None, "its preview is shown"
        assert alarms.standing() == []
        await writer.stop()


async def test_a_campaign_that_is_started_while_its_preview_is_counted_stays_due(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{copy_migrated(tmp_path / 'races.db')}"
    settings = load_settings({"HUIFANG_DATABASE__URL": url}, cwd=tmp_path)
    surveys, phrases = shipped()
    async with Store.open(url) as store:
        clock = SystemClock()
        writer = Writer(store, clock.now)
        receiver = Receiver(writer, clock, make_policy(settings, surveys, {}, phrases), Moves())
        reads = Reader(store).campaigns
        together: Any = InOneBatch(receiver)
        runner = CampaignRunner(together, reads, Alarms(clock), clock)
        await receiver.do(commands.needs(KEY), lambda context: commands.create(context, NEW))
        await runner.wake(Ref(RefKind.CAMPAIGN, KEY))
        campaign = await reads.find(KEY)
        await writer.stop()
    assert campaign is not None
    assert campaign.state is CampaignState.SCHEDULED
    assert campaign.wake_at is not None
    assert campaign.wake_at <= clock.now() + timedelta(seconds=1)
