"""The command line: `huifang …`. Exit codes: 0 done, 1 a problem in one line each, 2 wrong usage.

Importing the service takes a second, so only the commands that need it import it.
"""

import argparse
from collections.abc import Sequence

from bot.cli import campaigns, people, service, surveys
from bot.cli.common import print_problems
from bot.control.protocol import CommandProblem
from config.errors import ConfigError, ConfigErrors
from storage.model.errors import InUse, SchemaMismatch, Unavailable, WriteConflict

__all__ = ["main", "parser"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit code; a problem is one line on stderr."""
    options = parser().parse_args(arguments)
    try:
        return int(options.do(options) or 0)
    except ConfigErrors as wrong:
        return print_problems(wrong.errors)
    except (
        ConfigError,
        WriteConflict,
        InUse,
        CommandProblem,
        SchemaMismatch,
        Unavailable,
        ValueError,
        OSError,
    ) as problem:
        return print_problems([problem])
    except KeyboardInterrupt:
        return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parsed = argparse.ArgumentParser(
        prog="huifang", description="服务回访机器人 · Closes the loop with customers in chat."
    )
    commands = parsed.add_subparsers(required=True)
    for group in (service, surveys, campaigns, people):
        group.add_to(commands)
    return parsed
