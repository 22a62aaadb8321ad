"""What a clock that was set does to people's data: the table of what is done, what waits, and for how long.

A service was well until NOW; then its machine's clock is set, while it runs or before it starts again, and a platform
agrees with that clock, contradicts it, or is silent.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from bot.chat_migrations import Moves
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.tickets import needs, put
from bot.jobs.campaigns import CampaignRunner
from bot.jobs.retention import RetentionJob
from bot.process.alarms import Alarms
from bot.process.scheduler import Scheduler
from bot.process.trusted_clock import ClockWatch, TrustedClock, load_time
from bot.receiver import Receiver
from dialogs.campaign.model import Campaign, CampaignKind, CampaignState, RunState, Schedule
from dialogs.ids import Ref, RefKind
from dialogs.interview.model import InterviewState
from dialogs.invitation.model import InvitationState
from dialogs.issue.model import IssueState
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import OutboxMessage, Purpose, TicketStatus
from storage.privacy.retention import RetentionPeriods
from storage.reads.reader import Reader
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, issue, look, message, person, save, soon
from tests.support.database.migrated import copy_migrated
from tests.support.stage.scene import POLICY
from tests.support.time.machine import Machine
from tests.support.traces import traces

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
TO_1970 = datetime(1970, 1, 1, 0, 5, tzinfo=UTC) - NOW
OVER = {"expired", "too late", "closed", "missed", "dropped", "emptied"}
"""What cannot be undone: ends of an interview, an invitation, an issue, an occurrence, a message, and of texts."""


@dataclass(slots=True)
class Service:
    """What runs of the product on a machine; every look is what its loops do at their next turn."""

    machine: Machine
    clock: TrustedClock
    writer: Writer
    reader: Reader
    receiver: Receiver
    alarms: Alarms
    scheduler: Scheduler
    retention: RetentionJob

    def hears(self, ahead_by: timedelta) -> None:
        """Let a platform answer whose clock says that ours is ahead by so much."""
        self.machine.passes(10 * SECOND)
        self.clock.take_date(format_datetime(self.machine.wall - ahead_by, usegmt=True))

    async def works(self, lasts: timedelta = timedelta(0), every: timedelta = HOUR) -> None:
        """Let the loops run for that long, and once more."""
        for _ in range(lasts // every):
            self.machine.passes(every)
            self.clock.look()
        waiting = [one.id for one in await self._messages() if one.status is SendingState.PENDING]
        await self.writer.claim(waiting, self.clock.now() + MINUTE, self.clock.doubt())
        await self.scheduler.look()
        await self.retention.look()

    async def done(self) -> set[str]:
        """Return what was done, in words."""
        return {word for word in [*self._told(await self._rows()), *await self._kept()] if word}

    async def _rows(self) -> Snapshot:
        return await look(
            self.writer,
            Needs(
                invitations=frozenset({"inv_2"}),
                interviews=frozenset({"int_1"}),
                issues=frozenset({"iss_1"}),
            ),
        )

    def _told(self, rows: Snapshot) -> Iterator[str]:
        first, invitation, handled = rows.interview("int_1"), rows.invitation("inv_2"), rows.issue("iss_1")
        assert first is not None
        assert invitation is not None
        assert handled is not None
        yield "expired" if first.state is InterviewState.EXPIRED else ""
        yield {InvitationState.ASKED: "asked", InvitationState.SUPPRESSED: "too late"}.get(invitation.state, "")
        yield "closed" if handled.state is IssueState.CLOSED else ""

    async def _kept(self) -> list[str]:
        runs = {run.state for run in await self.reader.campaigns.runs("cam_1")}
        messages = await self._messages()
        return [
            "missed" if RunState.SKIPPED in runs else "",
            "ran" if runs - {RunState.SKIPPED} else "",
            "reminded" if any(one.purpose is Purpose.REMINDER for one in messages) else "",
            "dropped" if any(one.status is SendingState.DEAD for one in messages) else "",
            "" if await traces(self.retention.store, "谢谢") else "emptied",
        ]

    async def _messages(self) -> list[OutboxMessage]:
        async with self.retention.store.reading() as session:
            return await session.records(OutboxMessage, all_of(OutboxMessage))


async def _life(writer: Writer) -> None:
    """Save what hangs on time, each for another customer: see `Service.done` for what becomes of it."""
    for name, ticket in (("mei", "1"), ("li", "2"), ("wang", "3"), ("sun", "4"), ("zhao", "5")):
        customer, contact, closed = person(name, ticket)
        await save(writer, customer, replace(contact, chat=f"1000{ticket}"), closed)
    expiring = replace(asked("mei", "1")[1], expires_at=soon(hours=12))
    waiting = replace(
        asked("li", "2")[0], state=InvitationState.SCHEDULED, channel=None, asked_at=None, wake_at=soon(minutes=30)
    )
    silent = asked("wang", "3", InterviewState.INVITED)
    told = replace(asked("sun", "4")[0], sent_at=NOW - 364 * DAY, asked_at=NOW - 364 * DAY)
    ended = replace(
        asked("sun", "4", InterviewState.COMPLETED)[1], asked_at=NOW - 364 * DAY, expires_at=NOW, comment="谢谢"
    )
    solved = replace(
        issue("iss_1", "zhao", "5"),
        state=IssueState.RESOLVED,
        claimed_by="李工",
        claimant="telegram:5",
        wake_at=soon(hours=20),
    )
    planned = Campaign(
        "cam_1",
        "回访",
        CampaignKind.NOTICE,
        NOW,
        state=CampaignState.SCHEDULED,
        text="您好",
        schedule=Schedule(soon(hours=18)),
        next_at=soon(hours=18),
        wake_at=soon(hours=18),
    )
    await save(
        writer,
        asked("mei", "1")[0],
        expiring,
        waiting,
        replace(silent[0], sent_at=NOW),
        replace(silent[1], at="response_speed", remind_at=soon(hours=6)),
        told,
        ended,
        replace(solved, responses=()),
        planned,
        replace(message("out_1", "sun"), about=None, expires_at=soon(hours=10), not_before=soon(days=900)),
    )


@asynccontextmanager
async def _started(url: str, machine: Machine) -> AsyncIterator[Service]:
    clock = TrustedClock(machine.read, machine.monotonic)
    async with Store.open(url) as store:
        writer, reader, alarms = Writer(store, clock.now), Reader(store), Alarms(clock)
        await load_time(clock, writer)
        receiver = Receiver(writer, clock, POLICY, Moves())
        runner = CampaignRunner(receiver, reader.campaigns, alarms, clock)
        wake = dict.fromkeys((RefKind.INTERVIEW, RefKind.INVITATION, RefKind.ISSUE), receiver.wake)

        async def due(_wall: datetime, most: int) -> list[Ref]:
            return await reader.due(clock.now(), most, clock.doubt())

        scheduler = Scheduler(due, reader.next_wake, wake | {RefKind.CAMPAIGN: runner.wake}, clock, alarms)
        retention = RetentionJob(store, writer, reader, clock, RetentionPeriods(), alarms)
        yield Service(machine, clock, writer, reader, receiver, alarms, scheduler, retention)
        await writer.stop()


@asynccontextmanager
async def _shifted(url: str, by: timedelta, when: str) -> AsyncIterator[Service]:
    """Set the clock of a machine on which the service has been well until NOW."""
    machine = Machine(NOW)
    async with _started(url, machine) as service:
        service.hears(timedelta(0))
        await ClockWatch(service.clock, service.writer, service.alarms).keep()
        await _life(service.writer)
        if when == "running":
            machine.wall += by
            yield service
            return
    machine.wall += by
    async with _started(url, machine) as service:
        yield service


ALL = {"expired", "too late", "closed", "missed", "dropped", "emptied"}
"""What cannot be undone: the ends of an interview, an invitation, an issue, an occurrence, a message, and of texts."""
LATE = {"expired", "asked", "closed", "reminded", "ran", "dropped"}
TABLE: dict[tuple[str, timedelta], dict[str, set[str]]] = {
    ("by minutes", 9 * MINUTE): {"agrees": set(), "silent": set(), "contradicts": set()},
    ("ahead", HOUR): {"agrees": {"asked"}, "silent": {"asked"}, "contradicts": set()},
    ("ahead", 21 * HOUR): {"agrees": LATE, "silent": {"asked", "reminded"}, "contradicts": set()},
    ("ahead", 7 * DAY): {"agrees": ALL, "silent": set(), "contradicts": set()},
    ("ahead", 400 * DAY): {"agrees": ALL, "silent": set(), "contradicts": set()},
    ("back", -HOUR): {"agrees": set(), "silent": set(), "contradicts": set()},
    ("back", -7 * DAY): {"agrees": set(), "silent": set(), "contradicts": set()},
    ("back", datetime(1970, 1, 1, 0, 5, tzinfo=UTC) - NOW): {"agrees": set(), "silent": set(), "contradicts": set()},
}
CASES = [(by, who, done) for (_, by), row in TABLE.items() for who, done in row.items()]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"


@pytest.mark.some(16)
@pytest.mark.parametrize("when", ["start", "running"])
@pytest.mark.parametrize(("by", "who", "done"), CASES, ids=[f"{by}, {who}" for by, who, _ in CASES])
async def test_what_is_done_after_the_clock_was_set(
    url: str, by: timedelta, who: str, done: set[str], when: str
) -> None:
    async with _shifted(url, by, when) as service:
        if who != "silent":
            service.hears(by if who == "contradicts" else timedelta(0))
        await service.works()
        assert await service.done() == done
        if who == "contradicts" and abs(by) > timedelta(minutes=10):
            assert "set it" in service.clock.look()


@pytest.mark.parametrize("when", ["start", "running"])
async def test_where_nobody_tells_the_time_it_is_believed_after_a_day(url: str, when: str) -> None:
    async with _shifted(url, 7 * DAY, when) as service:
        await service.works(9 * HOUR)
        assert await service.done() == set()
        await service.works(4 * HOUR)
        assert await service.done() == {"expired", "dropped"}, "by the steady clock alone that is over for an hour"
        await service.works(12 * HOUR)
        assert await service.done() == ALL


@pytest.mark.parametrize("when", ["start", "running"])
async def test_a_clock_that_is_set_right_again_has_cost_nothing(url: str, when: str) -> None:
    async with _shifted(url, 400 * DAY, when) as service:
        service.hears(400 * DAY)
        await service.works(timedelta(hours=1))
        assert await service.done() == set()
        service.machine.wall -= 400 * DAY
        service.hears(timedelta(0))
        await service.works()
        assert await service.done() == {"asked"}, "an hour has passed, and that is due"


async def test_what_ends_is_not_decided_in_doubt_whoever_asks_for_it(url: str) -> None:
    async with _shifted(url, 7 * DAY, "running") as service:
        for kind, key in ((RefKind.INTERVIEW, "int_1"), (RefKind.INVITATION, "inv_2"), (RefKind.ISSUE, "iss_1")):
            await service.receiver.wake(Ref(kind, key))
        assert await service.done() == set()


async def test_a_closing_is_not_refused_as_too_old_by_a_clock_in_doubt(url: str) -> None:
    async with _shifted(url, 7 * DAY, "start") as service:
        customer = CustomerEvent("c-new", contacts=(("telegram", "20001"),))
        event = TicketEvent("desk", "new", TicketStatus.CLOSED, customer, closed_at=NOW - MINUTE)
        told = await service.receiver.do(needs(event, POLICY), partial(put, event=event))
        assert told.invitation is not None
        assert told.invitation.state is InvitationState.SCHEDULED


async def test_marks_of_a_clock_that_was_ahead_hold_nobody_up(url: str) -> None:
    async with _shifted(url, timedelta(0), "running") as service:
        service.hears(timedelta(0))
        customer = CustomerEvent("c-new", contacts=(("telegram", "20001"),))
        future = NOW + 300 * DAY
        ahead = TicketEvent("desk", "new", TicketStatus.CLOSED, customer, closed_at=future, updated_at=future)
        told = await service.receiver.do(needs(ahead, POLICY), partial(put, event=ahead))
        assert told.invitation is not None
        assert told.invitation.due_at < NOW + HOUR, "it is asked as if closed now"
        later = replace(ahead, updated_at=NOW + MINUTE, subject="空调")
        told = await service.receiver.do(needs(later, POLICY), partial(put, event=later))
        assert told.ticket.subject == "空调", "a later report is no older one"
