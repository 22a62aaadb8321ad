"""Our Bot API client agrees with python-telegram-bot: in limits and words, in what it sends, in what it reads."""

import json
from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import (
    CallbackQueryLimit,
    ChatMemberStatus,
    InlineKeyboardButtonLimit,
    KeyboardButtonStyle,
    MessageLimit,
    UpdateType,
)

from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.channel import LONGEST_TOAST, TelegramChannel
from bot.channels.telegram.commands import CommandMenus, register_commands
from bot.channels.telegram.doctor import OUT
from bot.channels.telegram.inbound.updates import ALLOWED_UPDATES
from bot.channels.telegram.inbound.webhook import remove_webhook, set_webhook
from bot.channels.telegram.present import BUTTON_STYLES, CAPTION_UNITS, TEXT_UNITS
from dialogs.messages import Tap, Verb
from tests.channels.telegram.conftest import HASTY, MEI, TEAM, Alarms
from tests.channels.telegram.messages import Choice, Prompt, message
from tests.support.botapi import FakeTelegram, Person


@pytest.fixture
async def ptb(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """The library's own client, on the same Telegram."""
    async with Bot(telegram.token, base_url=f"{telegram.api_base}/bot") as client:
        yield client


def values(telegram: FakeTelegram, method: str) -> list[dict[str, object]]:
    """Return the parameters of each call of a method, in order, with nested ones read."""
    return [{name: _read(value) for name, value in call.values.items()} for call in telegram.calls(method)]


def _read(value: str) -> object:
    return json.loads(value) if value[:1] in "[{" else value


def test_limits_and_words_are_the_librarys() -> None:
    assert TEXT_UNITS == MessageLimit.MAX_TEXT_LENGTH
    assert CAPTION_UNITS == MessageLimit.CAPTION_LENGTH
    assert LONGEST_TOAST == CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    assert CALLBACK_DATA.most == InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    assert set(BUTTON_STYLES.values()) <= set(KeyboardButtonStyle)
    assert set(ALLOWED_UPDATES) <= set(UpdateType)


async def test_a_message_is_sent_as_the_library_sends_it(
    telegram: FakeTelegram, channel: TelegramChannel, ptb: Bot, mei: Person
) -> None:
    said = await mei.says("好")
    choice = Choice("已解决", Tap(Verb.SOLVED, "iss_1", "1"))
    prompt = Prompt("修好了吗？", ((choice,),), replies_to=str(said.id))
    await channel.send(message(prompt), "")
    await channel.send(message(Prompt("哪里不好？", asks="一句话")), "")
    plain = LinkPreviewOptions(is_disabled=True)
    button = InlineKeyboardButton("已解决", callback_data=CALLBACK_DATA.encode(choice.means), style="success")
    markup, reply = InlineKeyboardMarkup([[button]]), ReplyParameters(said.id, allow_sending_without_reply=True)
    await ptb.send_message(MEI, "修好了吗？", reply_markup=markup, link_preview_options=plain, reply_parameters=reply)
    hint = ForceReply(input_field_placeholder="一句话")
    await ptb.send_message(MEI, "哪里不好？", reply_markup=hint, link_preview_options=plain)
    ours, ours_asking, theirs, theirs_asking = values(telegram, "sendMessage")
    assert (ours, ours_asking) == (theirs, theirs_asking)


async def test_the_webhook_is_set_and_taken_away_as_the_library_does(
    telegram: FakeTelegram, channel: TelegramChannel, ptb: Bot, alarms: Alarms
) -> None:
    await set_webhook(channel.api, "http://127.0.0.1:1/hooks/telegram", "secret", alarms, HASTY)
    await remove_webhook(channel.api, alarms, HASTY)
    await ptb.set_webhook(
        "http://127.0.0.1:1/hooks/telegram",
        max_connections=100,
        allowed_updates=ALLOWED_UPDATES,
        secret_token="secret",
    )
    await ptb.delete_webhook()
    for method in ("setWebhook", "deleteWebhook"):
        ours, theirs = values(telegram, method)
        assert ours == theirs


async def test_menus_of_commands_are_set_as_the_library_sets_them(
    telegram: FakeTelegram, channel: TelegramChannel, ptb: Bot, alarms: Alarms, mei: Person
) -> None:
    telegram.group(TEAM, "客服一组", [mei])
    await register_commands(
        channel.api, CommandMenus({"en": [("start", "Start")]}, {"en": [("help", "Help")]}, str(TEAM)), alarms, HASTY
    )
    ours = values(telegram, "setMyCommands")
    for text, scope in (
        (BotCommand("start", "Start"), BotCommandScopeAllPrivateChats()),
        (BotCommand("help", "Help"), BotCommandScopeChat(TEAM)),
    ):
        for language in (None, "en"):
            await ptb.set_my_commands([text], scope=scope, language_code=language)
    assert values(telegram, "setMyCommands")[len(ours) :] == ours


async def test_what_is_read_of_bot_and_member_is_what_the_library_reads(
    telegram: FakeTelegram, channel: TelegramChannel, ptb: Bot, mei: Person
) -> None:
    telegram.group(TEAM, "客服一组", [mei])
    me, theirs = await channel.api.get_me(), await ptb.get_me()
    assert (me.id, me.username) == (theirs.id, theirs.username)
    status = await channel.api.get_chat_member(str(TEAM), me.id)
    assert status == (await ptb.get_chat_member(TEAM, me.id)).status == ChatMemberStatus.MEMBER
    assert set(OUT) <= set(ChatMemberStatus)
