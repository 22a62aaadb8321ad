"""The command menus that Telegram shows. They are decoration: whoever handles a command checks who may."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial

from telegram import Bot, BotCommandScope, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.errors import BotApiError
from bot.channels.telegram.persist import RetryDelay, until_done
from bot.channels.telegram.transport import typed
from bot.ports import RaiseAlarm
from scoring.values import Value, field

__all__ = ["COMMANDS", "Menu", "Menus", "register_commands"]

COMMANDS = "telegram.commands"
Menu = Mapping[str, Sequence[tuple[str, str]]]
"""Per locale, the commands (without `/`) and what they do. The first locale is for everybody else."""
logger = logging.getLogger(__name__)


class Menus(Value):
    """What customers see in private chats, and the team in its chat (empty `team_chat`: there is none)."""

    customers: Menu
    team: Menu
    team_chat: str = ""
    admins: Mapping[str, Menu] = field(default_factory=dict)
    """What admins see in their own chats, by chat."""


async def register_commands(
    channel: TelegramChannel, menus: Menus, alarm: RaiseAlarm, delay: RetryDelay | None = None
) -> None:
    """Set the menus in every language; tries until Telegram can be reached.

    A menu that Telegram refuses, such as that of a chat it does not know, is logged and left out.
    """
    scopes: list[tuple[BotCommandScope, Menu]] = [(BotCommandScopeAllPrivateChats(), menus.customers)]
    scopes += [(BotCommandScopeChat(menus.team_chat), menus.team)] if menus.team_chat else []
    scopes += [(BotCommandScopeChat(chat), menu) for chat, menu in menus.admins.items()]
    for scope, menu in scopes:
        for language, commands in _by_language(menu).items():
            await until_done(partial(_register, channel.bot, scope, language, commands), COMMANDS, alarm, delay)


def _by_language(menu: Menu) -> dict[str, Sequence[tuple[str, str]]]:
    """Key the menus by ISO 639-1, all that setMyCommands knows: `zh-Hans` is `zh`, the first of its kind wins."""
    languages: dict[str, Sequence[tuple[str, str]]] = {}
    for locale, commands in menu.items():
        languages.setdefault("", commands)
        languages.setdefault(locale[:2].lower(), commands)
    return languages


async def _register(bot: Bot, scope: BotCommandScope, language: str, commands: Sequence[tuple[str, str]]) -> None:
    try:
        await typed(bot.set_my_commands(commands, scope=scope, language_code=language or None))
    except BotApiError as error:
        if not error.is_refusal:
            raise
        logger.warning("no commands for %s in %r: %s", scope.type, language, error)
