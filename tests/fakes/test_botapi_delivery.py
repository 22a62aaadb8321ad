"""Updates reach the bot by polling and by webhook under Telegram's own terms."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.conftest import BotClient
from tests.support.botapi import FakeTelegram, HandClock, Person
from tests.support.botapi.bell import Bell
from tests.support.time.patience import PATIENCE

Json = dict[str, Any]
MEI, LI = 10001, 20001


@pytest.fixture
async def mei(telegram: FakeTelegram, bot: BotClient) -> Person:
    """Somebody who has pressed Start, and whose Start was taken."""
    person = telegram.user(MEI)
    await person.start()
    (update,) = await bot.updates()
    await bot.updates(update["update_id"] + 1)
    return person


class Hook:
    """A webhook that keeps what comes and answers with the statuses it was given, then with 200."""

    def __init__(self) -> None:
        self.url = ""
        self.secrets: list[str] = []
        self.texts: list[str] = []
        self.statuses: list[int] = []
        self.bell = Bell()
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.texts.append(update["message"]["text"] if "message" in update else update["callback_query"]["data"])
        self.bell.ring()
        await self.gate.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def has(self, *texts: str) -> None:
        """Wait until exactly these have come."""
        await self.bell.until(lambda: self.texts == list(texts) or None, 5, lambda: f"{texts}, only {self.texts}")


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A webhook that listens."""
    taker = Hook()
    app = web.Application()
    app.router.add_post("/hooks/telegram", taker.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taker.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/telegram"
    yield taker
    await runner.cleanup()


async def test_an_update_comes_again_until_the_offset_passes_it(bot: BotClient, mei: Person) -> None:
    await mei.says("一")
    await mei.says("二")
    first, second = await bot.updates()
    assert second["update_id"] == first["update_id"] + 1
    assert await bot.updates() == [first, second]
    assert await bot.updates(second["update_id"]) == [second]
    assert await bot.updates(second["update_id"] + 1) == []
    assert await bot.updates() == []


async def test_a_long_poll_ends_as_soon_as_somebody_writes(bot: BotClient, mei: Person) -> None:
    poll = asyncio.create_task(bot.updates(wait=50))
    await asyncio.sleep(0.05)
    await mei.says("一")
    async with asyncio.timeout(PATIENCE):
        (update,) = await poll
    assert update["message"]["text"] == "一"


async def test_a_second_poller_ends_the_first_with_a_conflict(bot: BotClient, mei: Person) -> None:
    first = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.call("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]
    await mei.says("一")
    assert len((await second)["result"]) == 1


async def test_polling_and_a_webhook_exclude_each_other(bot: BotClient, hook: Hook) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await bot.call("setWebhook", url=hook.url)
    assert "terminated by setWebhook request" in (await poll)["description"]
    assert "webhook is active" in await bot.fails("getUpdates")
    await bot.call("deleteWebhook")
    assert await bot.updates() == []


async def test_kinds_that_were_not_asked_for_do_not_come(bot: BotClient, mei: Person) -> None:
    await bot.call("getUpdates", allowed_updates=["callback_query"])
    await mei.says("一")
    assert await bot.updates() == []
    assert "unknown kinds" in await bot.fails("getUpdates", allowed_updates=["callback"])


async def test_presses_are_lost_after_150_seconds_and_messages_are_not(
    bot: BotClient, mei: Person, hand_clock: HandClock
) -> None:
    await bot.call("sendMessage", chat_id=MEI, text="态度")
    await mei.says("一")
    await mei.taps_data("v4")
    hand_clock.advance(151)
    assert [set(update) - {"update_id"} for update in await bot.updates()] == [{"message"}]


async def test_a_confirmed_update_can_be_delivered_once_more(
    telegram: FakeTelegram, bot: BotClient, mei: Person
) -> None:
    await mei.says("一")
    (update,) = await bot.updates()
    after = update["update_id"] + 1
    assert await bot.updates(after) == []
    telegram.redeliver(update["update_id"])
    assert await bot.updates(after) == [update]
    assert await bot.updates(after) == []


async def test_the_webhook_gets_what_waits_with_the_secret(bot: BotClient, mei: Person, hook: Hook) -> None:
    await mei.says("一")
    await bot.call("setWebhook", url=hook.url, secret_token="s-3_cret")
    await hook.has("一")
    await mei.says("二")
    await hook.has("一", "二")
    assert hook.secrets == ["s-3_cret", "s-3_cret"]
    assert (await bot.call("getWebhookInfo"))["result"]["pending_update_count"] == 0
    assert "unallowed characters" in await bot.fails("setWebhook", url=hook.url, secret_token="s e")


async def test_a_refused_delivery_is_repeated_and_holds_up_only_its_queue(
    telegram: FakeTelegram, bot: BotClient, mei: Person, hook: Hook
) -> None:
    hook.statuses = [500, 503]
    await bot.call("setWebhook", url=hook.url)
    await mei.says("一")
    await mei.says("二")
    await hook.has("一", "一", "一", "二")
    assert telegram.bot.webhook.last_error == "Wrong response from the webhook: 503 Service Unavailable"


async def test_a_press_overtakes_a_text_of_the_same_person(bot: BotClient, mei: Person, hook: Hook) -> None:
    await bot.call("sendMessage", chat_id=MEI, text="态度")
    await bot.call("setWebhook", url=hook.url)
    hook.gate.clear()
    await mei.says("一")
    await hook.has("一")
    await mei.says("二")
    await mei.taps_data("v4")
    await hook.has("一", "v4")
    hook.gate.set()
    await hook.has("一", "v4", "二")


async def test_a_webhook_that_is_down_gets_everything_when_it_is_back(
    telegram: FakeTelegram, bot: BotClient, mei: Person, hook: Hook
) -> None:
    await bot.call("setWebhook", url="http://127.0.0.1:9/hooks/telegram")
    await mei.says("一")
    await telegram.until(lambda: telegram.bot.webhook.last_error or None)
    await bot.call("setWebhook", url=hook.url)
    await hook.has("一")


async def test_the_webhook_gets_an_accepted_update_again_when_asked(
    telegram: FakeTelegram, bot: BotClient, mei: Person, hook: Hook
) -> None:
    await bot.call("sendMessage", chat_id=MEI, text="态度")
    await bot.call("setWebhook", url=hook.url)
    tap = await mei.taps_data("v4")
    await hook.has("v4")
    telegram.redeliver(tap.update_id)
    await hook.has("v4", "v4")
    await telegram.all_taken()
