"""`huifang connect` and `huifang deliveries`: plug a help desk in, and see what it delivers."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cli.common import Commands, Options, add_command, call_command, settings_of
from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorDescriptor
from bot.control.protocol import CommandProblem
from config.settings.group import is_loopback
from config.settings.settings import Settings
from dialogs.messages import DeskStep

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add the commands `connect` and `deliveries`."""
    connect = add_command(commands, "connect", "say how a help desk is plugged in, with its secret", _connect)
    connect.add_argument("name", metavar="NAME", nargs="?", default="", help=f"one of {', '.join(CONNECTORS)}")
    listed = add_command(commands, "deliveries", "list a help desk's last 50 deliveries and what became of them", _list)
    listed.add_argument("name", metavar="NAME", nargs="?", default="", help="only those of this help desk")
    listed.add_argument("--replay", metavar="ID", default="", help="read and decide this one again instead")
    listed.add_argument("--format", choices=("text", "json"), default="text", help="lines of text, or JSON lines")


def _connect(options: Options) -> None:
    if not options.name:
        print("\n".join(f"{connector.name:<10} {connector.title}" for connector in CONNECTORS.values()))
        return
    if options.name not in CONNECTORS:
        raise CommandProblem(f"there is no connector {options.name}, only {', '.join(CONNECTORS)}")
    connector, settings = CONNECTORS[options.name], settings_of(options)
    given = next((group.secret for name, group in settings.hooks.connectors() if name == connector.name), ())
    secret = given[0].get_secret_value() if given else _drawn()
    url = f"{settings.http.public_url}{connector.address}"
    print(f"{connector.title}: how its closed tickets come to huifang\n\nAddress: {url}\nSecret:  {secret}\n")
    before = _before(connector, settings, secret, is_set=bool(given))
    for number, step in enumerate((*before, *connector.steps(url, secret), _last(connector)), 1):
        print(f"{number}. {step}")
    for line in (*_writing(connector), *_snippet(connector, settings)):
        print(line)


def _before(connector: ConnectorDescriptor, settings: Settings, secret: str, *, is_set: bool) -> Iterator[str]:
    if is_loopback(urlsplit(settings.http.public_url).hostname or ""):
        yield f"Unless {connector.title} runs on this machine, set http.public_url: it is {settings.http.public_url}."
    if not is_set:
        lines = f'    [hooks.{connector.name}]\n    secret = "{secret}"'
        yield f"Write this into huifang.toml, and start huifang again:\n\n{lines}\n"


def _last(connector: ConnectorDescriptor) -> str:
    return (
        'Try it: start huifang with survey.delay = "0s" and survey.quiet_hours = "off", and close a ticket of your own.'
        f" `huifang deliveries {connector.name}` shows what came, and what became of it."
    )


def _writing(connector: ConnectorDescriptor) -> Iterator[str]:
    """Yield how huifang gets to write into tickets, where it can."""
    if connector.api is None:
        return
    yield f"\nTo have huifang write into {connector.title}'s tickets (docs/connect/{connector.name}.md says what):\n"
    yield from (f"{number}. {step}" for number, step in enumerate(connector.token_steps(), 1))
    lines = [] if connector.api.own_address else [f'    api_url = "{connector.api.address_form}"']
    lines += ['    api_token = "…"', "    # invite = false"]
    lines += ["    # notes = true"] if DeskStep.NOTE in connector.api.writes else []
    lines += ['    # tag = "csat-low"', "    # reopen = true"]
    yield f"\nThen, in huifang.toml below [hooks.{connector.name}]:\n\n" + "\n".join(lines)
    yield "\n`huifang doctor` tries the token by a call that changes nothing."


def _snippet(connector: ConnectorDescriptor, settings: Settings) -> Iterator[str]:
    """Yield a line for signatures and macros, by which a customer opens a chat who says which address is theirs."""
    if not connector.placeholder:
        return
    from config.locale.phrases import load_phrases  # noqa: PLC0415 (slow, see the package)

    phrases = load_phrases(settings.files.directory, settings.locale)
    page = f"{settings.http.public_url.rstrip('/')}/b/for/{connector.name}"
    text = phrases.say(settings.locale, "desk.invite", link=f"{page}?ticket={connector.placeholder}")
    yield "\nWithout a token, put this into a signature, a macro or a template; the second line is a QR code:\n"
    yield f'    {text}\n    <img src="{page}.png?ticket={connector.placeholder}" alt="" width="132" height="132">'


def _drawn() -> str:
    from bot.process.system import SystemSecrets  # noqa: PLC0415 (slow, see the package)

    draw = SystemSecrets()
    return f"{draw.token()}{draw.token()}".replace("-", "").replace("_", "")[:40]


def _list(options: Options) -> None:
    zone = ZoneInfo(settings_of(options).timezone)
    if options.replay:
        replayed = call_command(options, "deliveries replay", id=options.replay)
        print(json.dumps(replayed, ensure_ascii=False) if options.format == "json" else _line(replayed, zone))
        return
    listed = call_command(options, "deliveries list", connector=options.name)
    items, refused = listed["items"], listed["refused"]
    for item in (*items, *refused):
        print(json.dumps(item, ensure_ascii=False) if options.format == "json" else _line(item, zone))
    if not (items or refused) and options.format == "text":
        print(f"Nothing came{f' from {options.name}' if options.name else ''} yet.")


def _line(item: dict[str, Any], zone: ZoneInfo) -> str:
    at = f"{datetime.fromisoformat(item['at']).astimezone(zone):%Y-%m-%d %H:%M:%S}"
    if "status" in item:  # what was refused
        return f"{at}  refused {item['status']}  {item['connector']}  {item['reason']}  from {item['sender']}"
    return "  ".join(
        filter(None, (at, item["outcome"], item["ticket"] or item["connector"], item["reason"], item["id"]))
    )
