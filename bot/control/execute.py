"""Runs one command, in the service or without it; every outcome is a reply."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.control.protocol import CommandProblem, CommandReply, CommandRequest
from bot.wiring.services import Services
from storage.model.errors import DecisionFailed, InUse, Unavailable, WriteConflict

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
    except (CommandProblem, ValueError, Unavailable, InUse) as problem:
        return CommandReply(problem=str(problem))
    except WriteConflict:
        return CommandReply(problem="somebody else changed the same thing at the same moment; please try again")
    except DecisionFailed as failure:  # without its traceback, which might quote what a customer wrote
        logger.error("the command %s failed: %s", request.command, failure)  # noqa: TRY400 (as said above)
        return _mistake(failure)
    except Exception as error:
        logger.exception("the command %s failed", request.command)
        return _mistake(error)


def _mistake(error: Exception) -> CommandReply:
    return CommandReply(problem=f"this is a mistake of huifang itself, nothing was changed: {error}")
