"""Whatever can go wrong between a bot and Telegram can be planted, and how fast a bot sends can be read."""

import asyncio

import aiohttp
import pytest

from tests.fakes.conftest import BotClient
from tests.support.botapi import Cut, FakeTelegram, Garbled, Html, Refuse, Send, Slow, busiest, busiest_per_chat, flood
from tests.support.botapi import refused as no

MEI, LI = 10001, 20001


@pytest.fixture(autouse=True)
async def started(telegram: FakeTelegram) -> None:
    """Two people have pressed Start."""
    await telegram.user(MEI).start()
    await telegram.user(LI).start()


async def test_a_flood_wait_names_the_pause_and_sends_nothing(telegram: FakeTelegram, bot: BotClient) -> None:
    telegram.faults.plant(flood(3), method="sendMessage", chat_id=MEI)
    assert (await bot.call("sendMessage", chat_id=LI, text="x"))["ok"]
    answer = await bot.call("sendMessage", chat_id=MEI, text="x")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 3})
    assert answer["description"] == "Too Many Requests: retry after 3"
    assert telegram.user(MEI).messages == []
    assert (await bot.call("sendMessage", chat_id=MEI, text="x"))["ok"]
    assert telegram.violations == []


async def test_any_error_can_be_planted_for_as_long_as_wanted(telegram: FakeTelegram, bot: BotClient) -> None:
    telegram.faults.plant(Refuse(no(403, "Forbidden: bot was blocked by the user")), times=None)
    for _ in range(2):
        assert "blocked by the user" in await bot.fails("sendMessage", chat_id=MEI, text="x")
    telegram.faults.clear()
    assert (await bot.call("sendMessage", chat_id=MEI, text="x"))["ok"]


async def test_a_gateway_answers_with_a_page_of_html(telegram: FakeTelegram, bot: BotClient) -> None:
    telegram.faults.plant(Html(502))
    with pytest.raises(aiohttp.ContentTypeError):
        await bot.call("sendMessage", chat_id=MEI, text="x")
    assert telegram.user(MEI).messages == []


@pytest.mark.parametrize("done", [False, True], ids=["before it arrived", "after it took effect"])
async def test_a_cut_connection_leaves_the_bot_in_doubt(
    telegram: FakeTelegram,
    bot: BotClient,
    done: bool,  # noqa: FBT001 (a parameter of pytest's)
) -> None:
    telegram.faults.plant(Cut(done=done))
    with pytest.raises(aiohttp.ClientError):
        await bot.call("sendMessage", chat_id=MEI, text="x")
    assert len(telegram.user(MEI).messages) == int(done)


async def test_a_bot_that_gives_up_waiting_finds_the_message_sent(telegram: FakeTelegram, bot: BotClient) -> None:
    telegram.faults.plant(Slow(30))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bot.call("sendMessage", chat_id=MEI, text="x")
    assert [message.text for message in telegram.user(MEI).messages] == ["x"]


async def test_an_answer_can_be_no_json(telegram: FakeTelegram, bot: BotClient) -> None:
    telegram.faults.plant(Garbled())
    with pytest.raises(ValueError, match="Expecting value"):
        await bot.call("sendMessage", chat_id=MEI, text="x")
    assert len(telegram.user(MEI).messages) == 1


async def test_messages_and_edits_are_counted_and_callback_answers_are_not(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    sent = await bot.call("sendMessage", chat_id=MEI, text="x")
    await bot.call("editMessageText", chat_id=MEI, message_id=sent["result"]["message_id"], text="y")
    await bot.call("answerCallbackQuery", callback_query_id="1")
    await bot.call("sendMessage", chat_id=LI, text="x")
    assert [(send.chat_id, send.method) for send in telegram.sends] == [
        (MEI, "sendMessage"),
        (MEI, "editMessageText"),
        (LI, "sendMessage"),
    ]
    assert busiest_per_chat(telegram.sends) == {MEI: 2, LI: 1}


def test_the_busiest_window_slides_and_does_not_include_its_end() -> None:
    sends = [Send(at, MEI, "sendMessage") for at in (0.0, 0.5, 0.9, 1.0, 1.4, 3.0)]
    assert busiest(sends) == 4
    assert busiest([Send(0.0, MEI, ""), Send(1.0, MEI, "")]) == 1
    assert busiest(sends, seconds=60) == 6
    assert busiest([]) == 0


async def test_every_call_is_in_the_log_with_its_parameters(telegram: FakeTelegram, bot: BotClient) -> None:
    await bot.call("sendMessage", chat_id=MEI, text="x")
    await bot.fails("sendMessage", chat_id=MEI)
    assert [(call.status, call.values) for call in telegram.calls("sendMessage")] == [
        (200, {"chat_id": MEI, "text": "x"}),
        (400, {"chat_id": MEI}),
    ]
