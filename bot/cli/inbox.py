"""`huifang inbox …`: deliveries that could not be decided."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.common import (
    Commands,
    Options,
    add_command,
    add_group,
    call_command,
    make_sure,
    print_problems,
    settings_of,
)
from bot.control.protocol import CommandProblem

__all__ = ["add_to"]

Json = dict[str, Any]


def add_to(commands: Commands) -> None:
    """Add the command `inbox`."""
    inbox = add_group(commands, "inbox", "deliveries that could not be decided")
    listed = add_command(inbox, "list", "list what is kept as failed, oldest first", _list)
    listed.add_argument("id", metavar="ID", nargs="?", default="", help="only this one, which may be done")
    listed.add_argument("--channel", metavar="NAME", default="", help="only those of this channel, such as telegram")
    listed.add_argument("--raw", action="store_true", help="show what came, in which customers' words may stand")
    retry = add_command(inbox, "retry", "decide one again, or all; what fails again is kept", _retry)
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("id", metavar="ID", nargs="?", default="", help="as `huifang inbox list` shows it")
    which.add_argument("--all", action="store_true", help="all that are kept as failed")
    drop = add_command(inbox, "drop", "give one up: its content is deleted, it is never tried again", _drop)
    drop.add_argument("id", metavar="ID", help="as `huifang inbox list` shows it")
    drop.add_argument("--yes", action="store_true", help="do not ask back")
    for command in (listed, retry, drop):
        command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")


def _list(options: Options) -> None:
    zone, number = ZoneInfo(settings_of(options).timezone), 0
    wanted = {"id": options.id, "channel": options.channel, "raw": options.raw}
    for page in _pages(options, "inbox list", **wanted):
        for delivery in page["items"]:
            number += 1
            print(_json(delivery) if options.format == "json" else _text(delivery, zone))
    if not number and options.format == "text":
        print("Nothing is kept as failed.")


def _pages(options: Options, name: str, **arguments: object) -> Iterator[Json]:
    """Yield the pages of a command's result, of which each one's `next` is the cursor of the one after it."""
    cursor: str | None = ""
    while cursor is not None:
        page = call_command(options, name, cursor=cursor, **arguments)
        yield page
        cursor = page["next"]


def _text(delivery: Json, zone: ZoneInfo) -> str:
    attempts = delivery["attempts"]
    last = _moment(delivery["last_attempt_at"], zone)
    tries = "tried once" if attempts == 1 else f"tried {attempts} times, last {last}"
    columns = (delivery["id"], _moment(delivery["at"], zone), delivery["outcome"], delivery["door"])
    line = "  ".join(filter(None, (*columns, delivery["why"], f"{delivery['size']} bytes", tries)))
    return line if delivery["raw"] is None else f"{line}\n    {_shown(delivery['raw'])}"


def _shown(raw: Json) -> str:
    """Return what came as one line; what would move a terminal's cursor is escaped."""
    shown = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in raw["body"])
    return shown if raw["encoding"] == "utf-8" else f"{raw['encoding']}: {shown}"


def _retry(options: Options) -> int:
    done, failed = 0, list[Json]()
    for page in _pages(options, "inbox retry", id=options.id):
        done += page["done"]
        failed += [item for item in page["items"] if item["why"]]
        if options.format == "json":
            for item in page["items"]:
                print(_json(item))
    if options.format == "text":
        print(_told(options.id, done, len(failed)))
    return print_problems([CommandProblem(f"{item['id']}: {item['why']}") for item in failed]) if failed else 0


def _told(one: str, done: int, failed: int) -> str:
    if one:
        return f"{one} is decided." if done else f"{one} is kept."
    if not done + failed:
        return "Nothing is kept as failed."
    return f"Decided: {done}. Kept as failed: {failed}."


def _drop(options: Options) -> None:
    if not options.yes:
        make_sure(options.id, "drop it", "nothing was dropped")
    dropped = call_command(options, "inbox drop", id=options.id)
    if options.format == "json":
        print(_json(dropped))
    elif dropped["dropped"]:
        print(f"{dropped['id']} is dropped.")
    else:
        print(f"{dropped['id']} was done already, nothing was dropped.")


def _json(told: Json) -> str:
    return json.dumps(told, ensure_ascii=False)


def _moment(written: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(written).astimezone(zone):%Y-%m-%d %H:%M:%S} {zone.key}"
