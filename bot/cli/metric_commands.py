"""`huifang metrics`: the catalogue, what a change comes to, and how sure a share of so many answers is."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from bot.cli.common import Commands, Options, add_command, call_command, settings_of
from bot.cli.figure_reports import rests_on
from config.values.urls_and_zones import LOCALES

__all__ = ["add_to"]

Json = dict[str, Any]
_COMPARED = ("before", "after", "metric", "by", "of", "change", "pilot")


def add_to(commands: Commands) -> None:
    """Add the command `metrics` with its subcommands."""
    metrics = add_command(
        commands, "metrics", "list every metric with its formula, or one of the commands below", _list
    )
    _formats(metrics)
    below = metrics.add_subparsers(title="commands")
    interval = add_command(below, "interval", "how sure a share is, such as 3 of 3", _interval, is_below=True)
    interval.add_argument("of", metavar="OF", help="how many of them, such as satisfied ones")
    interval.add_argument("n", metavar="N", help="how many answers there are")
    answers = add_command(below, "answers", "how many answers it takes to know a share", _answers, is_below=True)
    answers.add_argument("within", metavar="POINTS", help="to so many points to either side, such as 5")
    answers.add_argument(
        "--share", metavar="PERCENT", default="50", help="what is expected; 50, by default, needs most"
    )
    compare = add_command(
        below, "compare", "figures before and after a change, and what may be said of it", _compare, is_below=True
    )
    compare.add_argument("before", metavar="BEFORE", help="such as 2026-09, or 2026-09-01..2026-10-15")
    compare.add_argument("after", metavar="AFTER", help="the later one, fixed beforehand as well")
    compare.add_argument("--metric", metavar="IDS", default="", help="mean, csat and bad_review_rate by default")
    compare.add_argument("--by", choices=("dimension", "question", ""), default="dimension", help="what each is cut by")
    compare.add_argument("--of", metavar="KEY:VALUE", default="", help="only of these, such as product:AC-300")
    change = "the tag of tickets that the change has reached: later only those count, earlier only others"
    compare.add_argument("--change", metavar="TAG", default="", help=change)
    pilot = "compare a group, such as team:north, with the rest"
    compare.add_argument("--pilot", metavar="KEY:VALUE", default="", help=pilot)
    for command in (interval, answers, compare):
        _formats(command)


def _formats(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text by default")
    command.add_argument("--locale", choices=LOCALES, default="", help="language; that of the settings by default")


def _list(options: Options) -> None:
    found: Json = call_command(options, "metrics")
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    locale = options.locale or settings_of(options).locale
    for metric in found["items"]:
        placed = ", ".join(filter(None, (metric["unit"], f"by {metric['instant']}", metric["hours"])))
        print(f"{metric['id']}  {metric['name'][locale]}  ({placed})")
        print(f"    {metric['formula'][locale]}")
        print(f"    --by {', '.join(metric['by'])}")


def _interval(options: Options) -> None:
    _tell(options, call_command(options, "metrics interval", of=options.of, n=options.n, locale=options.locale))


def _answers(options: Options) -> None:
    wanted = {"within": options.within, "share": options.share, "locale": options.locale}
    _tell(options, call_command(options, "metrics answers", **wanted))


def _tell(options: Options, found: Json) -> None:
    print(json.dumps(found, ensure_ascii=False) if options.format == "json" else found["text"])


def _compare(options: Options) -> None:
    wanted = {name: getattr(options, name) for name in (*_COMPARED, "locale")}
    found: Json = call_command(options, "metrics compare", **wanted)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    windows = (f"{found[name]['from']} to {found[name]['to']}" for name in ("before", "after"))
    print(f"{' | '.join(windows)} ({found['timezone']})")
    for line in (*found["items"], *found["pilots"]):
        print("\n".join(_lines(line)))
    print(found["text"])


def _lines(one: Json) -> Iterator[str]:
    groups = {"pilot": one["pilot"], "rest": one["rest"]} if "pilot" in one else {"": one}
    first = next(iter(groups.values()))["after"]
    yield f"{', '.join(filter(None, first['label'].values())) or 'all'}  {first['name']}"
    for name, group in groups.items():
        sides = (f"{side}: {group[side]['text']}{rests_on(group[side])}" for side in ("before", "after"))
        yield f"  {name}{': ' if name else ''}{'; '.join(sides)}"
        if group["in_both_text"]:
            yield f"    {group['in_both_text']}"
    yield f"  {one['text']}{_by_how_much(one)}"


def _by_how_much(one: Json) -> str:
    difference, p = one["difference"], one["p"]
    parts = []
    if difference is not None:
        known = difference["low"] is not None
        parts.append(f"difference {difference['value']:.2f}")
        parts += [f"{difference['low']:.2f} to {difference['high']:.2f}, {difference['method']}"] if known else []
    parts += [f"p = {p:.4f}, {one['method']}"] if p is not None else []
    return f"  ({'; '.join(parts)})" if parts else ""
