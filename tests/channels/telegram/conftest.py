"""A fake Telegram that listens, and our channel connected to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.http_client.client import HttpLimits
from bot.channels.telegram.api.persist import RetryDelay
from bot.channels.telegram.channel import TelegramChannel, open_bot
from tests.support.botapi import FakeTelegram, HandClock, Person

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
MEI, TEAM = 10001, -4123456
HASTY = RetryDelay(unit=0.01)


class Alarms(list[tuple[str, str]]):
    """The alarms that were raised: name and reason."""

    def __call__(self, name: str, why: str) -> None:
        self.append((name, why))


@pytest.fixture
def alarms() -> Alarms:
    """Where alarms arrive."""
    return Alarms()


@pytest.fixture
def hand_clock() -> HandClock:
    """Telegram's clock, moved by the test."""
    return HandClock()


@pytest.fixture
async def telegram(hand_clock: HandClock) -> AsyncIterator[FakeTelegram]:
    """A fake Telegram; a test that makes it complain of a broken rule fails."""
    async with FakeTelegram(clock=hand_clock, backoff=0.01).serve() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def channel(telegram: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    """Our channel, patient for a second only."""
    channel = open_bot(telegram.token, telegram.api_base, HttpLimits(connections=128, connect=0.5, answer=0.5))
    yield channel
    await channel.close()


@pytest.fixture
async def mei(telegram: FakeTelegram) -> Person:
    """A customer who has pressed Start."""
    person = telegram.user(MEI)
    await person.start()
    return person
