"""The fake Telegram refuses what the Bot API refuses, and remembers who broke a rule."""

from typing import Any

import aiohttp
import pytest

from tests.fakes.conftest import BotClient
from tests.support.botapi import FakeTelegram

Json = dict[str, Any]
MEI = 10001


def inline(*buttons: Json) -> Json:
    return {"inline_keyboard": [list(buttons)]}


BROKEN_SENDS: list[tuple[str, Json, str]] = [
    ("no chat", {"chat_id": None}, "chat_id is empty"),
    ("a chat that is no number", {"chat_id": "mei"}, "must be of type Integer"),
    ("no text", {"text": ""}, "message text is empty"),
    ("only blanks", {"text": " \n "}, "message text is empty"),
    ("too long", {"text": "好" * 4097}, "message is too long"),
    ("too long in UTF-16", {"text": "😀" * 2049}, "message is too long"),
    ("an unknown tag", {"text": "a<br>b", "parse_mode": "HTML"}, "can't parse entities"),
    ("a bare less-than", {"text": "2 < 3", "parse_mode": "HTML"}, "can't parse entities"),
    ("an open tag", {"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
    ("crossed tags", {"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, "can't parse entities"),
    ("nothing but tags", {"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ("an unknown parse_mode", {"parse_mode": "RST"}, "unsupported parse_mode"),
    ("an entity outside", {"entities": [{"type": "bold", "offset": 0, "length": 99}]}, "outside of the text"),
    ("a wrong preview option", {"link_preview_options": {"disabled": True}}, "unknown field 'disabled'"),
    ("a reply that is a number", {"reply_parameters": 3}, "ReplyParameters"),
    ("markup that is a list", {"reply_markup": []}, "object expected"),
    ("a wrong flag", {"disable_notification": "maybe"}, "Boolean"),
    ("no callback data", {"reply_markup": inline({"text": "4", "callback_data": ""})}, "BUTTON_DATA_INVALID"),
    ("65 bytes", {"reply_markup": inline({"text": "4", "callback_data": "好" * 21 + "xx"})}, "BUTTON_DATA_INVALID"),
    ("no button text", {"reply_markup": inline({"text": " ", "callback_data": "x"})}, "non-empty"),
    ("no action", {"reply_markup": inline({"text": "4"})}, "Text buttons are unallowed"),
    (
        "two actions",
        {"reply_markup": inline({"text": "4", "callback_data": "x", "url": "http://a.b"})},
        "more than one",
    ),
    ("localhost", {"reply_markup": inline({"text": "4", "url": "http://localhost:8480/t"})}, "Wrong HTTP URL"),
    ("an unknown style", {"reply_markup": inline({"text": "4", "callback_data": "x", "style": "red"})}, "style"),
    ("an unknown field", {"reply_markup": inline({"text": "4", "callbackdata": "x"})}, "unknown field"),
    ("rows missing", {"reply_markup": {"inline_keyboard": [{"text": "4", "callback_data": "x"}]}}, "Array of Array"),
    ("a false force_reply", {"reply_markup": {"force_reply": False}}, "must be True"),
    (
        "a long placeholder",
        {"reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
        "input_field_placeholder",
    ),
]


@pytest.mark.parametrize(
    ("values", "rule"), [case[1:] for case in BROKEN_SENDS], ids=[case[0] for case in BROKEN_SENDS]
)
@pytest.mark.parametrize("body", ["json", "form"])
async def test_a_wrong_message_is_a_400_and_a_violation(
    telegram: FakeTelegram, bot: BotClient, values: Json, rule: str, body: str
) -> None:
    await telegram.user(MEI).start()
    sent = {name: v for name, v in ({"chat_id": MEI, "text": "hello"} | values).items() if v is not None}
    bot.as_form = body == "form"
    answer = await bot.fails("sendMessage", **sent)
    assert answer.startswith("400 Bad Request: ")
    assert rule in answer
    assert [(v.method, rule in v.rule) for v in telegram.violations] == [("sendMessage", True)]
    assert telegram.messages(MEI)[1:] == []


async def test_json_must_have_the_right_types(telegram: FakeTelegram, bot: BotClient) -> None:
    await telegram.user(MEI).start()
    assert "must be of type String" in await bot.fails("sendMessage", chat_id=MEI, text=5)
    assert "must be of type Integer" in await bot.fails("sendMessage", chat_id=[MEI], text="x")


async def test_what_stands_exactly_at_the_limits_is_accepted(telegram: FakeTelegram, bot: BotClient) -> None:
    await telegram.user(MEI).start()
    keyboard = inline(
        {"text": "4", "callback_data": "好" * 21 + "x"}, {"text": "page", "url": "http://127.0.0.1:8480/t"}
    )
    await bot.call("sendMessage", chat_id=MEI, text="😀" * 2048, reply_markup=keyboard)
    placeholder = {"force_reply": True, "input_field_placeholder": "x" * 64, "selective": True}
    await bot.call("sendMessage", chat_id=MEI, text="?", reply_markup=placeholder)
    assert [len(m.text) for m in telegram.user(MEI).messages] == [2048, 1]
    assert telegram.user(MEI).messages[1].markup == placeholder
    assert telegram.violations == []


async def test_html_becomes_text_and_entities_measured_in_utf16(telegram: FakeTelegram, bot: BotClient) -> None:
    await telegram.user(MEI).start()
    source = '😀 <b>王&lt;女士</b> <a href="https://x.y/?a=1&amp;b=2">链接</a>'
    answer = await bot.call("sendMessage", chat_id=MEI, text=source, parse_mode="HTML")
    assert answer["result"]["text"] == "😀 王<女士 链接"
    assert answer["result"]["entities"] == [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "text_link", "offset": 8, "length": 2, "url": "https://x.y/?a=1&b=2"},
    ]


async def test_an_unknown_parameter_is_ignored_as_telegram_does_but_noted(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    await telegram.user(MEI).start()
    await bot.call("sendMessage", chat_id=MEI, text="x", reply_to_message_id=3)
    assert [v.rule for v in telegram.violations] == ["unknown parameters: ['reply_to_message_id']"]


async def test_unknown_methods_are_404_and_wrong_tokens_401(telegram: FakeTelegram, bot: BotClient) -> None:
    assert await bot.fails("sendMesage") == "404 Not Found: method not found"
    bot.token = "1:wrong"
    assert await bot.fails("getMe") == "401 Unauthorized"
    assert len(telegram.violations) == 2


async def test_only_the_bots_own_messages_can_be_edited(telegram: FakeTelegram, bot: BotClient) -> None:
    said = await telegram.user(MEI).start()
    assert "can't be edited" in await bot.fails("editMessageText", chat_id=MEI, message_id=said.id, text="x")
    assert "to edit not found" in await bot.fails("editMessageText", chat_id=MEI, message_id=99, text="x")
    assert "identifier is not specified" in await bot.fails("editMessageText", chat_id=MEI, text="x")
    assert len(telegram.violations) == 3


async def test_an_edit_changes_text_and_keyboard_and_without_markup_takes_it_away(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    mei = telegram.user(MEI)
    await mei.start()
    sent = await bot.call(
        "sendMessage", chat_id=MEI, text="a", reply_markup=inline({"text": "1", "callback_data": "x"})
    )
    number = sent["result"]["message_id"]
    await bot.call("editMessageText", chat_id=MEI, message_id=number, text="b")
    assert (mei.last.text, mei.last.buttons, mei.last.edits) == ("b", [], 1)
    again = inline({"text": "2", "callback_data": "y"})
    await bot.call("editMessageReplyMarkup", chat_id=MEI, message_id=number, reply_markup=again)
    assert (mei.last.buttons, mei.last.edits) == (["2"], 2)


async def test_an_edit_that_changes_nothing_is_refused_but_breaks_no_rule(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    await telegram.user(MEI).start()
    sent = await bot.call("sendMessage", chat_id=MEI, text="<b>a</b>", parse_mode="HTML")
    same = {"chat_id": MEI, "message_id": sent["result"]["message_id"], "text": "<b>a</b>", "parse_mode": "HTML"}
    assert "message is not modified" in await bot.fails("editMessageText", **same)
    assert telegram.violations == []
    assert [call.method for call in telegram.refusals] == ["editMessageText"]


async def test_a_deleted_message_can_be_neither_edited_nor_deleted_again(
    telegram: FakeTelegram, bot: BotClient
) -> None:
    await telegram.user(MEI).start()
    sent = await bot.call("sendMessage", chat_id=MEI, text="a")
    place = {"chat_id": MEI, "message_id": sent["result"]["message_id"]}
    assert (await bot.call("deleteMessage", **place))["result"] is True
    assert "message to edit not found" in await bot.fails("editMessageText", text="b", **place)
    assert "message to delete not found" in await bot.fails("deleteMessage", **place)
    assert telegram.violations == []


async def test_a_reply_to_nothing_needs_leave_to_go_without(telegram: FakeTelegram, bot: BotClient) -> None:
    said = await telegram.user(MEI).start()
    good = await bot.call("sendMessage", chat_id=MEI, text="a", reply_parameters={"message_id": said.id})
    assert good["result"]["reply_to_message"]["message_id"] == said.id
    lost: Json = {"message_id": 404}
    assert "message to be replied not found" in await bot.fails(
        "sendMessage", chat_id=MEI, text="a", reply_parameters=lost
    )
    lost |= {"allow_sending_without_reply": True}
    assert (await bot.call("sendMessage", chat_id=MEI, text="a", reply_parameters=lost))["ok"]


async def test_reactions_are_one_emoji(telegram: FakeTelegram, bot: BotClient) -> None:
    said = await telegram.user(MEI).start()
    place = {"chat_id": MEI, "message_id": said.id}
    await bot.call("setMessageReaction", reaction=[{"type": "emoji", "emoji": "👍"}], **place)
    assert said.reaction == "👍"
    two = [{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "🔥"}]
    assert "REACTIONS_TOO_MANY" in await bot.fails("setMessageReaction", reaction=two, **place)


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ({"command": "Start", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "a" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "stop", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "stop"}, "can't find field 'description'"),
    ],
)
async def test_command_lists_are_checked(telegram: FakeTelegram, bot: BotClient, command: Json, rule: str) -> None:
    assert rule in await bot.fails("setMyCommands", commands=[command])
    assert len(telegram.violations) == 1


async def test_command_lists_are_kept_per_scope_and_language(telegram: FakeTelegram, bot: BotClient) -> None:
    stop, claim = [{"command": "stop", "description": "退订"}], [{"command": "team", "description": "团队"}]
    await bot.call("setMyCommands", commands=stop, language_code="zh")
    await bot.call("setMyCommands", commands=claim, scope={"type": "all_group_chats"})
    assert telegram.bot.commands == {
        ('{"type": "default"}', "zh"): stop,
        ('{"type": "all_group_chats"}', ""): claim,
    }
    await bot.call("deleteMyCommands", language_code="zh")
    assert len(telegram.bot.commands) == 1
    assert "invalid language code" in await bot.fails("setMyCommands", commands=stop, language_code="zh-hans")


async def test_a_document_arrives_with_its_content(telegram: FakeTelegram, bot: BotClient) -> None:
    await telegram.user(MEI).start()
    form = aiohttp.FormData({"chat_id": str(MEI), "caption": "十月"})
    form.add_field("document", b"a,b\n", filename="report.csv")
    url = f"{telegram.api_base}/bot{telegram.token}/sendDocument"
    async with bot.session.post(url, data=form) as answer:
        assert (await answer.json())["result"]["document"]["file_name"] == "report.csv"
    assert telegram.user(MEI).last.content == b"a,b\n"
    assert "there is no document" in await bot.fails("sendDocument", chat_id=MEI)
