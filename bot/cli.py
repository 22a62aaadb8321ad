"""The command line: `huifang …`. Exit codes: 0 done, 1 a problem told in one line each, 2 usage.

Importing the service takes a second, so only the commands that need it do: the others answer at once.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.clock import SystemClock
from bot.trial import try_survey
from config.definitions import lint, read_survey
from config.errors import ConfigError, ConfigErrors
from config.loading import load
from config.phrases import load_phrases
from config.settings import Settings
from dialogs.draw import document
from dialogs.interview import INTERVIEW
from dialogs.invitation import INVITATION
from dialogs.issue import ISSUE
from storage.errors import InUse, SchemaMismatch, Unavailable

__all__ = ["main"]

MACHINES = (INVITATION, INTERVIEW, ISSUE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; every problem is a readable line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.do(options) or 0)
    except ConfigErrors as wrong:
        return _complain(wrong.errors)
    except (ConfigError, InUse, SchemaMismatch, Unavailable, ValueError, OSError) as problem:
        return _complain([problem])
    except KeyboardInterrupt:
        return 0


def _complain(problems: Sequence[Exception]) -> int:
    for problem in problems:
        print(f"huifang: {problem}", file=sys.stderr)
    return 1


def _settings(options: argparse.Namespace) -> Settings:
    return load(os.environ, options.config, Path.cwd())


def _run(options: argparse.Namespace) -> None:
    from bot.app import ROLES, serve  # noqa: PLC0415 (slow, see above)

    serve(_settings(options), options.roles or ROLES)


def _migrate(options: argparse.Namespace) -> None:
    from storage.migrate import upgrade  # noqa: PLC0415 (slow, see above)

    url = _settings(options).database.url.get_secret_value()
    asyncio.run(upgrade(url))
    print("The database is up to date.")


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import PROBLEM, examine  # noqa: PLC0415 (slow, see above)

    findings = asyncio.run(examine(os.environ, options.config, Path.cwd()))
    for finding in findings:
        print(finding)
    if not findings:
        print("No problems found.")
    return int(any(finding.level == PROBLEM for finding in findings))


def _survey_check(options: argparse.Namespace) -> int:
    """Say of every file whether it is well; a warning does not fail."""
    failed = False
    for path in options.files:
        try:
            survey = read_survey(path)
        except (ConfigError, ConfigErrors) as wrong:
            failed = True
            _complain(wrong.errors if isinstance(wrong, ConfigErrors) else [wrong])
            continue
        print(f"{path}: {survey.id} version {survey.version}, {len(survey.questions)} questions")
        for warning in lint(survey):
            print(f"{path}: warning: {warning}")
    return int(failed)


def _survey_try(options: argparse.Namespace) -> None:
    settings = _settings(options)
    survey, phrases = read_survey(options.file), load_phrases(settings.files.directory, options.locale)
    trial = try_survey(survey, phrases, settings.alerts.rule(), SystemClock(), print)
    next(trial)
    for line in sys.stdin:
        try:
            trial.send(line.rstrip("\n"))
        except StopIteration:
            return


def _draw(_options: argparse.Namespace) -> None:
    print(document(MACHINES), end="")


def _roles(text: str) -> tuple[str, ...]:
    from bot.app import ROLES  # noqa: PLC0415 (slow, see above)

    roles = tuple(role.strip() for role in text.split(","))
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown role {unknown[0]!r}; choose from {', '.join(ROLES)}")
    return roles


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="huifang", description="服务回访机器人 · Closes the loop with customers in chat."
    )
    commands = parser.add_subparsers(required=True)
    run = _command(commands, "run", "run the service", _run)
    run.add_argument("--roles", type=_roles, help="some of web,poll,send,tick; all by default")
    _command(commands, "migrate", "bring the database schema up to date", _migrate)
    _command(commands, "doctor", "check settings, database, credentials", _doctor)
    _command(commands, "draw", "print the state machines as Mermaid", _draw)
    survey = commands.add_parser("survey", help="check or try a survey definition")
    surveys = survey.add_subparsers(required=True)
    check = _command(surveys, "check", "validate definitions", _survey_check)
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    trial = _command(surveys, "try", "answer a survey in the terminal", _survey_try)
    trial.add_argument("file", type=Path, metavar="FILE")
    trial.add_argument("--locale", default="zh-Hans", help="language to ask in")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_: str,
    do: Callable[[argparse.Namespace], int | None],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_, description=help_)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings file, huifang.toml by default")
    parser.set_defaults(do=do)
    return parser
