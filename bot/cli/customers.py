"""`huifang customer export|forget`: a person's data out, or erased."""

import os
import sys
from pathlib import Path

from bot.cli.common import Commands, Options, command, group, have_done
from bot.control.talk import Problem

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add these commands."""
    customers = group(commands, "customer", "a person's data out, or erased")
    export = command(customers, "export", "write everything held about a person, as JSON", _export)
    export.add_argument("customer", metavar="ID")
    export.add_argument("-o", dest="output", type=Path, metavar="FILE", help="where to; the terminal by default")
    forget = command(customers, "forget", "erase a person: names, words, chats; counts stay", _forget)
    forget.add_argument("customer", metavar="ID")
    forget.add_argument("--yes", action="store_true", help="do not ask back")


def _export(options: Options) -> None:
    held = have_done(options, "customer export", customer=options.customer)
    if options.output is None:
        print(held, end="")
        return
    descriptor = os.open(options.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(held)
    print(f"Everything held about {options.customer} is in {options.output}.")


def _forget(options: Options) -> None:
    if not options.yes:
        _make_sure(options.customer)
    request = have_done(options, "customer forget", customer=options.customer)
    print(f"{options.customer} is forgotten (request {request}).")


def _make_sure(customer: str) -> None:
    if not sys.stdin.isatty():
        raise Problem("this cannot be undone: add --yes")
    if input(f"This cannot be undone. Type {customer} to erase this person: ").strip() != customer:
        raise Problem("nothing was erased")
