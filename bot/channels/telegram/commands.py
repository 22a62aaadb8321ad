"""The command menus that Telegram shows. They grant nothing: the handler of a command checks who may use it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from telegram import Bot, BotCommandScope, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.channels.telegram.api.errors import BotApiError
from bot.channels.telegram.api.persist import RetryDelay, until_done
from bot.channels.telegram.api.typed_bot import typed_call
from bot.ports import RaiseAlarm
from dialogs.phrases import Phrases
from scoring.values import Value, field

__all__ = ["CommandMenu", "CommandMenus", "follow_commands", "menus_for", "register_commands"]

COMMANDS_ALARM = "telegram.commands"
LOOKS_EVERY = 60.0
"""Seconds after which an admin who has joined sees their commands at the latest."""
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


async def follow_commands(
    bot: Bot, wanted: Callable[[], Awaitable[CommandMenus]], alarm: RaiseAlarm, looks_every: float = LOOKS_EVERY
) -> None:
    """Keep the menus as they are wanted, looking again each so many seconds, until cancelled.

    So an admin who joins, gets another role or leaves sees the menu of what they may do from then on.
    """
    shown: dict[str, CommandMenu] = {}
    while True:
        menus = await wanted()
        await register_commands(bot, menus, alarm, shown=shown)
        shown = _by_chat(menus)
        await asyncio.sleep(looks_every)


async def register_commands(
    bot: Bot,
    menus: CommandMenus,
    alarm: RaiseAlarm,
    delay: RetryDelay | None = None,
    shown: Mapping[str, CommandMenu] | None = None,
) -> None:
    """Set the menus in every language where `shown` has others, and take away those of chats that have none any more.

    Each call is repeated until Telegram can be reached. A menu that Telegram refuses, such as that of a chat it does
    not know, is logged and left out.
    """
    before, now = shown or {}, _by_chat(menus)
    changes = {chat: now.get(chat, {}) for chat in {**before, **now} if before.get(chat) != now.get(chat)}
    for chat, menu in changes.items():
        scope = BotCommandScopeChat(chat) if chat else BotCommandScopeAllPrivateChats()
        for language, commands in _by_language(menu or before[chat]).items():
            shows = commands if menu else ()
            await until_done(partial(_register, bot, scope, language, shows), COMMANDS_ALARM, alarm, delay)


def _by_chat(menus: CommandMenus) -> dict[str, CommandMenu]:
    """Return the menus by chat; that of all private chats which have none of their own is at ""."""
    team = {menus.team_chat: menus.team} if menus.team_chat else {}
    return {"": menus.customers, **team, **menus.admins}


def _by_language(menu: CommandMenu) -> dict[str, Sequence[tuple[str, str]]]:
    """Return a menu by ISO 639-1 code, as setMyCommands takes it: `zh-Hans` is `zh`; the first of a code counts."""
    languages: dict[str, Sequence[tuple[str, str]]] = {}
    for locale, commands in menu.items():
        languages.setdefault("", commands)
        languages.setdefault(locale[:2].lower(), commands)
    return languages


async def _register(bot: Bot, scope: BotCommandScope, language: str, commands: Sequence[tuple[str, str]]) -> None:
    """Set the commands of one place and language; without any, the next wider menu is shown again."""
    code = language or None
    try:
        if commands:
            await typed_call(bot.set_my_commands(commands, scope=scope, language_code=code))
        else:
            await typed_call(bot.delete_my_commands(scope=scope, language_code=code))
    except BotApiError as error:
        if not error.is_refusal:
            raise
        logger.warning("no commands for %s in %r: %s", scope.type, language, error)
