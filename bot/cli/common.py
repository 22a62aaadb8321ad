"""What all commands share: settings, printing of problems, a parser for one command."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TypeAlias

from bot.control.protocol import CommandProblem
from bot.control.socket_client import run_command
from config.settings.loading import load_settings
from config.settings.settings import Settings

__all__ = [
    "Commands",
    "Options",
    "add_command",
    "add_group",
    "call_command",
    "make_sure",
    "print_problems",
    "settings_of",
    "write_whole",
]

Options = argparse.Namespace
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no other name for it


def settings_of(options: Options) -> Settings:
    """Read the settings that this command was started with; raises ConfigErrors."""
    return load_settings(os.environ, options.config, Path.cwd())


def call_command(options: Options, name: str, /, **arguments: object) -> Any:  # noqa: ANN401 (as JSON gives it)
    """Run a command of `bot.control.commands` in the service, or here where none runs, and return its result.

    Raises what `run_command` and `settings_of` raise.
    """
    return run_command(settings_of(options), name, arguments).gave


def make_sure(name: str, purpose: str, otherwise: str) -> None:
    """Ask for a name to be typed before what cannot be undone; raises CommandProblem where it is not."""
    if not sys.stdin.isatty():
        raise CommandProblem("this cannot be undone: add --yes")
    print(f"This cannot be undone. Type {name} to {purpose}: ", end="", flush=True)
    if sys.stdin.readline().strip() != name:
        raise CommandProblem(otherwise)


def print_problems(problems: Sequence[Exception]) -> int:
    """Print each problem as one line of stderr, and return the exit code."""
    with suppress(OSError):  # nobody reads them
        for problem in problems:
            print(f"huifang: {' '.join(str(problem).split())}", file=sys.stderr)
    return 1


def write_whole(output: Path, content: str | bytes) -> None:
    """Write a file for its owner only, whole or not at all; into a device or a pipe as it is. Raises OSError."""
    written = content.encode() if isinstance(content, str) else content
    if output.exists() and not output.is_file():
        output.write_bytes(written)
        return
    descriptor, draft = mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(written)
        Path(draft).replace(output)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def add_group(commands: Commands, name: str, help_: str) -> Commands:
    """Add a command that has subcommands, and return where they are added."""
    return commands.add_parser(name, help=help_, description=help_).add_subparsers(required=True)


def add_command(
    commands: Commands, name: str, help_: str, do: Callable[[Options], int | None], *, is_below: bool = False
) -> argparse.ArgumentParser:
    """Add a command that calls `do` with the parsed options; return its parser, for its own arguments.

    `is_below` a command that can be called alone, too: a settings file given to that one stays.
    """
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    otherwise = argparse.SUPPRESS if is_below else None
    help_ = "settings file, huifang.toml by default"
    parser.add_argument("--config", type=Path, metavar="FILE", help=help_, default=otherwise)
    parser.set_defaults(do=do)
    return parser
