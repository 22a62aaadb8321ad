"""Polling: nothing is confirmed before it is received, order is kept inside a chat, and nothing stops it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.inbound.poll import Poller
from bot.channels.telegram.inbound.webhook import remove_webhook, set_webhook
from storage.model.errors import DecisionFailed, Unavailable
from tests.channels.telegram.conftest import HASTY, Alarms
from tests.channels.telegram.messages import message, rating_prompt
from tests.support.botapi import Cut, FakeTelegram, Garbled, Html, Person, Refuse, refused
from tests.support.time.patience import PATIENCE

Running = Callable[[], AbstractAsyncContextManager[None]]


async def eventually(look: Callable[[], bool]) -> None:
    """Wait until this is so."""
    async with asyncio.timeout(PATIENCE):
        while not look():  # noqa: ASYNC110 (what is watched cannot ring)
            await asyncio.sleep(0.005)


@dataclass
class Desk:
    """Receives updates; what it has is committed. It can be told to hesitate or to fail."""

    had: list[dict[str, Any]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    failures: list[Exception] = field(default_factory=list)

    async def receive(self, raw: bytes) -> None:
        self.under_way += 1
        try:
            await self.open.wait()
            if self.failures:
                raise self.failures.pop()
            self.had.append(json.loads(raw))
        finally:
            self.under_way -= 1

    async def has(self, count: int) -> None:
        await eventually(lambda: len(self.had) >= count)

    def texts(self, chat: int) -> list[str]:
        mine = [update.get("message", update.get("callback_query", {})) for update in self.had]
        return [what.get("text", what.get("data")) for what in mine if what["from"]["id"] == chat]


@pytest.fixture
def desk() -> Desk:
    """A desk that receives at once."""
    desk = Desk()
    desk.open.set()
    return desk


@pytest.fixture
def polling(channel: TelegramChannel, desk: Desk, alarms: Alarms) -> Running:
    """Start a poller for the time of a block, as if the process had just started."""

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        poller = Poller(channel.api, desk.receive, alarms, wait=5, delay=HASTY)
        task = asyncio.create_task(poller.run())
        yield
        task.cancel()
        async with asyncio.timeout(PATIENCE):
            with suppress(asyncio.CancelledError):
                await task

    return running


async def test_an_update_is_confirmed_only_after_it_was_received(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person
) -> None:
    desk.open.clear()
    async with polling():
        await eventually(lambda: bool(desk.under_way))
        assert len(telegram.bot.updates.alive()) == 1
        desk.open.set()
        await desk.has(1)
        await mei.says("您好")
        await desk.has(2)
        await eventually(lambda: not telegram.bot.updates.alive())
    assert desk.texts(mei.chat_id) == ["/start", "您好"]
    assert {tuple(call.values["allowed_updates"]) for call in telegram.calls("getUpdates")} == {
        ("message", "edited_message", "callback_query", "my_chat_member")
    }


async def test_one_chat_is_heard_in_order_and_many_chats_at_once(
    telegram: FakeTelegram, channel: TelegramChannel, desk: Desk, polling: Running, mei: Person
) -> None:
    others = [telegram.user(20001 + n) for n in range(20)]
    for person in others:
        await person.start()
    await mei.says("一")
    await channel.send(message(rating_prompt()), "")
    tap = await mei.taps("4")
    await mei.says("二")
    async with polling():
        await desk.has(24)
    assert desk.texts(mei.chat_id) == ["/start", "一", tap.data, "二"]
    assert len({update["update_id"] for update in desk.had}) == 24


async def test_all_chats_of_a_batch_are_handed_over_together(
    telegram: FakeTelegram, desk: Desk, polling: Running
) -> None:
    desk.open.clear()
    for n in range(20):
        await telegram.user(20001 + n).start()
    async with polling():
        await eventually(lambda: desk.under_way == 20)
        desk.open.set()
        await desk.has(20)


async def test_what_was_not_received_is_asked_for_again_in_order(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person
) -> None:
    await mei.says("一")
    desk.failures = [Unavailable("disk full") for _ in range(3)]
    async with polling():
        await desk.has(2)
        await eventually(lambda: not telegram.bot.updates.alive())
    assert desk.texts(mei.chat_id) == ["/start", "一"]


async def test_what_is_kept_as_failed_is_received_and_holds_up_nobody(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person
) -> None:
    await mei.says("一")
    desk.failures = [DecisionFailed("a bug of ours")]
    async with polling():
        await desk.has(1)
        await eventually(lambda: not telegram.bot.updates.alive())
    assert desk.texts(mei.chat_id) == ["一"]


async def test_a_new_process_is_given_what_the_old_one_did_not_confirm(
    desk: Desk, polling: Running, mei: Person
) -> None:
    desk.open.clear()
    async with polling():
        await eventually(lambda: bool(desk.under_way))
    assert desk.had == []
    desk.open.set()
    async with polling():
        await desk.has(1)
    assert desk.texts(mei.chat_id) == ["/start"]


async def test_trouble_on_the_way_only_delays(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person, alarms: Alarms
) -> None:
    for fault in (Html(502), Cut(done=False), Garbled(), Garbled('{"ok":true,"result":{}}')):
        telegram.faults.plant(fault, method="getUpdates")
    async with polling():
        await desk.has(1)
    assert alarms == []
    assert desk.texts(mei.chat_id) == ["/start"]


async def test_a_second_poller_and_a_wrong_token_are_alarms_and_polling_goes_on(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person, alarms: Alarms
) -> None:
    second = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    telegram.faults.plant(Refuse(refused(409, second)), method="getUpdates")
    telegram.faults.plant(Refuse(refused(401, "Unauthorized")), method="getUpdates")
    async with polling():
        await desk.has(1)
    assert alarms == [("telegram.conflict", f"409 {second}"), ("telegram.token", "401 Unauthorized")]
    assert desk.texts(mei.chat_id) == ["/start"]


async def test_while_a_webhook_stands_polling_raises_an_alarm_until_it_is_removed(
    telegram: FakeTelegram, channel: TelegramChannel, desk: Desk, polling: Running, alarms: Alarms
) -> None:
    await set_webhook(channel.bot, "http://127.0.0.1:1", "secret", alarms, HASTY)
    await telegram.user(5).start()
    async with polling():
        await eventually(lambda: bool(alarms))
        await remove_webhook(channel.bot, alarms, HASTY)
        await desk.has(1)
    assert {name for name, _ in alarms} == {"telegram.conflict"}


async def test_what_cannot_be_read_is_handed_over_to_be_kept_and_the_rest_is_heard(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person
) -> None:
    body = json.dumps({"ok": True, "result": [{"no": "number"}, {"update_id": 5, "message": {"text": "new shape"}}]})
    telegram.faults.plant(Garbled(body), method="getUpdates")
    async with polling():
        await desk.has(3)
    assert desk.had[:2] == [{"no": "number"}, {"update_id": 5, "message": {"text": "new shape"}}]
    assert mei.chat_id == desk.had[2]["message"]["chat"]["id"]


async def test_half_a_character_in_a_batch_holds_up_nobody(
    telegram: FakeTelegram, desk: Desk, polling: Running, mei: Person
) -> None:
    body = '{"ok": true, "result": [{"update_id": 5, "message": {"text": "half \\ud83d"}}]}'
    telegram.faults.plant(Garbled(body), method="getUpdates")
    async with polling():
        await desk.has(2)
    assert desk.had[0]["message"] == {"text": "half ?"}
    assert mei.chat_id == desk.had[1]["message"]["chat"]["id"]
