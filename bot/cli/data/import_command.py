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
    told = _followed(settings_of(options), "import start", arguments)
    _print_understood(told, whole=options.dry_run)
    return _print_outcome(told, options)


def _map_text(path: Path) -> str:
    """Return the owner's file of columns. Raises CommandProblem, and OSError."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandProblem(f"{path} is not UTF-8: save it so") from None


def _undo(options: Options) -> None:
    told = _followed(settings_of(options), "import undo", {"id": options.id})
    why = told["import"]["why"]
    print(f"Import {options.id} is taken back{f'; {why}' if why else ''}.")


def _list(options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    for one in call_command(options, "import list")["items"]:
        begun = datetime.fromisoformat(one["started_at"]).astimezone(zone)
        counts = f"{one['added']} added, {one['same']} there already, {one['refused']} wrong"
        why = f"; {one['why']}" if one["why"] else ""
        print(f"{one['id']}  {begun:%Y-%m-%d %H:%M}  {one['kind']}  {one['file']}  {one['state']}: {counts}{why}")


def _followed(settings: Settings, command: str, arguments: Json) -> Json:
    """Run a job in the service, or here where none runs, and return how it ended. Raises what it fails at."""
    started = ask_service(settings, command, arguments)
    if started is None:
        return run_interruptible(lambda: _by_ourselves(settings, command, arguments))
    line = ProgressLine()
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


async def _by_ourselves(settings: Settings, command: str, arguments: Json) -> Json:
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

        return await _until_over(call, await call(command, {**arguments, "alone": True}))


async def _until_over(call: Callable[[str, Json], Awaitable[Json]], job: Json) -> Json:
    line = ProgressLine()
    while not (told := await call("import look", job))["is_over"]:
        line.show(told)
        await asyncio.sleep(_LOOKS_EVERY)
    line.end()
    return told


class ProgressLine:
    """How far it is: a bar on a terminal, and a line now and then elsewhere."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._looks = 0

    def show(self, told: Json) -> None:
        """Show it."""
        total = told["rows"]
        of = f" of {total}" if total else ""
        text = f"{told['phase']} {told['done']}{of} rows, {told['refused']} wrong"
        if self._is_terminal:
            print(f"\r{progress_bar(told['done'], total)} {text}".ljust(_WIDTH), end="", file=sys.stderr, flush=True)
        elif self._looks % _LINES_EVERY == _LINES_EVERY - 1:
            print(text, file=sys.stderr, flush=True)
        self._looks += 1

    def end(self) -> None:
        """End the line of the bar."""
        if self._is_terminal and self._looks:
            print(file=sys.stderr)


def _print_understood(told: Json, *, whole: bool) -> None:
    unread = [header for header, name in told["columns"] if header and not name]
    if whole:
        for header, name in told["columns"]:
            print(f"{header or '(no header)'} -> {name or 'not read'}")
        for row in told["first"]:
            understood = ", ".join(f"{name}={value}" for name, value in row.items() if name != "row")
            print(f"row {row['row']}: {understood}")
    elif unread:
        print(f"Not read: {', '.join(unread)}")


def _print_outcome(told: Json, options: Options) -> int:
    for one in told["mistakes"]:
        value = f" {one['value']!r}" if one["value"] else ""
        print(f"row {one['row']}, {one['column']}{value}: {one['problem']}; {one['fix']}", file=sys.stderr)
    bad = told["refused"]
    if bad:
        print(f"{bad} of {told['rows']} rows are wrong; {told['errors']} says which and why.", file=sys.stderr)
    counts = f"{told['added']} added, {told['same']} there already"
    if options.dry_run:
        print(f"Nothing is stored. Of {told['rows']} rows: {counts.replace('added', 'would be added')}, {bad} wrong.")
    elif bad and not options.take_good:
        print("None is taken. Mend them, or add --take-good to take the others.", file=sys.stderr)
    else:
        print(f"Import {told['import']['id']}: {counts}.")
    return int(bool(bad) and not options.take_good)
