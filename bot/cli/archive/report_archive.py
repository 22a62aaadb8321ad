"""`huifang report archive …`, `report schedules`, `report confirm`: what is kept of reports, and who has seen it."""

import argparse
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.cli.common import Options, call_command, write_whole
from bot.control.protocol import CommandProblem

__all__ = ["ARCHIVE_WORDS", "add_archive_options", "is_about_archive", "keep_in_archive", "run_archive"]

Json = dict[str, Any]
ARCHIVE_WORDS = ("archive", "schedules", "confirm")
"""What may stand where a kind of report does."""
_HELP = "behind archive: list, get ID, link ID, revoke ID; behind confirm: the RUN that schedules prints"


def add_archive_options(report: argparse.ArgumentParser) -> None:
    """Add what the archive needs to the command `report`."""
    report.add_argument("more", metavar="ID", nargs="*", help=_HELP)
    report.add_argument("--archive", action="store_true", help="keep the report, as one format, and print its id")
    report.add_argument("--name", default="", help="of confirm: who has reviewed the report and handed it in")
    report.add_argument("--days", type=int, default=30, metavar="N", help="of link: how long it opens; 30")


def is_about_archive(options: Options) -> bool:
    """Return whether a command is about what is kept. Raises CommandProblem for words that belong to nothing."""
    if options.kind in ARCHIVE_WORDS:
        return True
    if options.more:
        raise CommandProblem(f"{' '.join(options.more)!r} belongs to nothing: one kind of report at a time")
    return False


def keep_in_archive(options: Options) -> None:
    """Make a report and keep it, and print its id. Raises CommandProblem."""
    if options.format == "text":
        raise CommandProblem("the archive keeps no text: add --format html, xlsx, pdf, png, csv or json")
    asked = {"kind": str(options.kind), "period": options.period, "of": options.of, "formats": [options.format]}
    asked |= {"cut": options.by, "metric": options.metric, "locale": options.locale or None}
    kept = call_command(options, "report archive keep", **asked)
    print(f"{_line(kept)}{'' if kept['created'] else '  (nothing has changed since)'}")


def run_archive(options: Options) -> None:
    """Run a command on what is kept. Raises CommandProblem."""
    words = tuple(options.more)
    if options.kind != "archive":
        words = (options.kind, *words)
    does = _COMMANDS.get(words[0] if words else "")
    if does is None or len(words) != does[1]:
        raise CommandProblem(f"write one of: {', '.join(told for _, _, told in _COMMANDS.values())}")
    does[0](options, words[-1])


def _list(options: Options, _word: str) -> None:
    cursor: str | None = ""
    is_any = options.format == "json"
    while cursor is not None:
        page = call_command(options, "report archive list", period=options.period, cursor=cursor)
        cursor = page["next"]
        for one in page["items"]:
            print(json.dumps(one, ensure_ascii=False) if options.format == "json" else _line(one))
        is_any = is_any or bool(page["items"])
    if not is_any:
        print("The archive has no such report.")


def _get(options: Options, report: str) -> None:
    form = "" if options.format == "text" else options.format
    found = call_command(options, "report archive get", report=report, format=form)
    file = options.file or Path(f"{report}.{found['format']}")
    write_whole(file, b64decode(found["content"]))
    print(f"The report is in {file}, SHA-256 {found['sha256']}.")


def _link(options: Options, report: str) -> None:
    found = call_command(options, "report archive link", report=report, days=options.days)
    print(f"{found['url']}\nAnybody who has it reads the report for {found['days']} days.")


def _revoke(options: Options, report: str) -> None:
    call_command(options, "report archive revoke", report=report)
    print("No link that was given until now opens it any more.")


def _confirm(options: Options, run: str) -> None:
    if not options.name:
        raise CommandProblem("say who has reviewed it and handed it in: add --name NAME")
    found = call_command(options, "report confirm", run=run, by=options.name)
    print(f"{found['period']} was confirmed by {found['confirmed_by']} at {found['confirmed_at']}.")


def _schedules(options: Options, _word: str) -> None:
    items: list[Json] = call_command(options, "report schedules")["items"]
    for one in items:
        print(json.dumps(one, ensure_ascii=False) if options.format == "json" else _schedule(one))
    if not items and options.format != "json":
        print("There are no [[reports]] in rules.toml.")


_COMMANDS: Mapping[str, tuple[Callable[[Options, str], None], int, str]] = {
    "list": (_list, 1, "report archive list"),
    "get": (_get, 2, "report archive get ID"),
    "link": (_link, 2, "report archive link ID"),
    "revoke": (_revoke, 2, "report archive revoke ID"),
    "schedules": (_schedules, 1, "report schedules"),
    "confirm": (_confirm, 2, "report confirm RUN --name NAME"),
}
"""What each does, how many words it has, and how it is written."""


def _line(one: Json) -> str:
    what = f"{one['id']}  {one['period']}  {one['kind']}{' ' + one['of'] if one['of'] else ''}"
    return f"{what}  revision {one['revision']}  {one['at']}  {one['by']}"


def _schedule(one: Json) -> str:
    last = one["last"]
    upcoming = f"{one['kind']} every {one['every']}  next {one['next_period']} at {one['next_at']}"
    return f"{one['name']}  {upcoming}  last: {'nothing yet' if last is None else _last(last)}"


def _last(run: Json) -> str:
    parts = [run["period"], run["outcome"], run["report"] or ""]
    if run["due_at"]:
        is_open = not run["confirmed_by"]
        parts.append(f"due {run['due_at']} ({run['id']})" if is_open else f"confirmed by {run['confirmed_by']}")
    return " ".join(filter(None, parts))
