"""Twenty a minute: the robot never gets more, and a crowd goes as few messages."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.channel import RobotChannel
from bot.channels.wecom.rate_limits import RobotRateLimit
from bot.chat_migrations import Moves
from bot.delivery.queue import SendQueue
from bot.delivery.sender import Sender
from bot.handlers.common.policy import Policy
from bot.process.after_commit import AfterCommit, CommitFeed
from bot.process.alarms import Alarms
from bot.process.system import SystemClock
from bot.receiver import Receiver
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import OutboxMessage
from storage.reads.outbox import pending
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Writer
from tests.channels.wecom.alerts import LINKS, ROBOT, numbered
from tests.dialogs.samples import NOW, PHRASES
from tests.support.database.migrated import copy_migrated
from tests.support.town.town import eventually
from tests.support.wechat import FakeWeChat, Refuse, Robot


@given(gaps=st.lists(st.floats(0, 20), max_size=120), wanted=st.integers(1, 2))
def test_no_minute_ever_holds_more_than_the_robot_takes(gaps: list[float], wanted: int) -> None:
    allowance, now, left = RobotRateLimit(wanted), 0.0, list[float]()
    for gap in gaps:
        now = allowance.ready_at("robot", now + gap)
        for _ in range(wanted):
            allowance.spend(now)
            left.append(now)
    assert all(sum(at <= other < at + 60 for other in left) <= 18 for at in left)


def test_nine_alerts_with_their_calls_go_at_once_and_the_tenth_a_minute_later() -> None:
    allowance = RobotRateLimit(2)
    for _ in range(9):
        assert allowance.ready_at("robot", 5.0) == 5.0
        allowance.spend(5.0)
        allowance.spend(5.0)
    assert allowance.ready_at("robot", 6.0) == 68.0


def test_a_pause_holds_everything_up() -> None:
    allowance = RobotRateLimit(1)
    allowance.pause(100.0)
    assert (allowance.ready_at("robot", 3.0), allowance.free_at(3.0), allowance.free_at(101.0)) == (100.0, 100.0, 101.0)


class House:
    """A sender with a robot and nothing else."""

    def __init__(self, store: Store, channel: RobotChannel) -> None:
        clock, moves, commits = SystemClock(), Moves(), CommitFeed()
        self.store, self.clock = store, clock
        self.writer = Writer(store, clock.now, on_commit=commits.publish)
        self.receiver = Receiver(self.writer, clock, Policy({}, {}, PHRASES, team=(ROBOT,), links=LINKS), moves)
        self.alarms, queue = Alarms(clock), SendQueue({"wecom": channel.rate_limit}, {"wecom"})
        settle = self.receiver.settle
        self.sender = Sender({"wecom": channel}, settle, store, self.writer, queue, clock, self.alarms, moves)
        commits.subscribe(AfterCommit({"wecom": channel}, moves, self.sender.poke, lambda _at: None))

    async def says(self, messages: list[OutboxMessage]) -> None:
        """Decide on messages, all in one commit."""
        now = self.clock.now()
        fresh = tuple(replace(message, created_at=now, not_before=now) for message in messages)
        await self.receiver.do(Needs(), lambda _context: Decision(Changes(fresh), None))

    async def has_settled(self) -> None:
        """Wait until nothing is to be sent any more."""

        async def look() -> bool | None:
            waiting = await pending(self.store, {"wecom"}, self.clock.now(), 10)
            return None if waiting or len(self.sender.queue) else True

        await eventually(look)


@pytest.fixture
async def house(tmp_path: Path, channel: RobotChannel) -> AsyncIterator[House]:
    """Open a house, its sender at work."""
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        house = House(store, channel)
        sending = asyncio.create_task(house.sender.run())
        yield house
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await house.writer.stop()


async def test_a_crowd_of_alerts_goes_as_one_card_and_none_is_left(
    house: House, robot: Robot, wechat: FakeWeChat
) -> None:
    messages = numbered(18)
    await house.says(messages)
    await house.has_settled()
    assert len(robot.asked_at) <= 6
    seen = "".join(notice.text for notice in robot.notices)
    assert all(message.about.id[-5:] in seen for message in messages if message.about)
    assert wechat.violations == []


async def test_three_alerts_go_as_three_cards(house: House, robot: Robot) -> None:
    await house.says(numbered(3))
    await house.has_settled()
    assert [notice.kind for notice in robot.notices] == ["template_card", "text"] * 3


async def test_a_crowd_that_fails_is_tried_again_whole(house: House, robot: Robot, wechat: FakeWeChat) -> None:
    wechat.faults.plant(Refuse(-1), "webhook/send")
    await house.says(numbered(8))
    await house.has_settled()
    seen = "".join(notice.text for notice in robot.notices)
    assert all(f"abcdefgh{n:05}"[-5:] in seen for n in range(8))
    assert wechat.violations == []


async def test_a_wrong_key_keeps_the_alerts_and_sounds_one_alarm(
    house: House, robot: Robot, wechat: FakeWeChat
) -> None:
    wechat.faults.plant(Refuse(93000), "webhook/send", times=None)
    await house.says(numbered(5))

    async def sounded() -> list[str] | None:
        return [alarm.name for alarm in house.alarms.standing()] or None

    assert await eventually(sounded) == ["wecom.robot_url"]
    await house.has_settled()
    waiting = await pending(house.store, {"wecom"}, NOW.replace(year=2100), 10)
    assert len(waiting) == 5
    assert robot.notices == []


async def test_told_that_it_is_too_much_the_robot_keeps_quiet(house: House, robot: Robot, wechat: FakeWeChat) -> None:
    wechat.faults.plant(Refuse(45009), "webhook/send")
    await house.says(numbered(1))
    await wechat.until(lambda: wechat.calls("webhook/send") or None)
    await house.says(numbered(4)[1:])
    await asyncio.sleep(0.3)
    assert len(wechat.calls("webhook/send")) == 1
    assert robot.notices == []
