"""`huifang campaign …`: reminders, surveys and notices to an audience."""

import argparse
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.common import Commands, Options, add_command, add_group, call_command, settings_of
from bot.cli.progress import follow_campaign
from bot.control.socket_client import run_command

__all__ = ["add_to"]

_KINDS = ("reminder", "survey", "notice")
_ACTIONS = {
    "pause": "halt it; what is under way still goes",
    "resume": "let it go on where it halted",
    "cancel": "end it for good",
}


def add_to(commands: Commands) -> None:
    """Add the command `campaign`."""
    campaigns = add_group(commands, "campaign", "reminders, surveys and notices to an audience")
    add_command(campaigns, "list", "list every campaign", _list)
    _describe(add_command(campaigns, "create", "draft a campaign; nothing is sent before it is started", _create))
    _name(add_command(campaigns, "preview", "say whom it would reach, whom it would skip and why", _preview))
    start = _name(add_command(campaigns, "start", "let a draft go: at once, or when its schedule says", _start))
    start.add_argument("--follow", action="store_true", help="show the progress until it is through")
    for action, help_ in _ACTIONS.items():
        _name(add_command(campaigns, action, help_, _do)).set_defaults(action=action)


def _name(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("campaign", metavar="ID", help="its id, or its name where no other has it")
    return parser


def _describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True)
    parser.add_argument("--kind", required=True, choices=_KINDS)
    parser.add_argument("--survey", metavar="ID", help="what a survey campaign asks; survey.default by default")
    parser.add_argument("--text", help="what a notice says, what stands above the question of the others")
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument("--audience", type=_object, metavar="JSON", help="filters as the API takes them")
    whom.add_argument(
        "--filter", dest="filters", action="append", metavar="KEY=VALUE", help="one filter, such as tag=vip; repeatable"
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--at", metavar="TIME", help="once, such as 2026-12-01T10:00")
    when.add_argument("--cron", metavar="RULE", help="again and again: cron, or words such as `monthly last 10:00`")
    parser.add_argument("--timezone", metavar="ZONE", help="the zone of TIME or RULE; `timezone` by default")
    parser.add_argument("--per-minute", type=int, metavar="N", help="at most so many messages a minute")


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"this is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError('write an object, such as {"tags": ["vip"]}')
    return value


def _create(options: Options) -> None:
    names = ("name", "kind", "survey", "text", "audience", "filters", "at", "cron", "timezone", "per_minute")
    wanted = {name: getattr(options, name) for name in names}
    campaign = call_command(options, "campaign create", **wanted)
    print(f"Drafted {campaign['id']}. Look at it with `huifang campaign preview`, then start it.")


def _list(options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    campaigns = call_command(options, "campaign list")
    for campaign in campaigns:
        print(_line(campaign, zone))
    if not campaigns:
        print("There are no campaigns yet; `huifang campaign create` drafts one.")


def _preview(options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    seen = call_command(options, "campaign preview", campaign=options.campaign)
    print(f"audience {seen['audience']}, would be written to {seen['sends']}")
    for reason, count in seen["skipped"].items():
        print(f"  skipped {count}: {reason}")
    if seen["examples"]:
        print(f"  among them: {', '.join(seen['examples'])}")
    if seen["ends_at"] and seen["sends"]:
        print(f"  through at {_moment(seen['ends_at'], zone)}")


def _start(options: Options) -> None:
    settings = settings_of(options)
    done = run_command(settings, "campaign start", {"campaign": options.campaign})
    print(_line(done.gave, ZoneInfo(settings.timezone)))
    if done.waits:
        print("No service runs here: it is sent when `huifang run` does.")
    elif options.follow:
        which = {"campaign": done.gave["id"]}
        with suppress(KeyboardInterrupt):  # the campaign goes on
            follow_campaign(lambda: run_command(settings, "campaign show", which, only_service=True).gave)


def _do(options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    print(_line(call_command(options, f"campaign {options.action}", campaign=options.campaign), zone))


def _line(campaign: Mapping[str, Any], zone: ZoneInfo) -> str:
    progress, runs = campaign["progress"], campaign["runs"]
    told = [campaign["id"], campaign["kind"], campaign["status"], campaign["name"]]
    if campaign["next_at"] and campaign["status"] in {"scheduled", "running"}:
        told.append(f"next {_moment(campaign['next_at'], zone)}")
    if runs:
        told.append(f"sent {progress['sent']} of {progress['audience']}")
    if campaign["why"]:
        told.append(f"because {campaign['why']}")
    return "  ".join(told)


def _moment(written: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(written).astimezone(zone):%Y-%m-%d %H:%M}"
