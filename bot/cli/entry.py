"""Where the command line begins: reads the arguments, does what they say, and says what is wrong."""

import argparse
from collections.abc import Sequence

from bot.cli import campaigns, customers, service, surveys, users
from bot.cli.common import complain
from bot.control.talk import Problem
from config.errors import ConfigError, ConfigErrors
from storage.model.errors import Conflict, InUse, SchemaMismatch, Unavailable

__all__ = ["main", "parser"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; every problem is a readable line on stderr."""
    options = parser().parse_args(arguments)
    try:
        return int(options.do(options) or 0)
    except ConfigErrors as wrong:
        return complain(wrong.errors)
    except (ConfigError, Conflict, InUse, Problem, SchemaMismatch, Unavailable, ValueError, OSError) as problem:
        return complain([problem])
    except KeyboardInterrupt:
        return 0


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parsed = argparse.ArgumentParser(
        prog="huifang", description="服务回访机器人 · Closes the loop with customers in chat."
    )
    commands = parsed.add_subparsers(required=True)
    for group in (service, surveys, campaigns, users, customers):
        group.add_to(commands)
    return parsed
