"""The commands that admins type in their chats, recognised by the first word."""

import re
from enum import StrEnum

from scoring.values import Value

__all__ = ["AdminCommand", "TypedCommand", "admin_command", "is_command"]

_COMMAND = re.compile(r"/[A-Za-z_]{1,32}(@\w+)?")
"""How a command begins (Bot API, BotCommand); what else begins with a slash may be a path."""


class AdminCommand(StrEnum):
    """The commands; each value is the word after the slash."""

    REPORT = "report"
    ISSUES = "issues"
    CAMPAIGN = "campaign"
    TEAM = "team"
    PAUSE_SURVEYS = "pause_surveys"
    RESUME_SURVEYS = "resume_surveys"
    AUDIT = "audit"
    FINDINGS = "findings"
    ACTIONS = "actions"
    PHRASES = "phrases"
    JOIN = "join"
    """Sent by a new member of the team, with their one-time code."""


class TypedCommand(Value):
    """A command and the words behind it."""

    command: AdminCommand
    words: tuple[str, ...] = ()


def admin_command(text: str) -> TypedCommand | None:
    """Return the command of a text such as `/team add 李工 agent` or `/team@OurBot`; None for any other text."""
    words = text.split()
    if not words or not words[0].startswith("/"):
        return None
    name = words[0][1:].partition("@")[0].lower()
    return TypedCommand(AdminCommand(name), tuple(words[1:])) if name in set(AdminCommand) else None


def is_command(text: str) -> bool:
    """Return whether a text is a command of any bot: `/status`, with words behind it or without."""
    words = text.split(maxsplit=1)
    return bool(words) and _COMMAND.fullmatch(words[0]) is not None
