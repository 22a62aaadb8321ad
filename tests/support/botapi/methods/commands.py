"""setMyCommands and deleteMyCommands."""

import json
import re
from typing import Any

from tests.support.botapi.bot import Bot
from tests.support.botapi.errors import broken
from tests.support.botapi.http.params import Params, check_shape
from tests.support.botapi.messages.entities import utf16_length

__all__ = ["delete_my_commands", "set_my_commands"]

Json = dict[str, Any]
NAME = re.compile(r"[a-z0-9_]{1,32}")
MOST = 100
DESCRIPTION = 256
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def set_my_commands(bot: Bot, params: Params) -> bool:
    """Remember the commands shown in one scope and language."""
    commands = params.structure("commands")
    if not isinstance(commands, list):
        raise broken("Bad Request: can't parse commands: expected an Array of BotCommand")
    if len(commands) > MOST:
        raise broken("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    bot.commands[_place(bot, params)] = commands
    return True


def delete_my_commands(bot: Bot, params: Params) -> bool:
    """Forget the commands of one scope and language."""
    bot.commands.pop(_place(bot, params), None)
    return True


def _check_command(command: object) -> None:
    shape = check_shape(command, "BotCommand", {"command": str, "description": str}, ["command", "description"])
    if not NAME.fullmatch(shape["command"]):
        raise broken(f"Bad Request: BOT_COMMAND_INVALID ({shape['command']!r})")
    if not 1 <= utf16_length(shape["description"]) <= DESCRIPTION:
        raise broken(f"Bad Request: BOT_COMMAND_DESCRIPTION_INVALID ({shape['command']!r})")


def _place(bot: Bot, params: Params) -> tuple[str, str]:
    """Read scope and language; gives the scope as JSON text and the language, "" for everybody."""
    scope = params.structure("scope") or {"type": "default"}
    fields = SCOPES.get(str(scope.get("type"))) if isinstance(scope, dict) else None
    if fields is None:
        raise broken("Bad Request: can't parse BotCommandScope: unsupported type")
    check_shape(scope, "BotCommandScope", {"type": str} | dict.fromkeys(fields, int), fields)
    if "chat_id" in scope:
        bot.chat(scope["chat_id"])
    language = params.string("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise broken("Bad Request: invalid language code specified")
    return json.dumps(scope, sort_keys=True), language
