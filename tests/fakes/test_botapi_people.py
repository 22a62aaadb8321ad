"""The people around the fake's bot behave as people on Telegram do."""

from typing import Any

import pytest

from tests.fakes.conftest import BotClient
from tests.support.botapi import FakeTelegram, HandClock

Json = dict[str, Any]
MEI, LI, ZHAO, TEAM = 10001, 20001, 20002, -4001
KEYBOARD = {"inline_keyboard": [[{"text": f"{n} 分", "callback_data": f"v{n}"} for n in range(1, 6)]]}


async def test_nobody_can_be_written_to_before_they_press_start(telegram: FakeTelegram, bot: BotClient) -> None:
    mei = telegram.user(MEI)
    assert await bot.fails("sendMessage", chat_id=MEI, text="您好") == "400 Bad Request: chat not found"
    assert await bot.fails("sendMessage", chat_id=999, text="您好") == "400 Bad Request: chat not found"
    with pytest.raises(AssertionError, match="must press Start first"):
        await mei.says("您好")
    await mei.start("abc_-1")
    assert (await bot.call("sendMessage", chat_id=MEI, text="您好"))["ok"]
    assert telegram.violations == []


async def test_start_carries_the_payload_as_a_command(telegram: FakeTelegram, bot: BotClient) -> None:
    await telegram.user(MEI, name="王女士", language="zh-hans").start("tok-en")
    (update,) = await bot.updates()
    message = update["message"]
    assert message["text"] == "/start tok-en"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"] == {"id": MEI, "is_bot": False, "first_name": "王女士", "language_code": "zh-hans"}
    assert message["chat"] == {"id": MEI, "type": "private", "first_name": "王女士"}


async def test_a_press_goes_out_with_the_button_and_comes_back_answered(telegram: FakeTelegram, bot: BotClient) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    await bot.call("sendMessage", chat_id=MEI, text="态度", reply_markup=KEYBOARD)
    await mei.taps("4")
    query = (await bot.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("v4", "态度", MEI)
    assert query["message"]["reply_markup"] == KEYBOARD
    assert query["chat_instance"]
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="谢谢", show_alert=True)
    answer = await mei.answered()
    assert (answer.text, answer.alert) == ("谢谢", True)


async def test_a_press_grows_old_and_an_invented_one_breaks_a_rule(
    telegram: FakeTelegram, bot: BotClient, hand_clock: HandClock
) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    await bot.call("sendMessage", chat_id=MEI, text="态度", reply_markup=KEYBOARD)
    tap = await mei.taps("4")
    assert "MESSAGE_TOO_LONG" in await bot.fails("answerCallbackQuery", callback_query_id=tap.id, text="x" * 201)
    telegram.violations.clear()
    hand_clock.advance(telegram.query_life + 1)
    assert "query is too old" in await bot.fails("answerCallbackQuery", callback_query_id=tap.id)
    assert telegram.violations == []
    assert "query ID is invalid" in await bot.fails("answerCallbackQuery", callback_query_id="5")
    assert len(telegram.violations) == 1


async def test_a_button_of_a_deleted_message_tells_only_where_it_was(telegram: FakeTelegram, bot: BotClient) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    await bot.call("sendMessage", chat_id=MEI, text="态度", reply_markup=KEYBOARD)
    old = mei.last
    await bot.call("deleteMessage", chat_id=MEI, message_id=old.id)
    await mei.taps("1 分", message=old)
    chat = {"id": MEI, "type": "private", "first_name": "王女士"}
    query = (await bot.updates())[-1]["callback_query"]
    assert query["message"] == {"chat": chat, "message_id": old.id, "date": 0}


async def test_forged_data_can_be_pressed_too(telegram: FakeTelegram, bot: BotClient) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    await bot.call("sendMessage", chat_id=MEI, text="态度", reply_markup=KEYBOARD)
    await mei.taps_data("v9")
    assert (await bot.updates())[-1]["callback_query"]["data"] == "v9"


async def test_an_edited_comment_is_told_with_its_new_text(telegram: FakeTelegram, bot: BotClient) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    comment = await mei.says("师傅很准时")
    await mei.edits(comment, "师傅很准时，谢谢")
    edited = (await bot.updates())[-1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (comment.id, "师傅很准时，谢谢")
    assert edited["edit_date"] >= edited["date"]


async def test_who_blocks_the_bot_cannot_be_reached_until_they_come_back(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    await mei.blocks()
    assert "bot was blocked by the user" in await bot.fails("sendMessage", chat_id=MEI, text="?")
    await mei.unblocks()
    assert (await bot.call("sendMessage", chat_id=MEI, text="?"))["ok"]
    changes = [update["my_chat_member"] for update in await bot.updates() if "my_chat_member" in update]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    await mei.deactivates()
    assert "user is deactivated" in await bot.fails("sendMessage", chat_id=MEI, text="?")


async def test_in_a_group_the_bot_hears_commands_replies_and_presses_only(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    li = telegram.user(LI, name="李工")
    group = telegram.group(TEAM, "售后", [li])
    sent = await bot.call("sendMessage", chat_id=TEAM, text="请写一句话", reply_markup={"force_reply": True})
    member = group.member(li)
    await member.says("大家早")
    await member.says("/issues@another_bot")
    await member.says("/issues@huifang_test_bot")
    await member.replies_to(group.last, "已换压缩机")
    heard = [update["message"] for update in await bot.updates()]
    assert [message["text"] for message in heard] == ["/issues@huifang_test_bot", "已换压缩机"]
    assert heard[1]["reply_to_message"]["message_id"] == sent["result"]["message_id"]
    assert "reply_to_message" not in heard[1]["reply_to_message"]


async def test_an_admin_bot_hears_everything(telegram: FakeTelegram, bot: BotClient) -> None:
    li = telegram.user(LI)
    group = telegram.group(TEAM, "售后", [li], bot_is_admin=True)
    await group.member(li).says("大家早")
    assert [update["message"]["text"] for update in await bot.updates()] == ["大家早"]


async def test_two_members_press_the_same_button(telegram: FakeTelegram, bot: BotClient) -> None:
    li, zhao = telegram.user(LI), telegram.user(ZHAO)
    group = telegram.group(TEAM, "售后", [li, zhao])
    await bot.call("sendMessage", chat_id=TEAM, text="低分", reply_markup=KEYBOARD)
    for person in (li, zhao):
        await group.member(person).taps("1")
    assert [update["callback_query"]["from"]["id"] for update in await bot.updates()] == [LI, ZHAO]
    stranger = telegram.user(MEI)
    with pytest.raises(AssertionError, match="is not in 售后"):
        await group.member(stranger).taps("1")


async def test_a_group_becomes_a_supergroup_and_says_so_three_times(telegram: FakeTelegram, bot: BotClient) -> None:
    li = telegram.user(LI)
    group = telegram.group(TEAM, "售后", [li])
    await bot.call("sendMessage", chat_id=TEAM, text="低分", reply_markup=KEYBOARD)
    old = group.last
    new = group.migrate(-1001234567890)
    notices = [update["message"] for update in await bot.updates()]
    assert (notices[0]["chat"]["id"], notices[0]["migrate_to_chat_id"]) == (TEAM, new.id)
    assert (notices[1]["chat"]["id"], notices[1]["migrate_from_chat_id"]) == (new.id, TEAM)
    answer = await bot.call("sendMessage", chat_id=TEAM, text="低分")
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert "can't be edited" in await bot.fails("editMessageText", chat_id=new.id, message_id=old.id, text="x")
    assert telegram.violations == []
    await bot.call("sendMessage", chat_id=new.id, text="低分", reply_markup=KEYBOARD)
    await group.member(li).taps("1")
    assert (await bot.updates())[-1]["callback_query"]["message"]["chat"]["type"] == "supergroup"


async def test_a_bot_thrown_out_is_told_and_cannot_write(telegram: FakeTelegram, bot: BotClient) -> None:
    li = telegram.user(LI)
    group = telegram.group(-1001, "售后", [li])
    group.removes_bot(by=li)
    assert await bot.fails("sendMessage", chat_id=-1001, text="?") == (
        "403 Forbidden: bot was kicked from the supergroup chat"
    )
    group.adds_bot(by=li, standing="administrator")
    assert (await bot.call("sendMessage", chat_id=-1001, text="?"))["ok"]
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in await bot.updates()]
    assert statuses == ["kicked", "administrator"]


async def test_members_and_administrators_can_be_asked_for(telegram: FakeTelegram, bot: BotClient) -> None:
    li, zhao = telegram.user(LI), telegram.user(ZHAO)
    telegram.group(TEAM, "售后", [li, zhao])
    member = await bot.call("getChatMember", chat_id=TEAM, user_id=ZHAO)
    assert member["result"]["status"] == "member"
    admins = await bot.call("getChatAdministrators", chat_id=TEAM)
    assert [(admin["user"]["id"], admin["status"]) for admin in admins["result"]] == [(LI, "creator")]
    assert (await bot.call("getChat", chat_id=TEAM))["result"]["title"] == "售后"


async def test_waiting_in_vain_shows_what_stands_in_the_chat(telegram: FakeTelegram, bot: BotClient) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    await bot.call("sendMessage", chat_id=MEI, text="您好", reply_markup=KEYBOARD)
    with pytest.raises(AssertionError, match=r"'谢谢' in (.|\n)*bot: '您好' \['1 分'"):
        await mei.sees("谢谢", within=0.01)
    with pytest.raises(AssertionError, match="not within"):
        await mei.sees("您好", after=mei.last, within=0.01)
