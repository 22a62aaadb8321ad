"""`huifang webhooks`: who is told of what happens, and what became of each telling."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.common import Commands, Options, add_command, add_group, call_command, print_problems, settings_of
from bot.control.protocol import CommandProblem

__all__ = ["add_to"]

Json = dict[str, Any]
_NAMED = "its id or name, as `huifang webhooks list` shows them"


def add_to(commands: Commands) -> None:
    """Add the command `webhooks`."""
    group = add_group(commands, "webhooks", "who is told of what happens, by outgoing webhooks")
    listed = add_command(group, "list", "list the endpoints", _list)
    added = add_command(group, "add", "add an endpoint, and print its secret", _add)
    added.add_argument("url", metavar="URL", help="https://…")
    added.add_argument("--name", default="", help="how you call it; its host by default")
    added.add_argument("--events", default="", metavar="LIST", help="such as response.completed,issue.opened; all")
    shown = add_command(group, "show", "print an endpoint with its whole address", _show)
    removed = add_command(group, "remove", "remove an endpoint: nothing more is sent to it", _remove)
    rotated = add_command(group, "rotate", "print a new secret; the old one signs for 24 hours, too", _rotate)
    told = add_command(group, "secret", "print the secret of an endpoint", _secret)
    enabled = add_command(group, "enable", "send what waits for an endpoint that was disabled", _enable)
    disabled = add_command(group, "disable", "keep what happens, and send nothing", _disable)
    log = add_command(group, "deliveries", "list the last 200 that were or are to be sent", _deliveries)
    replayed = add_command(group, "replay", "send a delivery once more", _replay)
    dropped = add_command(group, "drop", "drop a delivery that never arrives, so that the later ones go", _drop)
    pinged = add_command(group, "test", "post a test event now, and print what came back", _test)
    for command in (shown, removed, rotated, told, enabled, disabled, log, replayed, dropped, pinged):
        command.add_argument("endpoint", metavar="ENDPOINT", help=_NAMED)
    for command in (replayed, dropped):
        command.add_argument(
            "delivery", metavar="DELIVERY", help="its number, as `huifang webhooks deliveries` shows it"
        )
    for command in (listed, shown, log):
        command.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")


def _list(options: Options) -> None:
    items: list[Json] = call_command(options, "webhooks list")["items"]
    for one in items:
        print(json.dumps(one, ensure_ascii=False) if options.format == "json" else _endpoint(one))
    if not items and options.format == "text":
        print("Nobody is told anything: add an endpoint with `huifang webhooks add URL`.")


def _show(options: Options) -> None:
    found: Json = call_command(options, "webhooks show", endpoint=options.endpoint)
    print(json.dumps(found, ensure_ascii=False) if options.format == "json" else _endpoint(found))


def _endpoint(one: Json) -> str:
    what, where = ",".join(one["events"]) or "everything", "rules.toml" if one["origin"] else ""
    return "  ".join(filter(None, (one["id"], one["name"], one["url"], what, one["status"], where, one["why"])))


def _add(options: Options) -> None:
    events = [word for word in options.events.replace(" ", "").split(",") if word]
    given = {"url": options.url, "events": events} | ({"name": options.name} if options.name else {})
    added = call_command(options, "webhooks add", **given)
    print(f"{_endpoint(added)}\nSecret: {added['secret']}\nThe receiver verifies by it.")


def _remove(options: Options) -> None:
    removed = call_command(options, "webhooks remove", endpoint=options.endpoint)
    print(f"{removed['name']} is removed; nothing more is sent to it.")


def _rotate(options: Options) -> None:
    rotated = call_command(options, "webhooks rotate", endpoint=options.endpoint)
    print(f"Secret: {rotated['secret']}\nUntil {rotated['overlap_until']} the one before signs as well.")


def _secret(options: Options) -> None:
    told = call_command(options, "webhooks secret", endpoint=options.endpoint)
    also = f"\nUntil {told['overlap_until']} the one before signs as well." if told["overlap_until"] else ""
    print(f"Secret: {told['secret']}{also}")


def _enable(options: Options) -> None:
    enabled = call_command(options, "webhooks change", endpoint=options.endpoint, enabled=True)
    print(f"{enabled['name']} is sent what waits for it.")


def _disable(options: Options) -> None:
    disabled = call_command(options, "webhooks change", endpoint=options.endpoint, enabled=False)
    print(f"{disabled['name']} is sent nothing until it is enabled; what happens is kept for it.")


def _deliveries(options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    items = call_command(options, "webhooks deliveries", endpoint=options.endpoint)["items"]
    for one in items:
        print(json.dumps(one, ensure_ascii=False) if options.format == "json" else _delivery(one, zone))
    if not items and options.format == "text":
        print("Nothing happened yet that it listens to.")


def _delivery(one: Json, zone: ZoneInfo) -> str:
    at = f"{datetime.fromisoformat(one['created_at']).astimezone(zone):%Y-%m-%d %H:%M:%S}"
    met = f"{one['code'] or '-'} in {one['milliseconds']} ms, attempt {one['attempts']}" if one["attempts"] else ""
    return "  ".join(filter(None, (one["id"], at, one["type"], one["subject"], one["status"], met, one["problem"])))


def _replay(options: Options) -> None:
    given = {"endpoint": options.endpoint, "delivery": options.delivery}
    replayed = call_command(options, "webhooks replay", **given)
    print(f"{replayed['type']} {replayed['event']} is sent once more.")


def _drop(options: Options) -> None:
    given = {"endpoint": options.endpoint, "delivery": options.delivery}
    dropped = call_command(options, "webhooks drop", **given)
    print(f"{dropped['type']} {dropped['event']} is dropped; what follows of {dropped['subject']} is sent.")


def _test(options: Options) -> int:
    met = call_command(options, "webhooks test", endpoint=options.endpoint)
    if not met["delivered"]:
        why = met["problem"] or f"it answered {met['code']} {met['answer']}".strip()
        return print_problems([CommandProblem(f"the test did not arrive: {why}")])
    print(f"It answered {met['code']} in {met['milliseconds']} ms.")
    return 0
