"""A fake WeChat that listens, and our channel connected to it."""

from collections.abc import AsyncIterator

import pytest

from tests.channels.wechat.chat import Chat, open_chat
from tests.support.wechat import FakeWeChat, HandClock, Person


@pytest.fixture
def hand() -> HandClock:
    """The platform's clock, and ours."""
    return HandClock()


@pytest.fixture
async def wechat(hand: HandClock) -> AsyncIterator[FakeWeChat]:
    """A fake WeChat; a test that makes it complain of a broken rule fails."""
    async with FakeWeChat(clock=hand).serve() as server:
        server.template("TPL", "thing1", "time3")
        server.notice_template("SUB", "thing1", "thing2")
        yield server
    assert server.violations == []


@pytest.fixture
async def chat(wechat: FakeWeChat, hand: HandClock) -> AsyncIterator[Chat]:
    """Our channel, connected."""
    async with open_chat(wechat, hand) as opened:
        yield opened


@pytest.fixture
def mei(wechat: FakeWeChat) -> Person:
    """A follower of whom nothing was heard for long."""
    return wechat.person()
