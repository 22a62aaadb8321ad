"""Runs one command, in the service or without it; every outcome is a reply."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.control.protocol import CommandProblem, CommandReply, CommandRequest
from bot.wiring.services import Services
from storage.model.errors import DecisionFailed, Unavailable, WriteConflict

__all__ = ["CommandHandler", "execute"]

CommandHandler = Callable[[Services, Mapping[str, Any]], Awaitable[object]]
"""Takes the arguments from the socket, returns what JSON can carry; raises CommandProblem or ValueError."""

logger = logging.getLogger(__name__)


async def execute(services: Services, commands: Mapping[str, CommandHandler], request: CommandRequest) -> CommandReply:
    """Run a request's command and return its reply; never raises."""
    command = commands.get(request.command)
    if command is None:
        return CommandReply(
            problem=f"there is no command {request.command!r}; service and command line differ in version"
        )
    try:
        return CommandReply(await command(services, request.arguments))
    except (CommandProblem, ValueError, Unavailable) as problem:
        return CommandReply(problem=str(problem))
    except WriteConflict:
        return CommandReply(problem="somebody else changed the same thing at the same moment; please try again")
    except Exception as error:
        cause = error.__cause__ if isinstance(error, DecisionFailed) else error
        logger.exception("the command %s failed", request.command, exc_info=cause)
        return CommandReply(problem=f"this is a mistake of huifang itself, nothing was changed: {error}")
