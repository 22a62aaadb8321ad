"""The command menus that Telegram shows. They grant nothing: the handler of a command checks who may use it."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial

from telegram import Bot, BotCommandScope, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.channels.telegram.api.errors import BotApiError
from bot.channels.telegram.api.persist import RetryDelay, until_done
from bot.channels.telegram.api.typed_bot import typed_call
from bot.ports import RaiseAlarm
from dialogs.phrases import Phrases
from scoring.values import Value, field

__all__ = ["CommandMenu", "CommandMenus", "menus_for", "register_commands"]

COMMANDS_ALARM = "telegram.commands"
CommandMenu = Mapping[str, Sequence[tuple[str, str]]]
"""Per locale, the commands (without `/`) and what they do. The first locale is for everybody else."""
logger = logging.getLogger(__name__)

_CUSTOMERS = ("start", "feedback", "status", "mydata", "forgetme", "language", "stop", "help")
_LEADS = ("report", "issues", "findings", "actions", "phrases")
_ADMINS = (*_LEADS, "campaign", "team", "pause_surveys")
_BY_ROLE = {"owner": _ADMINS, "admin": _ADMINS, "lead": _LEADS}


class CommandMenus(Value):
    """What customers see in private chats, and the team in its chat (empty `team_chat`: there is none)."""

    customers: CommandMenu
    team: CommandMenu
    team_chat: str = ""
    admins: Mapping[str, CommandMenu] = field(default_factory=dict)
    """What admins see in their own chats, by chat."""


def menus_for(phrases: Phrases, team_chat: str, administrators: Mapping[str, str]) -> CommandMenus:
    """Return the menus of customers, of the team's chat, and of whoever administers, whose roles are by user id.

    Administrators see the commands of their role, and a customer's below.
    """
    known = {chat: _BY_ROLE[role] for chat, role in administrators.items() if role in _BY_ROLE}
    own = {chat: _menu(phrases, (*commands, *_CUSTOMERS)) for chat, commands in known.items()}
    return CommandMenus(_menu(phrases, _CUSTOMERS), _menu(phrases, (*_ADMINS, "help")), team_chat, own)


def _menu(phrases: Phrases, commands: Sequence[str]) -> CommandMenu:
    """Return the commands with their descriptions in each language."""
    return {
        locale: [(command, phrases.say(locale, f"command.{command}")) for command in commands]
        for locale in phrases.texts
    }


async def register_commands(bot: Bot, menus: CommandMenus, alarm: RaiseAlarm, delay: RetryDelay | None = None) -> None:
    """Set the menus in every language, repeatedly until Telegram can be reached.

    A menu that Telegram refuses, such as that of a chat it does not know, is logged and left out.
    """
    scopes: list[tuple[BotCommandScope, CommandMenu]] = [(BotCommandScopeAllPrivateChats(), menus.customers)]
    scopes += [(BotCommandScopeChat(menus.team_chat), menus.team)] if menus.team_chat else []
    scopes += [(BotCommandScopeChat(chat), menu) for chat, menu in menus.admins.items()]
    for scope, menu in scopes:
        for language, commands in _by_language(menu).items():
            await until_done(partial(_register, bot, scope, language, commands), COMMANDS_ALARM, alarm, delay)


def _by_language(menu: CommandMenu) -> dict[str, Sequence[tuple[str, str]]]:
    """Return a menu by ISO 639-1 code, as setMyCommands takes it: `zh-Hans` is `zh`; the first of a code counts."""
    languages: dict[str, Sequence[tuple[str, str]]] = {}
    for locale, commands in menu.items():
        languages.setdefault("", commands)
        languages.setdefault(locale[:2].lower(), commands)
    return languages


async def _register(bot: Bot, scope: BotCommandScope, language: str, commands: Sequence[tuple[str, str]]) -> None:
    try:
        await typed_call(bot.set_my_commands(commands, scope=scope, language_code=language or None))
    except BotApiError as error:
        if not error.is_refusal:
            raise
        logger.warning("no commands for %s in %r: %s", scope.type, language, error)
