"""python-telegram-bot finds the fake to be a Telegram."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.support.botapi import FakeTelegram, Html, flood

MEI, LI, TEAM = 10001, 20001, -4001


@pytest.fixture
async def ptb(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """PTB's own typed client with its own transport."""
    async with Bot(telegram.token, base_url=f"{telegram.api_base}/bot") as client:
        yield client


async def test_ptb_sends_edits_and_reacts_without_breaking_a_rule(telegram: FakeTelegram, ptb: Bot) -> None:
    mei = telegram.user(MEI)
    said = await mei.start()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("4", callback_data="v4", style="success")]])
    sent = await ptb.send_message(
        MEI,
        "<b>态度</b>",
        parse_mode="HTML",
        reply_markup=keyboard,
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(said.id, allow_sending_without_reply=True),
    )
    assert sent.entities == (MessageEntity("bold", 0, 2),)
    assert sent.reply_markup == keyboard
    edited = await ptb.edit_message_text("谢谢", MEI, sent.message_id, entities=[MessageEntity("bold", 0, 2)])
    assert isinstance(edited, Message)
    assert (edited.text, mei.last.edits) == ("谢谢", 1)
    assert await ptb.set_message_reaction(MEI, said.id, ReactionTypeEmoji("👍"))
    assert await ptb.delete_message(MEI, sent.message_id)
    await ptb.send_message(MEI, "?", reply_markup=ForceReply(selective=True, input_field_placeholder="一句话"))
    await ptb.send_document(MEI, b"a,b", filename="十月.csv", caption="十月")
    assert telegram.user(MEI).last.content == b"a,b"
    assert telegram.violations == []


async def test_ptb_reads_every_kind_of_update(telegram: FakeTelegram, ptb: Bot) -> None:
    mei, li = telegram.user(MEI, language="zh-hans"), telegram.user(LI)
    group = telegram.group(TEAM, "售后", [li])
    await mei.start("token")
    await ptb.send_message(
        MEI, "?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("4", callback_data="4")]])
    )
    await mei.taps("4")
    await mei.edits(await mei.says("好"), "很好")
    await mei.blocks()
    group.migrate()
    updates = await ptb.get_updates(timeout=1)
    kinds = [name for u in updates for name in u.to_dict() if name != "update_id"]
    assert kinds == [
        "message",
        "callback_query",
        "message",
        "edited_message",
        "my_chat_member",
        "message",
        "message",
    ]
    assert updates[1].callback_query is not None
    assert await updates[1].callback_query.answer("谢谢")
    assert (await mei.answered()).text == "谢谢"
    assert all(not u.api_kwargs for u in updates)


async def test_ptb_asks_about_chats_and_sets_commands_and_webhook(telegram: FakeTelegram, ptb: Bot) -> None:
    telegram.group(TEAM, "售后", [telegram.user(LI)], bot_is_admin=True)
    assert (await ptb.get_chat(TEAM)).title == "售后"
    assert {admin.status for admin in await ptb.get_chat_administrators(TEAM)} == {"creator", "administrator"}
    assert (await ptb.get_chat_member(TEAM, LI)).user.id == LI
    assert await ptb.set_my_commands([BotCommand("stop", "退订")], language_code="zh")
    assert await ptb.delete_my_commands(language_code="zh")
    hook = f"{telegram.api_base}/hook"
    assert await ptb.set_webhook(hook, secret_token="s", allowed_updates=["message"], max_connections=100)
    assert (await ptb.get_webhook_info()).url == hook
    assert await ptb.delete_webhook(drop_pending_updates=True)
    assert telegram.violations == []


async def test_ptb_raises_its_own_errors(telegram: FakeTelegram, ptb: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else RetryAfter warns of its future
    mei = telegram.user(MEI)
    group = telegram.group(TEAM, "售后", [telegram.user(LI)])
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(MEI, "?")
    await mei.start()
    await mei.blocks()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await ptb.send_message(MEI, "?")
    telegram.faults.plant(flood(7))
    with pytest.raises(RetryAfter):
        await ptb.send_message(MEI, "?")
    telegram.faults.plant(Html(502))
    with pytest.raises(NetworkError):
        await ptb.send_message(MEI, "?")
    new = group.migrate()
    with pytest.raises(ChatMigrated) as migrated:
        await ptb.send_message(TEAM, "?")
    assert migrated.value.new_chat_id == new.id
    await ptb.set_webhook(f"{telegram.api_base}/hook")
    with pytest.raises(Conflict):
        await ptb.get_updates()
    stranger = Bot("1:wrong", base_url=f"{telegram.api_base}/bot")
    with pytest.raises(InvalidToken):
        await stranger.__aenter__()
