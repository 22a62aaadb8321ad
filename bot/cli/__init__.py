"""The command line: `huifang …`. Exit codes: 0 done, 1 a problem in one line each, 2 wrong usage.

Importing the service takes a second, so only the commands that need it import it.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import NoReturn, TextIO

from bot.cli import (
    assess,
    campaigns,
    exclusions,
    figure_reports,
    inbox,
    metric_commands,
    people,
    period_command,
    responses,
    service,
    surveys,
)
from bot.cli.common import Options, print_problems
from bot.cli.data import backup_command, export_command, import_command, sample_command
from bot.cli.helpdesks import connect_command
from bot.cli.improvement import finding_command
from bot.cli.outgoing import webhook_command
from bot.cli.text import commands as text_commands
from bot.control.protocol import CommandProblem
from bot.process.logs import Redactor
from config.errors import ConfigError, ConfigErrors
from storage.model.errors import NOT_SAVED, InUse, SchemaMismatch

__all__ = ["main", "parser"]


_TOLD = (ConfigError, *NOT_SAVED, InUse, CommandProblem, SchemaMismatch, ValueError, OSError)
"""What a command may end with, each with a message for a person."""
_NOWHERE = logging.NullHandler()
"""Where log lines go: without any handler Python writes them, and tracebacks, beside the lines for a person."""
_CONFIG = "--config"
_COMPLETING = "_ARGCOMPLETE"
"""Set by a shell that asks what can stand next (`huifang completion`)."""
_UNREAD = "whoever reads the output has gone before its end"
logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit code; a problem is one line on stderr.

    Raises SystemExit, after help or for wrong usage, and KeyboardInterrupt.
    """
    if _COMPLETING in os.environ:
        _complete()
    logging.root.addHandler(_NOWHERE)  # until `run` writes logs: what a command tells of itself stands on stderr
    try:
        code = _run(parser().parse_args(_config_last(sys.argv[1:] if arguments is None else arguments)))
    except SystemExit:
        _written(0)
        raise
    return _written(code)


def _complete() -> NoReturn:
    """Print what can stand next, for a shell, and end the process."""
    from argcomplete import autocomplete  # noqa: PLC0415 (only where a shell asks)

    autocomplete(parser())
    raise SystemExit(1)  # what asked is no shell: nothing of what it wants is done


def _config_last(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a `--config FILE` that stands before the command behind it, where it is known."""
    taken = 0
    while taken < len(arguments) and arguments[taken].partition("=")[0] == _CONFIG:
        taken += 1 if "=" in arguments[taken] else 2
    return [*arguments[taken:], *arguments[:taken]]


def _run(options: Options) -> int:
    try:
        return int(options.do(options) or 0)
    except ConfigErrors as wrong:
        return print_problems(wrong.errors)
    except BrokenPipeError:
        return print_problems([CommandProblem(_UNREAD)])
    except _TOLD as problem:
        return print_problems([problem])
    except Exception as mistake:  # noqa: BLE001 (the last one to know)
        return print_problems([CommandProblem(_admitted(mistake))])


def _admitted(mistake: Exception) -> str:
    """Return the line about a bug; where logs are written, they get all of it."""
    if logging.root.handlers:
        logger.error("a mistake of huifang itself", exc_info=mistake)
    place = extract_tb(mistake.__traceback__)[-1]
    what = Redactor().clean(f"{type(mistake).__name__}: {mistake}")
    return f"this is a mistake of huifang itself: {what} ({Path(place.filename).name}, line {place.lineno})"


def _written(code: int) -> int:
    """Write out what was printed, and return the exit code: 1 where nobody takes it.

    Left to itself, the interpreter would end with 120.
    """
    try:
        if sys.stdout is not None:  # as where the shell has closed it
            sys.stdout.flush()
    except OSError as error:
        _discard(sys.stdout)
        code = code or print_problems([CommandProblem(_UNREAD) if isinstance(error, BrokenPipeError) else error])
    try:
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)
    return code


def _discard(stream: TextIO) -> None:
    """Redirect what is still to be written to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Version(argparse.Action):
    """Prints the version of what is installed, which takes too long to look up for every command."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 (as said)

        print(f"huifang {version('huifang')}")
        parser.exit()


@cache
def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line, made once in a process: that takes longer than most commands."""
    parsed = argparse.ArgumentParser(
        prog="huifang", description="服务回访机器人 · Closes the loop with customers in chat."
    )
    parsed.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parsed.add_subparsers(required=True)
    for group in (
        service,
        surveys,
        campaigns,
        people,
        inbox,
        metric_commands,
        figure_reports,
        responses,
        exclusions,
        finding_command,
        sample_command,
        connect_command,
        webhook_command,
        import_command,
        period_command,
        assess,
        backup_command,
        export_command,
        text_commands,
    ):
        group.add_to(commands)
    return parsed
