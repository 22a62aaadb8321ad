"""A running fake Telegram, and a plain HTTP client that plays the bot."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.support.botapi import TOKEN, FakeTelegram, HandClock

Json = dict[str, Any]


@dataclass(slots=True)
class BotClient:
    """Calls methods as a bot does, in JSON or as PTB does: a form of strings, nested objects as JSON text."""

    telegram: FakeTelegram
    session: aiohttp.ClientSession
    as_form: bool = False
    token: str = TOKEN

    async def call(self, method: str, **values: Any) -> Json:  # noqa: ANN401 (any JSON)
        """Call a method and return the body of the answer."""
        strings = {name: v if isinstance(v, str) else json.dumps(v) for name, v in values.items()}
        body: Json = {"data": strings} if self.as_form else {"json": values}
        async with self.session.post(f"{self.telegram.api_base}/bot{self.token}/{method}", **body) as answer:
            read: Json = await answer.json()
            assert answer.status == (200 if read["ok"] else read["error_code"])
            return read

    async def fails(self, method: str, **values: Any) -> str:  # noqa: ANN401 (any JSON)
        """Call a method that must fail; gives "code description"."""
        answer = await self.call(method, **values)
        assert answer["ok"] is False, f"{method} was accepted: {values}"
        return f"{answer['error_code']} {answer['description']}"

    async def updates(self, offset: int = 0, *, wait: int = 0) -> list[Json]:
        """Poll from this offset, waiting up to so many seconds."""
        answer = await self.call("getUpdates", offset=offset, timeout=wait)
        result: list[Json] = answer["result"]
        return result


@pytest.fixture
def hand_clock() -> HandClock:
    """Telegram's clock, moved by the test."""
    return HandClock()


@pytest.fixture
async def telegram(hand_clock: HandClock) -> AsyncIterator[FakeTelegram]:
    """A fake Telegram that listens."""
    async with FakeTelegram(clock=hand_clock, backoff=0.01).serve() as server:
        yield server


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[BotClient]:
    """A bot of plain HTTP calls."""
    async with aiohttp.ClientSession() as session:
        yield BotClient(telegram, session)
