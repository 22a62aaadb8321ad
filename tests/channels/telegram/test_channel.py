"""Sending, editing and answering through a real connection to a fake Telegram."""

import logging
from datetime import UTC, datetime

import pytest

from bot.channels.telegram.channel import TelegramChannel, open_bot
from bot.ports import Blocked, Channel, Delivery, Gone, Moved, Refused, Retry, Sent, Unknown
from tests.channels.telegram.conftest import HASTY, MEI, TEAM, Alarms
from tests.channels.telegram.messages import Choice, Link, Person, Prompt, message, rating_prompt
from tests.support.botapi import Cut, FakeTelegram, Garbled, HandClock, Html, Refuse, flood, refused
from tests.support.botapi import Person as Somebody
from tests.support.botapi.faults import Fault


@pytest.fixture
def promised(channel: TelegramChannel) -> Channel:
    """Our channel seen as the port promises it."""
    return channel


async def test_a_question_arrives_with_its_buttons_and_is_edited_in_place(promised: Channel, mei: Somebody) -> None:
    delivery = await promised.send(message(rating_prompt()), "")
    assert isinstance(delivery, Sent)
    assert mei.last.buttons == ["1 分", "2 分", "3 分", "4 分", "5 分", "跳过"]
    assert await promised.send(message(rating_prompt("服务态度：您满意吗？")), delivery.receipt) == delivery
    assert [m.text for m in mei.messages] == ["服务态度：您满意吗？"]
    assert await promised.send(message(Prompt("谢谢您！")), delivery.receipt) == delivery
    assert mei.last.buttons == []


async def test_an_edit_that_changes_nothing_counts_as_sent(channel: TelegramChannel, mei: Somebody) -> None:
    delivery = await channel.send(message(rating_prompt()), "")
    assert isinstance(delivery, Sent)
    assert await channel.send(message(rating_prompt()), delivery.receipt) == delivery
    assert mei.last.edits == 0


async def test_every_kind_of_prompt_is_taken(channel: TelegramChannel, telegram: FakeTelegram) -> None:
    mei = telegram.user(MEI, name="李工")
    team = telegram.group(TEAM, "客服一组", [mei])
    prompts = [
        Prompt("字" * 5000, rating_prompt().rows, Link("打开", "https://example.com/s/abc")),
        Prompt("👍 李工，请写一句话", asks="一句话 & 100% = ok?", mentions=Person(str(MEI), "李工"), replies_to="99"),
        Prompt("a & b = c + d %20 \n 👩‍🔧", link=Link("x", "http://localhost:1/s")),
    ]
    for prompt in prompts:
        assert isinstance(await channel.send(message(prompt, TEAM), ""), Sent)
    texts = [m.text for m in team.messages]
    assert texts[2] == "a & b = c + d %20 \n 👩‍🔧\nhttp://localhost:1/s"
    assert team.messages[1].markup == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "一句话 & 100% = ok?",
    }


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Html(502), Retry),
        (Html(504), Unknown),
        (Garbled(), Unknown),
        (Cut(done=True), Unknown),
        (Cut(done=False), Unknown),
        (flood(3), Retry),
        (Refuse(refused(401, "Unauthorized")), Refused),
        (Refuse(refused(400, "Bad Request: message to edit not found")), Gone),
        (Refuse(refused(403, "Forbidden: bot was blocked by the user")), Blocked),
    ],
    ids=repr,
)
async def test_what_goes_wrong_on_the_way_is_a_value(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Somebody, fault: Fault, kind: type[Delivery]
) -> None:
    receipt = await _receipt(channel)
    for edits in ("", receipt):
        telegram.faults.plant(fault, chat_id=mei.chat_id)
        assert type(await channel.send(message(Prompt("您好！")), edits)) is kind


async def _receipt(channel: TelegramChannel) -> str:
    delivery = await channel.send(message(rating_prompt()), "")
    assert isinstance(delivery, Sent)
    return delivery.receipt


async def test_a_flood_names_its_pause(channel: TelegramChannel, telegram: FakeTelegram, mei: Somebody) -> None:
    telegram.faults.plant(flood(3), chat_id=mei.chat_id)
    delivery = await channel.send(message(Prompt("您好！")), "")
    assert delivery == Retry(3.0, "429 Too Many Requests: retry after 3", pauses_all=True)


async def test_where_nobody_listens_it_is_tried_again() -> None:
    nobody = open_bot("1:x", "http://127.0.0.1:1")
    assert isinstance(await nobody.send(message(Prompt("您好！"), attempts=2), ""), Retry)
    await nobody.close()


async def test_a_stranger_cannot_be_written_to(channel: TelegramChannel, telegram: FakeTelegram) -> None:
    telegram.user(MEI)
    delivery = await channel.send(message(Prompt("您好！")), "")
    assert isinstance(delivery, Blocked)
    assert delivery.reason == "no_contact"


async def test_who_has_blocked_us_or_is_gone_is_blocked(channel: TelegramChannel, mei: Somebody) -> None:
    await mei.blocks()
    assert await channel.send(message(Prompt("您好！")), "") == Blocked(
        "blocked", "403 Forbidden: bot was blocked by the user"
    )
    await mei.deactivates()
    assert isinstance(await channel.send(message(Prompt("您好！")), ""), Blocked)


async def test_a_group_that_grew_tells_its_new_id(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Somebody
) -> None:
    team = telegram.group(TEAM, "客服一组", [mei])
    moved = team.migrate()
    assert await channel.send(message(Prompt("新的问题"), TEAM), "") == Moved(str(moved.id))


async def test_a_message_that_cannot_be_said_is_refused_before_it_leaves(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Somebody
) -> None:
    too_long = Prompt("?", ((Choice("x", rating_prompt().rows[0][0].means),),), mentions=Person("x" * 3, "x"))
    no_receipt = await channel.send(message(too_long), "77x")
    no_text = await channel.send(message(Prompt("半个\ud83d")), "")
    for outcome in (no_receipt, no_text):
        assert isinstance(outcome, Refused)
        assert [word for word in ("77x", "客服", "半个") if word in outcome.why] == []
    assert telegram.calls("sendMessage") == []
    assert mei.messages == []


async def test_a_press_is_answered_with_a_short_text(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Somebody
) -> None:
    await channel.send(message(rating_prompt()), "")
    tap = await mei.taps("4")
    await channel.acknowledge(tap.id, "已记录" * 100, alert=True)
    answer = await mei.answered()
    assert answer.alert
    assert answer.text == ("已记录" * 100)[:199] + "…"
    other = await mei.taps("5")
    await channel.acknowledge(other.id, "", alert=False)
    assert (await mei.answered()).text == ""
    assert telegram.refusals == []


async def test_a_press_that_is_too_old_is_let_go(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Somebody, hand_clock: HandClock
) -> None:
    await channel.send(message(rating_prompt()), "")
    tap = await mei.taps("4")
    hand_clock.advance(60)
    await channel.acknowledge(tap.id, "已记录", alert=False)
    assert [call.description for call in telegram.refusals] != []


async def test_the_binding_link_names_our_bot_once_telegram_has_told_its_name(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms
) -> None:
    with pytest.raises(LookupError, match=r"telegram\.token"):
        await channel.binding("abc", datetime(2026, 12, 22, tzinfo=UTC))
    telegram.faults.plant(Refuse(refused(401, "Unauthorized")), method="getMe")
    telegram.faults.plant(Html(502), method="getMe")
    await channel.start(alarms, HASTY)
    link = await channel.binding("abc-_1", datetime(2026, 12, 22, tzinfo=UTC))
    assert link.url == link.scan == "https://t.me/huifang_test_bot?start=abc-_1"
    assert alarms == [("telegram.token", "401 Unauthorized")]


async def test_not_even_the_deepest_log_shows_the_token(
    telegram: FakeTelegram, alarms: Alarms, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await telegram.user(MEI).start()
    channel = open_bot(telegram.token, telegram.api_base)
    telegram.faults.plant(Garbled(), method="sendMessage")
    telegram.faults.plant(Refuse(refused(401, "Unauthorized")), method="getMe")
    await channel.start(alarms, HASTY)
    for _ in range(2):
        await channel.send(message(rating_prompt()), "")
    await channel.close()
    secret = telegram.token.partition(":")[2]
    ours = [record for record in caplog.records if not record.name.startswith("aiohttp.server")]
    assert len(ours) > 0
    assert [record for record in ours if secret in record.getMessage()] == []
    assert secret not in repr(channel.bot) + repr(vars(channel)) + str(alarms)
