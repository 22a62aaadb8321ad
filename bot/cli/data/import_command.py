"""`huifang import`: tables from outside, with a trial, the mistakes beside the file, and the way back."""

import asyncio
import gc
import getpass
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.common import Commands, Options, add_command, add_group, call_command, settings_of
from bot.cli.progress import progress_bar
from bot.control.protocol import CommandProblem
from bot.control.socket_client import ask_service
from bot.process.interrupts import run_interruptible
from config.settings.settings import Settings

__all__ = ["ProgressLine", "add_to"]

Json = dict[str, Any]
_KINDS = {
    "tickets": "tickets with their customers",
    "responses": "what customers answered elsewhere",
    "reviews": "public reviews with their stars",
    "contacts": "customers with their addresses and chats",
    "surveys": "versions of surveys that an export brings, to which its responses belong",
    "assessments": "sheets that people have filled about others",
}
_LOOKS_EVERY = 0.3
_LINES_EVERY = 30
"""Looks between two lines where there is no terminal."""
_WIDTH = 100
Say = Callable[..., str]
"""What says a phrase of `import` in the language of the settings."""
_COLLECT_AFTER = 100_000
"""Objects made and kept before young garbage is looked for: rows form no cycles."""


def add_to(commands: Commands) -> None:
    """Add the command `import`."""
    group = add_group(commands, "import", "tables from outside: CSV files and workbooks")
    for kind, help_ in _KINDS.items():
        command = add_command(group, kind, help_, _import)
        command.set_defaults(kind=kind)
        command.add_argument("file", type=Path, metavar="FILE", help="a CSV file, or an .xlsx workbook")
        command.add_argument("--map", type=Path, metavar="FILE", help="what columns mean, as TOML or JSON")
        command.add_argument("--dry-run", action="store_true", help="show what is understood, and store nothing")
        command.add_argument("--take-good", action="store_true", help="where rows are wrong, take the others")
        command.add_argument("--by", default="", metavar="NAME", help="who imports it; you, by default")
    undo = add_command(group, "undo", "take an import back", _undo)
    undo.add_argument("id", metavar="ID", help="the import, as `huifang import list` shows it")
    add_command(group, "list", "what was imported", _list)


def _import(options: Options) -> int:
    path: Path = options.file.absolute()
    if not path.is_file():
        raise CommandProblem(f"{options.file} is no file")
    arguments = {
        "kind": options.kind,
        "path": str(path),
        "by": options.by or getpass.getuser(),
        "map": _map_text(options.map) if options.map is not None else "",
        "map_name": options.map.name if options.map is not None else "",
        "take_good": options.take_good,
        "dry_run": options.dry_run,
    }
    settings = settings_of(options)
    say = _sayer(settings)
    told = _followed(settings, say, "import start", arguments)
    _print_understood(told, say, whole=options.dry_run)
    return _print_outcome(told, say, options)


def _sayer(settings: Settings) -> Say:
    """Return what speaks the language of whoever imports. Raises ConfigErrors."""
    from config.locale.phrases import load_phrases  # noqa: PLC0415 (slow, see the package)

    phrases = load_phrases(settings.files.directory, settings.locale)

    def say(key: str, **values: object) -> str:
        return phrases.say(settings.locale, f"import.{key}", **values)

    return say


def _map_text(path: Path) -> str:
    """Return the owner's file of columns. Raises CommandProblem, and OSError."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandProblem(f"{path} is not UTF-8: save it so") from None


def _undo(options: Options) -> None:
    settings = settings_of(options)
    say = _sayer(settings)
    why = _followed(settings, say, "import undo", {"id": options.id})["import"]["why"]
    print(say("taken_back", id=options.id, why=f"; {why}" if why else ""))


def _list(options: Options) -> None:
    settings = settings_of(options)
    zone, say = ZoneInfo(settings.timezone), _sayer(settings)
    for one in call_command(options, "import list")["items"]:
        begun = datetime.fromisoformat(one["started_at"]).astimezone(zone)
        state = say(f"state.{one['state']}")
        how = say("listed", state=state, added=one["added"], same=one["same"], bad=one["refused"])
        why = f"; {one['why']}" if one["why"] else ""
        print(f"{one['id']}  {begun:%Y-%m-%d %H:%M}  {one['kind']}  {one['file']}  {how}{why}")


def _followed(settings: Settings, say: Say, command: str, arguments: Json) -> Json:
    """Run a job in the service, or here where none runs, and return how it ended. Raises what it fails at."""
    started = ask_service(settings, command, arguments)
    if started is None:
        return run_interruptible(lambda: _by_ourselves(settings, say, command, arguments))
    line = ProgressLine(say)
    while True:
        found = ask_service(settings, "import look", started.gave)
        if found is None:
            raise CommandProblem("the service has gone; the same command again goes on where it was")
        told: Json = found.gave
        if told["is_over"]:
            line.end()
            return told
        line.show(told)
        time.sleep(_LOOKS_EVERY)


async def _by_ourselves(settings: Settings, say: Say, command: str, arguments: Json) -> Json:
    from bot.control.data.import_commands import IMPORT_COMMANDS  # noqa: PLC0415 (slow: only where no service does it)
    from bot.control.execute import execute  # noqa: PLC0415 (as above)
    from bot.control.protocol import CommandRequest  # noqa: PLC0415 (as above)
    from bot.wiring.services import open_services  # noqa: PLC0415 (as above)

    async with open_services(settings) as services:
        gc.freeze()  # what is loaded by now stays; to look through it again and again takes a sixth of an import
        gc.set_threshold(_COLLECT_AFTER)

        async def call(name: str, given: Json) -> Json:
            reply = await execute(services, IMPORT_COMMANDS, CommandRequest(name, given))
            if reply.problem:
                raise CommandProblem(reply.problem)
            gave: Json = reply.gave
            return gave

        return await _until_over(call, await call(command, {**arguments, "alone": True}), ProgressLine(say))


async def _until_over(call: Callable[[str, Json], Awaitable[Json]], job: Json, line: "ProgressLine") -> Json:
    while not (told := await call("import look", job))["is_over"]:
        line.show(told)
        await asyncio.sleep(_LOOKS_EVERY)
    line.end()
    return told


class ProgressLine:
    """How far it is: a bar on a terminal, and a line now and then elsewhere."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._is_terminal = sys.stderr.isatty()
        self._looks = 0

    def show(self, told: Json) -> None:
        """Show it."""
        total = told["rows"]
        of, phase = self._say("of", rows=total) if total else "", self._say(f"phase.{told['phase']}")
        text = self._say("progress", phase=phase, done=told["done"], of=of, bad=told["refused"])
        if self._is_terminal:
            print(f"\r{progress_bar(told['done'], total)} {text}".ljust(_WIDTH), end="", file=sys.stderr, flush=True)
        elif self._looks % _LINES_EVERY == _LINES_EVERY - 1:
            print(text, file=sys.stderr, flush=True)
        self._looks += 1

    def end(self) -> None:
        """End the line of the bar."""
        if self._is_terminal and self._looks:
            print(file=sys.stderr)


def _print_understood(told: Json, say: Say, *, whole: bool) -> None:
    unread = [header for header, name in told["columns"] if header and not name]
    if whole:
        for header, name in told["columns"]:
            print(f"{header or say('no_header')} -> {name or say('unread')}")
        for row in told["first"]:
            understood = ", ".join(f"{name}={value}" for name, value in row.items() if name != "row")
            print(say("understood", row=row["row"], values=understood))
    elif unread:
        print(say("not_read", columns=", ".join(unread)))


def _print_outcome(told: Json, say: Say, options: Options) -> int:
    for one in told["mistakes"]:
        value = f" {one['value']!r}" if one["value"] else ""
        print(say("row", **one | {"value": value}), file=sys.stderr)
    bad = told["refused"]
    if bad:
        print(say("wrong", bad=bad, rows=told["rows"], file=told["errors"]), file=sys.stderr)
    added, same = told["added"], told["same"]
    if options.dry_run:
        print(say("tried", rows=told["rows"], added=added, same=same, bad=bad))
    elif bad and not options.take_good:
        print(say("none_taken"), file=sys.stderr)
    else:
        print(say("taken", id=told["import"]["id"], added=added, same=same))
    return int(bool(bad) and not options.take_good)
