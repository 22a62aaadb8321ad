"""`huifang finding …`: what is to be improved, its measure, whether that helped, and who is told."""

import argparse
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.common import Commands, Options, add_command, add_group, call_command, settings_of

__all__ = ["add_to"]

Json = dict[str, Any]
_STEPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "plan": (
        "say what is changed, by whom until when, and by which metric it is verified",
        ("measure", "metric", "target", "owner", "due", "cut", "pilot", "baseline", "verify"),
    ),
    "done": ("report that the measure was carried out", ()),
    "verify": ("look at the metric in the window, once that is over", ()),
    "wait": ("let a verification with too few answers end later", ("until",)),
    "tell": ("tell every customer who raised it what was changed, once", ("words",)),
    "dismiss": ("end it without telling anybody", ("note",)),
}


def add_to(commands: Commands) -> None:
    """Add the command `finding`."""
    group = add_group(commands, "finding", "what is to be improved, its measure, and what came of it")
    listed = add_command(group, "list", "list findings, oldest first", _list)
    listed.add_argument("--status", default="", metavar="STATUS", help="only those, such as open, planned or overdue")
    listed.add_argument("--department", default="", metavar="NAME", help="only those of one department")
    _finding(add_command(group, "show", "show one with the customers who raised it", _show))
    opened = add_command(group, "open", "open a finding", _open)
    opened.add_argument("text", metavar="TEXT", help="what was found, in a sentence")
    for name, help_ in (("--department", "who has to see to it"), ("--by", "who has found it")):
        opened.add_argument(name, required=True, metavar="NAME", help=help_)
    opened.add_argument("--kind", default="suggestion", metavar="KIND", help="such as suggestion, low_item, audit")
    opened.add_argument("--dimension", metavar="ID", help="what it is about, such as response_speed")
    for name in ("response", "issue", "customer"):
        help_ = f"the id of a {name} that raised it; several times"
        opened.add_argument(f"--{name}", dest=f"{name}s", action="append", default=[], metavar="ID", help=help_)
    sheet = add_command(group, "from-sheet", "open one from what is written on a sheet", _from_sheet)
    sheet.add_argument("sheet", metavar="SHEET", help="its id, as `huifang assess` shows it")
    sheet.add_argument("--by", required=True, metavar="NAME", help="who wants it followed")
    sheet.add_argument("--field", default="", metavar="ID", help="where the words stand; the field that its form marks")
    sheet.add_argument("--department", default="", metavar="NAME", help="who has to see to it; whom the sheet is about")
    for name, (help_, fields) in _STEPS.items():
        step = _finding(add_command(group, name, help_, partial(_step, name, fields)))
        step.add_argument("--by", required=True, metavar="NAME", help="who does it")
        for field in fields:
            _FIELDS[field](step)
    for command in group.choices.values():
        command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")


def _finding(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("finding", metavar="ID", help="its id, as `huifang finding list` shows it")
    return parser


def _text(name: str, metavar: str, help_: str, *, is_needed: bool = True) -> Any:  # noqa: ANN401 (adds an argument)
    return lambda parser: parser.add_argument(f"--{name}", required=is_needed, metavar=metavar, help=help_)


def _pairs(name: str, metavar: str, help_: str) -> Any:  # noqa: ANN401 (adds an argument)
    return lambda parser: parser.add_argument(
        f"--{name}", action="append", default=[], type=_pair, metavar=metavar, help=help_
    )


def _pair(text: str) -> tuple[str, str]:
    name, between, value = text.partition("=")
    if not (name and between and value):
        raise argparse.ArgumentTypeError(f"{text!r}: write NAME=VALUE")
    return name, value


_FIELDS: Mapping[str, Any] = {
    "measure": _text("measure", "TEXT", "what is changed"),
    "metric": _text("metric", "ID", "what has to get better: one of `huifang metrics`"),
    "target": lambda parser: parser.add_argument(
        "--target", required=True, type=float, metavar="NUMBER", help="what it has to reach, in its unit"
    ),
    "owner": _text("owner", "NAME", "who changes it"),
    "due": _text("due", "DAY", "the last day for it, such as 2026-12-15"),
    "cut": _pairs("cut", "KEY=VALUE", "of whom the metric is, such as team=north; up to two"),
    "pilot": _pairs("pilot", "KEY=VALUE", "the group that begins, compared with the rest"),
    "baseline": _text("baseline", "PERIOD", "what it is compared with; the last 30 days", is_needed=False),
    "verify": _text("verify", "PERIOD", "when it is looked at; the 30 days after DAY", is_needed=False),
    "until": _text("until", "TIME", "such as 2027-02-01T00:00:00+08:00"),
    "words": _pairs("words", "LANGUAGE=TEXT", "what customers read; the measure's own text by default"),
    "note": _text("note", "TEXT", "why"),
}
_MAPPED = ("cut", "pilot", "words")


def _list(options: Options) -> None:
    cursor: str | None = ""
    while cursor is not None:
        given = {"status": options.status, "department": options.department, "cursor": cursor}
        page = call_command(options, "finding list", **given)
        cursor = page["next"]
        for one in page["items"]:
            _print(one, options)


def _show(options: Options) -> None:
    told = call_command(options, "finding show", finding=options.finding)
    _print(told, options)
    if options.format == "text":
        for voice in told["voices"]:
            print(f"  {voice['customer']}  {voice['said']}".rstrip())


def _open(options: Options) -> None:
    names = ("text", "department", "by", "kind", "responses", "issues", "customers", "dimension")
    _print(call_command(options, "finding open", **{name: getattr(options, name) for name in names}), options)


def _from_sheet(options: Options) -> None:
    given = {name: getattr(options, name) for name in ("sheet", "by", "field", "department")}
    _print(call_command(options, "finding from-sheet", **given), options)


def _step(name: str, fields: tuple[str, ...], options: Options) -> None:
    given = {"finding": options.finding, "by": options.by}
    given |= {field: getattr(options, field) for field in fields if getattr(options, field) is not None}
    given |= {field: dict(given[field]) for field in _MAPPED if field in given}
    _print(call_command(options, f"finding {name}", **given), options)


def _print(told: Json, options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    print(json.dumps(told, ensure_ascii=False) if options.format == "json" else _line(told, zone))


def _line(told: Json, zone: ZoneInfo) -> str:
    parts = [told["id"], told["status"], told["kind"], told["department"], told["text"]]
    measure = told["measure"]
    if measure is not None:
        parts += [f"{measure['measure']} by {measure['owner']} until {_day(measure['due_at'], zone)}"]
        parts += [f"{measure['metric']} {_figure(measure['before'])} to reach {measure['target']:g}"]
    for one in told["results"]:
        effect = "" if one["effect"] is None else f" ({one['effect']:+.2f}{_ends(one)})"
        parts.append(f"{one['verdict']}: {_figure(one['after'])}{effect}")
    return "  ".join(parts)


def _figure(one: Json) -> str:
    value = "none" if one["value"] is None else f"{one['value']:.2f}{_ends(one)}"
    return f"{value}, n={one['n']}"


def _ends(one: Json) -> str:
    return "" if one["low"] is None or one["high"] is None else f" [{one['low']:.2f}, {one['high']:.2f}]"


def _day(moment: str, zone: ZoneInfo) -> str:
    last = datetime.fromisoformat(moment).astimezone(zone)
    return f"{last:%Y-%m-%d %H:%M}"
