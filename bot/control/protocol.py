"""The protocol of the control socket: one line of JSON for the request, one for the reply."""

import json
from collections.abc import Mapping
from typing import Any

from scoring.values import Value

__all__ = ["LONGEST_REQUEST", "CommandProblem", "CommandReply", "CommandRequest", "read_answer", "read_request"]

LONGEST_REQUEST = 256 * 1024
"""Bytes; a campaign's text and audience are far below."""


class CommandProblem(Exception):  # noqa: N818 - it is told to a person, in these words
    """The command cannot be done; the message is one readable sentence."""


class CommandRequest(Value):
    """A command by its name in `bot.control.commands`, and its arguments."""

    command: str
    arguments: Mapping[str, Any]

    def line(self) -> bytes:
        """Return it as one line of JSON."""
        return _line({"command": self.command, "arguments": self.arguments})


class CommandReply(Value):
    """What a command returned, or a sentence that says why it could not be done."""

    gave: Any = None
    problem: str = ""

    def line(self) -> bytes:
        """Return it as one line of JSON."""
        return _line({"problem": self.problem} if self.problem else {"ok": self.gave})


def read_request(line: bytes) -> CommandRequest:
    """Return a request. Raises CommandProblem for anything else."""
    said = _object(line)
    match said:
        case {"command": str(command), "arguments": dict(arguments)} if len(said) == len(("command", "arguments")):
            return CommandRequest(command, arguments)
        case _:
            raise CommandProblem('write one line {"command": "...", "arguments": {...}}')


def read_answer(line: bytes) -> CommandReply:
    """Return a reply. Raises CommandProblem for anything else, as when the service ended half-way."""
    match _object(line):
        case {"ok": gave}:
            return CommandReply(gave)
        case {"problem": str(problem)}:
            return CommandReply(problem=problem)
        case _:
            raise CommandProblem("the service broke off; look into its log")


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _line(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
