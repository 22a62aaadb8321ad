"""`huifang text phrases`, `proposals`, `map`, `ignore` and `unmap`: what customers write, by phrase."""

import json
from functools import partial
from typing import Any

from bot.cli.common import Commands, Options, add_command, call_command

__all__ = ["add_phrase_commands"]

Json = dict[str, Any]


def add_phrase_commands(text: Commands) -> None:
    """Add the commands on phrases to the command `text`."""
    phrases = add_command(text, "phrases", "a period's phrases: customers, means, impact on the score", _phrases)
    phrases.add_argument("--period", metavar="PERIOD", default="", help="such as 2026-10; the current month by default")
    phrases.add_argument("--by", metavar="KEY", default="", help="one key, such as team, agent, product or category")
    proposals = add_command(text, "proposals", "phrases that many customers use and no lexicon has", _proposals)
    proposals.add_argument("--state", choices=("proposed", "mapped", "ignored"), default="proposed")
    mapped = add_command(text, "map", "say what a phrase speaks of", partial(_decide, "map"))
    ignored = add_command(text, "ignore", "say that a phrase speaks of nothing", partial(_decide, "ignore"))
    unmapped = add_command(text, "unmap", "take back what was decided about a phrase", partial(_decide, "unmap"))
    for command in (mapped, ignored, unmapped):
        command.add_argument("phrase", metavar="PHRASE")
        command.add_argument("--by", metavar="NAME", help="who decides: of the roster; the command line by default")
    mapped.add_argument("dimension", metavar="DIMENSION", help="such as response_speed, attitude or fee")
    mapped.add_argument("--polarity", choices=("negative", "neutral", "positive"), default="negative")
    for command in (phrases, proposals, mapped, ignored, unmapped):
        command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON")


def _phrases(options: Options) -> None:
    found: Json = call_command(options, "text phrases", period=options.period, by=options.by)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    provisional = "  provisional: the period is not over" if found["provisional"] else ""
    print(f"{found['period']} ({found['timezone']}){provisional}")
    for cut in found["cuts"]:
        label = ", ".join(f"{key} {value or '-'}" for key, value in cut["cut"].items()) or "all"
        print(f"\n{label}  ({cut['comments']} comments of {cut['customers']} customers)")
        for one in cut["phrases"]:
            print("\n".join(_phrase_lines(one)))
        if cut["withheld"]:
            print(f"  {cut['withheld']} more, of too few customers to be told")


def _phrase_lines(one: Json) -> list[str]:
    means = [f"mean {one['mean']:.2f}"] if one["mean"] is not None else []
    means += [f"{one['dimension']} {one['dimension_mean']:.2f}"] if one["dimension_mean"] is not None else []
    told = [one["phrase"], one["dimension"] or "-", one["polarity"], f"{one['customers']} customers", *means]
    told.append(f"{one['customers_before']} before, {one['trend'].replace('_', ' ')}")
    impact = one["impact"]
    costs = "    impact: too few customers"
    if impact is not None:
        ends = f"{impact['low']:+.2f} to {impact['high']:+.2f}, n = {impact['n_with']} and {impact['n_without']}"
        costs = f"    impact {impact['difference']:+.2f} ({ends}), {impact['on_mean']:+.2f} on the mean"
    behind = f"    behind it: {', '.join(one['responses'][-5:])}"
    return ["  " + "  ".join(told), costs, *(f"    “{each}”" for each in one["examples"]), behind]


def _proposals(options: Options) -> None:
    for one in call_command(options, "text proposals", state=options.state)["items"]:
        _print(one, options)


def _decide(what: str, options: Options) -> None:
    given: Json = {"phrase": options.phrase} | ({"by": options.by} if options.by else {})
    if what == "map":
        given |= {"dimension": options.dimension, "polarity": options.polarity}
    _print(call_command(options, f"text {what}", **given), options)


def _print(one: Json, options: Options) -> None:
    if options.format == "json":
        print(json.dumps(one, ensure_ascii=False))
        return
    meaning = [one["dimension"], one["polarity"]] if one["dimension"] else []
    by = [f"by {one['by']}"] if one["by"] else []
    print("  ".join([one["phrase"], one["state"], *meaning, f"{one['customers']} customers", *by]))
