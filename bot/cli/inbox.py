"""`huifang inbox …`: deliveries that could not be decided."""

import sys
from typing import Any

from bot.cli.common import Commands, Options, add_command, add_group, call_command
from bot.control.protocol import CommandProblem

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add the command `inbox`."""
    inbox = add_group(commands, "inbox", "deliveries that could not be decided")
    add_command(inbox, "list", "list what is kept as failed, oldest first", _list)
    drop = add_command(inbox, "drop", "give one up: its content is deleted, it is never tried again", _drop)
    drop.add_argument("id", metavar="ID", help="as `huifang inbox list` shows it")
    drop.add_argument("--yes", action="store_true", help="do not ask back")


def _list(options: Options) -> None:
    deliveries = call_command(options, "inbox list")
    for delivery in deliveries:
        print(_line(delivery))
    if not deliveries:
        print("Nothing is kept as failed.")


def _line(delivery: dict[str, Any]) -> str:
    return "  ".join(str(delivery[name]) for name in ("id", "at", "door", "why")) + f"  {delivery['size']} bytes"


def _drop(options: Options) -> None:
    if not options.yes:
        _make_sure(options.id)
    dropped = call_command(options, "inbox drop", id=options.id)
    print(f"{dropped['id']} is dropped.")


def _make_sure(delivery: str) -> None:
    if not sys.stdin.isatty():
        raise CommandProblem("this cannot be undone: add --yes")
    print(f"This cannot be undone. Type {delivery} to drop it: ", end="", flush=True)
    if sys.stdin.readline().strip() != delivery:
        raise CommandProblem("nothing was dropped")
