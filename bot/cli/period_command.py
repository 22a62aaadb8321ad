"""`huifang period …`: what was published about a period, and publishing it."""

import json
from typing import Any

from bot.cli.common import Commands, Options, add_command, add_group, call_command
from config.values.urls_and_zones import LOCALES

__all__ = ["add_to"]

Json = dict[str, Any]


def add_to(commands: Commands) -> None:
    """Add the command `period`."""
    group = add_group(commands, "period", "periods whose figures or scores are published, by revision")
    publish = add_command(group, "publish", "freeze a period's figures, or a form's scores", _publish)
    _about(publish)
    publish.add_argument("--by", required=True, metavar="NAME", help="who publishes: an admin or owner of the roster")
    publish.add_argument("--revision", type=int, default=1, metavar="N", help="2 after something has changed; 1")
    publish.add_argument("--reason", metavar="TEXT", help="why there is a later revision; needed from 2 on")
    publish.add_argument("--cut", action="append", metavar="KEYS", help="of figures, as --by of report; several times")
    publish.add_argument("--metric", metavar="IDS", help="of figures, with commas between; all by default")
    publish.add_argument("--subject", action="append", metavar="NAME", help="of scores; everybody with a sheet")
    listed = add_command(group, "list", "list every revision, oldest first", _list)
    listed.add_argument("--period", metavar="PERIOD", default="", help="only of this one")
    show = add_command(group, "show", "a period, what was published, and what has changed since", _show)
    _about(show)
    show.add_argument("--revision", type=int, metavar="N", help="the latest by default")
    for command in (publish, listed, show):
        command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")
        command.add_argument("--locale", choices=LOCALES, default="", help="language; that of the settings by default")


def _about(command: Any) -> None:  # noqa: ANN401 - argparse's parser
    command.add_argument("period", metavar="PERIOD", help="such as 2026-10, 2026-Q4 or 2026-10-01..2026-10-16")
    command.add_argument("--of", metavar="FORM", default="figures", help="the form whose scores; figures by default")


def _publish(options: Options) -> None:
    metrics = options.metric.split(",") if options.metric else None
    given = {"by": options.by, "revision": options.revision, "reason": options.reason, "locale": options.locale or None}
    given |= {"cuts": options.cut, "metrics": metrics, "subjects": options.subject}
    told = call_command(options, "period publish", period=options.period, about=options.of, **given)
    print(json.dumps(told, ensure_ascii=False) if options.format == "json" else _text(told))


def _list(options: Options) -> None:
    cursor: str | None = ""
    while cursor is not None:
        page = call_command(options, "period list", period=options.period, cursor=cursor, locale=options.locale)
        cursor = page["next"]
        for one in page["items"]:
            print(json.dumps(one, ensure_ascii=False) if options.format == "json" else _text(one))


def _show(options: Options) -> None:
    wanted = {"period": options.period, "about": options.of, "revision": options.revision, "locale": options.locale}
    told = call_command(options, "period show", **wanted)
    if options.format == "json":
        print(json.dumps(told, ensure_ascii=False))
        return
    period, published = told["period"], told["publication"]
    days = f"{period['first_day']} ({period['first_weekday']}) to {period['last_day']}, {period['timezone']}"
    print("  ".join(filter(None, (period["period"], days, period["text"]))))
    if published is None:
        print("  nothing is published")
        return
    print(f"  {_text(published)}")
    for one in period["published"]:
        if one["about"] == options.of and one["text"]:
            print(f"  {one['text']}")
    for part in published["content"]:
        for line in _scored(part) if options.of != "figures" else _figures(part):
            print(f"    {line}")


def _figures(part: Json) -> list[str]:
    cut = [", ".join(f"{key} {value or '-'}" for key, value in one["label"].items()) for one in part["figures"]]
    named = zip(cut, part["figures"], strict=True)
    return ["  ".join(filter(None, (label, one["name"], one["text"], f"(n = {one['n']})"))) for label, one in named]


def _scored(part: Json) -> list[str]:
    total = "-" if part["total"] is None else f"{part['total']:.2f}"
    return ["  ".join(filter(None, (part["subject"], total, part["grade"], part["formula"])))]


def _text(told: Json) -> str:
    what = f"{told['period']} {told['about']} revision {told['revision']}"
    published = f"published by {told['by']} at {told['at']}"
    return "  ".join(filter(None, (what, published, told["digest"][:12], told["reason"], told["text"])))
