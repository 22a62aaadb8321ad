"""Runs one command, in the service or without it; every outcome is a reply."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.control.protocol import CommandProblem, CommandReply, CommandRequest
from bot.jobs.figures.own_process import ProcessFailed
from bot.process.alarms import PROCESSES
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
    except (DecisionFailed, ProcessFailed) as failure:
        return _failed(services, request, failure)
    except Exception as error:
        logger.exception("the command %s failed", request.command)
        return _mistake(error)


def _failed(services: Services, request: CommandRequest, failure: DecisionFailed | ProcessFailed) -> CommandReply:
    """Return the reply to what failed elsewhere and is logged without its traceback, which might quote a customer."""
    if isinstance(failure, ProcessFailed):
        services.receiver.sound(PROCESSES, str(failure))
        return CommandReply(problem=f"{failure}; nothing was changed: try again, or ask for less at once")
    logger.error("the command %s failed: %s", request.command, failure)
    return _mistake(failure)


def _mistake(error: Exception) -> CommandReply:
    return CommandReply(problem=f"this is a mistake of huifang itself, nothing was changed: {error}")
