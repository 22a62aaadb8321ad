"""Two processes take an issue over at once, and both find it due: one does, once, on either database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat_migrations import Moves
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import IssueOutcome
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueRefusal, IssueResult
from bot.handlers.issues.workers import assign_issue
from bot.receiver import Receiver
from dialogs.ids import Ref, RefKind
from dialogs.messages import Address
from storage.connection.store import Store
from storage.model.records import IssueEvent, OutboxMessage
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.dialogs.samples import PHRASES
from tests.support.database.migrated import copy_migrated
from tests.support.web.clockwork import Clockwork
from tests.support.web.survey_pages import LINKS

POLICY = Policy({}, {}, PHRASES, team=(Address("sandbox", "team"),), links=LINKS, resolve_within=timedelta(minutes=30))


class Processes:
    """Two processes with an issue that 李工 holds."""

    def __init__(self, writers: list[Writer], store: Store, clock: Clockwork) -> None:
        self.receivers = [Receiver(writer, clock, POLICY, Moves()) for writer in writers]
        self.store, self.clock, self.issue = store, clock, ""

    async def begin(self) -> None:
        """Open the issue and claim it."""
        new = commands.NewIssue("a", "漏水")
        opened = await self.receivers[0].do(Needs(), lambda context: commands.create_issue(context, new))
        assert isinstance(opened, IssueOutcome)
        self.issue = opened.issue.id
        await self.receivers[0].do(self.needs, lambda context: commands.claim_issue(context, self.issue, Actor("李工")))

    @property
    def needs(self) -> Needs:
        """What deciding about the issue looks at."""
        return Needs(issues=frozenset({self.issue}), roster=True)

    async def takes_over(self, receiver: Receiver, name: str) -> IssueResult:
        """Let somebody take it over, in one of the processes."""
        return await receiver.do(self.needs, lambda context: assign_issue(context, self.issue, Actor(name), name))

    async def events(self) -> list[str]:
        """Return what has happened to it."""
        async with self.store.reading() as session:
            lines = await session.records(IssueEvent, all_of(IssueEvent))
        return [line.event for line in sorted(lines, key=lambda line: line.number)]


@pytest.fixture(params=["sqlite", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Return where the processes find the database; on SQLite there is one only, whose decisions share batches."""
    if request.param == "sqlite":
        return [f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"]
    return [request.getfixturevalue("migrated_postgres")] * 2


@pytest.fixture
async def processes(urls: list[str]) -> AsyncIterator[Processes]:
    """Open them."""
    clock = Clockwork()
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(Store.open(url)) for url in urls]
        writers = [Writer(store, clock.now) for store in stores]
        opened = Processes([writers[0], writers[-1]], stores[0], clock)
        await opened.begin()
        yield opened
        for writer in writers:
            await writer.stop()


async def test_of_many_who_take_over_at_once_one_has_it_and_the_others_hear_who(processes: Processes) -> None:
    processes.clock.passes(POLICY.takeover_after)
    first, second = processes.receivers
    names = [f"同事{number}" for number in range(6)]
    takes = (processes.takes_over((first, second)[place % 2], name) for place, name in enumerate(names))
    answers = await asyncio.gather(*takes)
    (taken,) = (answer for answer in answers if isinstance(answer, IssueOutcome))
    refused = [answer.detail for answer in answers if isinstance(answer, IssueRefusal)]
    assert len(refused) == len(names) - 1
    assert {detail.partition(" has this issue")[0] for detail in refused} == {taken.issue.claimed_by}
    assert await processes.events() == ["opened", "claimed", "taken_over"]


async def test_the_holder_is_reminded_once_and_it_is_escalated_once(processes: Processes) -> None:
    due = Ref(RefKind.ISSUE, processes.issue)
    for minutes in (30, 15, 60):
        processes.clock.passes(timedelta(minutes=minutes))
        await asyncio.gather(*(receiver.wake(due) for receiver in processes.receivers * 2))
    assert await processes.events() == ["opened", "claimed", "reminded", "escalated"]
    async with processes.store.reading() as session:
        told = [message.prompt.text for message in await session.records(OutboxMessage, all_of(OutboxMessage))]
    assert sum("到处理时限" in text for text in told) == 1
    assert sum("还没处理完，已经提醒过" in text for text in told) == 1
