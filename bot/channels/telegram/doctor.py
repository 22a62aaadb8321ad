"""Checks of `huifang doctor`: whether the token works, the proxy leads there, and the bot is in the team's group."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from telegram import ChatMemberBanned, ChatMemberLeft

from bot.channels.descriptor import SettingProblem
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.http_client.reachability import connection_refused, why_unreached
from bot.channels.telegram.api.typed_bot import typed_call
from bot.channels.telegram.channel import TelegramChannel, open_bot

__all__ = ["examine_telegram"]

_PROXY = "telegram.proxy"
_TOKEN_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


async def examine_telegram(token: str, api_base: str, team_chat: str, proxy: str = "") -> AsyncIterator[SettingProblem]:
    """Yield what keeps this bot from working; nothing is sent and nothing is changed."""
    channel = open_bot(token, api_base, proxy=proxy)
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
        yield await _unreached(error, api_base, proxy or _proxy_of_environment(api_base))
    finally:
        await channel.close()


async def _unreached(error: CallError, api_base: str, proxy: str) -> SettingProblem:
    """Return what keeps calls from arriving: the network, the proxy, or what lies behind it."""
    if not proxy:
        fix = "Where Telegram is blocked, set telegram.proxy. Check the address and the network."
        why = await why_unreached(api_base, error)
        return SettingProblem("telegram.api_base", f"Telegram cannot be reached: {why}.", fix)
    parts = urlsplit(proxy)
    host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 1080)
    name, why = f"The proxy {host}:{port}", await connection_refused(host, port)
    if why:
        return SettingProblem(_PROXY, f"{name} cannot be reached: {why}.", "Start it, or correct its address.")
    fix = f"Check its user and password, and whether it may reach {api_base}."
    return SettingProblem(_PROXY, f"{name} answers, but does not lead to Telegram: {error}.", fix)


def _proxy_of_environment(address: str) -> str:
    """Return the proxy that the environment names for an address, as the HTTP client reads it; empty for none."""
    parts, proxies = urlsplit(address), getproxies()
    if proxy_bypass(parts.hostname or ""):
        return ""
    return proxies.get(parts.scheme) or proxies.get("all", "")


async def _group(channel: TelegramChannel, chat: str, me: int) -> AsyncIterator[SettingProblem]:
    try:
        member = await typed_call(channel.bot.get_chat_member(chat, me))
    except ApiError as error:
        what = f"The bot cannot see chat {chat}: {error}."
        yield SettingProblem("telegram.team_chat", what, "Add the bot to the group, and write the group's id.")
        return
    if isinstance(member, ChatMemberLeft | ChatMemberBanned):
        yield SettingProblem("telegram.team_chat", f"The bot is not a member of chat {chat}.", "Add it to the group.")
