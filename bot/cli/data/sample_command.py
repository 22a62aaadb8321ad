"""`huifang sample`: a year of a company's records, to see what figures and reports tell."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from bot.cli.common import Commands, Options, add_command, call_command

__all__ = ["add_to"]

_WIDTH = 30
_WHAT = "load it, show how far it is loaded, or take it out"


def add_to(commands: Commands) -> None:
    """Add the command `sample`."""
    help_ = "load a year of a made-up company, into an empty database or the sandbox; remove takes it out again"
    sample = add_command(commands, "sample", help_, _sample)
    sample.add_argument("what", nargs="?", choices=("load", "show", "remove"), default="load", help=_WHAT)
    sample.add_argument("--seed", type=int, default=7, metavar="NUMBER", help="another number is another company; 7")
    sample.add_argument("--customers", type=int, default=2000, metavar="NUMBER", help="how many customers; 2000")
    sample.add_argument("--months", type=int, default=13, metavar="NUMBER", help="how many months before this one; 13")


def _sample(options: Options) -> None:
    if options.what == "remove":
        is_gone = call_command(options, "sample remove")["removed"]
        print("the sample company is gone" if is_gone else "there is no sample company")
        return
    if options.what == "show":
        print(_standing(call_command(options, "sample show")))
        return
    size = {name: getattr(options, name) for name in ("seed", "customers", "months")}
    told = _followed(lambda: call_command(options, "sample load", **size))
    month = told["month"]
    print(f"the sample company is loaded, up to {month}")
    print(f"next: huifang report review --period {month} --format html -o review.html")


def _standing(told: Mapping[str, Any]) -> str:
    if not told["month"]:
        return "there is no sample company"
    if not told["whole"]:
        return f"the sample company is loaded up to part {told['done']} of {told['of']}: huifang sample goes on"
    return f"the sample company is loaded, up to {told['month']}"


def _followed(load: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Load again and again until everything is; show how far that is where somebody looks."""
    is_terminal = sys.stderr.isatty()
    while not (told := load())["whole"]:
        if is_terminal:
            filled = _WIDTH * told["done"] // told["of"]
            print(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}]", end="", file=sys.stderr, flush=True)
    if is_terminal:
        print(file=sys.stderr)
    return told
