"""The client of the control socket: sends a command to the running service, or runs it where there is none."""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.control.protocol import LONGEST_REQUEST, CommandProblem, CommandReply, CommandRequest, read_answer
from bot.control.socket_path import socket_path
from bot.process.interrupts import run_interruptible
from config.settings.settings import Settings
from scoring.values import Value
from storage.model.errors import NOT_SAVED, InUse

__all__ = ["CommandResult", "ask_service", "is_served", "run_command"]

_PATIENCE = 60.0
"""Seconds in which the service has to reply; what takes long is done after the reply."""
_LISTENS_WITHIN = 1.0
_STARTING = 15.0
"""Seconds to wait for a service that is starting, or for another command, while either holds the database."""


_NEEDS_CHANNELS = "inbox retry"
"""The command that reads deliveries as the channels do, so that these have to be connected."""


class CommandResult(Value):
    """What a command returned, as JSON; `waits` is true where no service runs that would continue its work."""

    gave: Any
    waits: bool = False


def run_command(
    settings: Settings, command: str, arguments: Mapping[str, Any], *, only_service: bool = False
) -> CommandResult:
    """Run a command and return its result. Raises CommandProblem, and what opening the database raises.

    `only_service` does not open a SQLite file, so that a service which is being restarted finds it free.
    """
    request = CommandRequest(command, arguments)
    if len(request.line()) > LONGEST_REQUEST:
        raise CommandProblem(f"this is longer than {LONGEST_REQUEST // 1024} KiB: write less")
    place = socket_path(settings.database.url.get_secret_value())
    until = time.monotonic() + _STARTING
    while True:
        answer = _by_service(place, request) if place is not None else None
        if answer is not None:
            return CommandResult(_gave(answer))
        if only_service and place is not None:
            raise CommandProblem("the service has gone; when it runs again, it goes on where it was")
        try:
            return CommandResult(_gave(_by_ourselves(settings, request)), waits=place is not None)
        except InUse:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


def ask_service(settings: Settings, command: str, arguments: Mapping[str, Any]) -> CommandResult | None:
    """Run a command in the service and return its result; None where none runs, or the database is a server's.

    Raises CommandProblem.
    """
    place = socket_path(settings.database.url.get_secret_value())
    answer = _by_service(place, CommandRequest(command, arguments)) if place is not None else None
    return CommandResult(_gave(answer)) if answer is not None else None


def is_served(settings: Settings) -> bool:
    """Return whether a service that works on this SQLite file listens."""
    place = socket_path(settings.database.url.get_secret_value())
    if place is None:
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_LISTENS_WITHIN)
        try:
            connection.connect(str(place))
        except OSError:
            return False
    return True


def _gave(answer: CommandReply) -> Any:  # noqa: ANN401 (as JSON gives it)
    if answer.problem:
        raise CommandProblem(answer.problem)
    return answer.gave


def _by_service(place: Path, request: CommandRequest) -> CommandReply | None:
    """Return the service's reply; None where none listens. Raises CommandProblem where it does not reply."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE)
        try:
            connection.connect(str(place))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except PermissionError:
            raise CommandProblem("another user runs the service: use the command as that user") from None
        try:
            connection.sendall(request.line())
            with connection.makefile("rb") as told:
                return read_answer(told.readline())
        except TimeoutError:
            raise CommandProblem(
                f"the service did not answer within {_PATIENCE:.0f} seconds; look into its log"
            ) from None
        except (BrokenPipeError, ConnectionResetError):
            raise CommandProblem("the service broke off; look into its log") from None


def _by_ourselves(settings: Settings, request: CommandRequest) -> CommandReply:
    from bot.control.commands import CONTROL_COMMANDS  # noqa: PLC0415 (slow: only where no service does it)
    from bot.control.execute import execute  # noqa: PLC0415 (slow: only where no service does it)
    from bot.control.helpdesks.desk_commands import desk_commands  # noqa: PLC0415 (as below)
    from bot.control.inbox import inbox_commands  # noqa: PLC0415 (slow: only where no service does it)
    from bot.jobs.failed_deliveries import FailedDeliveries  # noqa: PLC0415 (slow: only where no service does it)
    from bot.jobs.figures.figure_job import store_offered  # noqa: PLC0415 (slow: only where no service does it)
    from bot.process.alarms import Alarms  # noqa: PLC0415 (slow: only where no service does it)
    from bot.wiring.container import open_container  # noqa: PLC0415 (slow: only where no service does it)
    from bot.wiring.services import open_services  # noqa: PLC0415 (slow: only where no service does it)

    async def by_ourselves() -> CommandReply:
        if request.command == _NEEDS_CHANNELS:
            async with open_container(settings) as container:
                commands = {**CONTROL_COMMANDS, **inbox_commands(container.failed), **desk_commands(settings)}
                return await execute(container.services, commands, request)
        async with open_services(settings) as services:
            failed = FailedDeliveries(
                receiver=services.receiver, reader=services.reader, alarms=Alarms(services.clock), connections={}
            )
            commands = {**CONTROL_COMMANDS, **inbox_commands(failed), **desk_commands(settings)}
            reply = await execute(services, commands, request)
            with suppress(*NOT_SAVED):  # whoever asks next has it computed again
                await store_offered(services.reader, services.writer)
            return reply

    return run_interruptible(by_ourselves)
