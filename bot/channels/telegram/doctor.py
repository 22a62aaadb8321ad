"""Checks of `huifang doctor`: whether the token works, and whether the bot is in the team's group."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from telegram import ChatMemberBanned, ChatMemberLeft

from bot.channels.descriptor import SettingProblem
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.telegram.api.typed_bot import typed_call
from bot.channels.telegram.channel import TelegramChannel, open_bot

__all__ = ["examine_telegram"]

_TOKEN_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


async def examine_telegram(token: str, api_base: str, team_chat: str) -> AsyncIterator[SettingProblem]:
    """Yield what keeps this bot from working; nothing is sent and nothing is changed."""
    channel = open_bot(token, api_base)
    try:
        me = await typed_call(channel.bot.get_me())
        if team_chat:
            async for problem in _group(channel, team_chat, me.id):
                yield problem
    except ApiError as error:
        if error.code in _TOKEN_REFUSED:
            yield SettingProblem(
                "telegram.token", "Telegram does not know this token.", "Copy it from @BotFather again."
            )
        else:
            yield SettingProblem("telegram.api_base", f"Telegram answers {error}.", "Try again later.")
    except CallError as error:
        what = f"Telegram cannot be reached: {error}."
        yield SettingProblem("telegram.api_base", what, "Check the address and the network.")
    finally:
        await channel.close()


async def _group(channel: TelegramChannel, chat: str, me: int) -> AsyncIterator[SettingProblem]:
    try:
        member = await typed_call(channel.bot.get_chat_member(chat, me))
    except ApiError as error:
        what = f"The bot cannot see chat {chat}: {error}."
        yield SettingProblem("telegram.team_chat", what, "Add the bot to the group, and write the group's id.")
        return
    if isinstance(member, ChatMemberLeft | ChatMemberBanned):
        yield SettingProblem("telegram.team_chat", f"The bot is not a member of chat {chat}.", "Add it to the group.")
