"""A robot in a fake WeCom group, and our channel that speaks through it."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.channels.http_client.client import HttpLimits
from bot.channels.wecom.channel import RobotChannel
from bot.channels.wecom.present import Mentions
from bot.channels.wecom.robot_api import RobotApi
from bot.process.system import SystemClock
from tests.dialogs.samples import PHRASES
from tests.support.wechat import FakeWeChat, HandClock, Robot

PATIENT = HttpLimits(connections=4, connect=0.25, answer=0.25)
ON_CALL = Mentions(("zhangsan",), ("13800138000",))


@pytest.fixture
def minute() -> HandClock:
    """The platform's clock, moved by the test."""
    return HandClock()


@pytest.fixture
async def wechat(minute: HandClock) -> AsyncIterator[FakeWeChat]:
    """A fake platform that listens."""
    async with FakeWeChat(clock=minute).serve() as server:
        yield server


@pytest.fixture
def robot(wechat: FakeWeChat) -> Robot:
    """The group's robot."""
    return wechat.robot("robot-key-5e1f77")


@pytest.fixture
async def channel(robot: Robot) -> AsyncIterator[RobotChannel]:
    """Our channel, patient for half a second only."""
    channel = RobotChannel(RobotApi(robot.url, PATIENT), ON_CALL, partial(PHRASES.say, "zh-Hans"), SystemClock())
    yield channel
    await channel.close()
