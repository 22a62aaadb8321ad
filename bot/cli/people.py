"""`huifang user …`: the people of the team. `huifang customer …`: a customer's data handed out or erased."""

import json
from pathlib import Path

from bot.cli.common import Commands, Options, add_command, add_group, call_command, make_sure, write_whole
from config.values.urls_and_zones import LOCALES

__all__ = ["add_to"]

ROLES = ("owner", "admin", "lead", "agent", "viewer")


def add_to(commands: Commands) -> None:
    """Add the commands `user` and `customer`."""
    _add_users(commands)
    _add_customers(commands)


def _add_users(commands: Commands) -> None:
    users = add_group(commands, "user", "people of the console and the team chat")
    add = add_command(users, "add", "put somebody on the roster, or change their role", _add)
    add.add_argument("name", metavar="NAME", help="the name by which the team knows them")
    add.add_argument("--role", required=True, choices=ROLES, help="what they may do")
    add.add_argument("--telegram", metavar="USER_ID", default="", help="their Telegram user id; without it, a code")
    add.add_argument("--agent", metavar="ID", help="what tickets call them, where it is not their name")
    add.add_argument("--team", metavar="TEAM", help="the only team whose figures they read; empty for all")
    link = add_command(users, "link", "print somebody's own link to the team's page", _link)
    link.add_argument("name", metavar="NAME")
    add_command(users, "list", "list the roster", _list)
    remove = add_command(users, "remove", "take somebody off the roster", _remove)
    remove.add_argument("name", metavar="NAME")


def _add(options: Options) -> None:
    given = {name: getattr(options, name) for name in ("name", "role", "telegram", "agent", "team")}
    member = call_command(options, "user add", **given)
    print(_line(member))
    if member["code"]:
        print(f"Let them send this to the bot within 24 hours: /join {member['code']}")


def _link(options: Options) -> None:
    link = call_command(options, "user link", name=options.name)
    print(f"For {link['name']} alone, to be opened within a week in the browser they work in: {link['url']}")


def _list(options: Options) -> None:
    members = call_command(options, "user list")
    for member in members:
        print(_line(member))
    if not members:
        print("Nobody is on the roster yet; `huifang user add` puts people there.")


def _remove(options: Options) -> None:
    member = call_command(options, "user remove", name=options.name)
    print(f"{member['name']} is off the roster.")


def _line(member: dict[str, str]) -> str:
    chat = f"telegram {member['telegram']}" if member["telegram"] else "no chat yet"
    told = [f"{name} {member[name]}" for name in ("agent", "team") if member[name]]
    return "  ".join((member["name"], member["role"], chat, *told))


def _add_customers(commands: Commands) -> None:
    customers = add_group(commands, "customer", "a person's data out, or erased")
    calls = add_command(customers, "calls", "list who is worth a call by a person, with the reason", _calls)
    calls.add_argument("--format", choices=("text", "json"), default="text", help="lines of text by default")
    calls.add_argument("--locale", choices=LOCALES, default="", help="language; that of the settings by default")
    export = add_command(customers, "export", "write everything held about a person, as JSON", _export)
    export.add_argument("customer", metavar="ID")
    export.add_argument("-o", dest="output", type=Path, metavar="FILE", help="where to; the terminal by default")
    forget = add_command(customers, "forget", "erase a person: names, words, chats; counts stay", _forget)
    forget.add_argument("customer", metavar="ID")
    forget.add_argument("--yes", action="store_true", help="do not ask back")


def _calls(options: Options) -> None:
    found = call_command(options, "customer calls", locale=options.locale)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    for one in found["items"]:
        print("  ".join(filter(None, (one["customer"], one["name"], one["text"]))))
    if not found["items"]:
        print(f"Nobody is worth a call by what happened in the last {found['days']} days.")


def _export(options: Options) -> None:
    held = call_command(options, "customer export", customer=options.customer)
    if options.output is None:
        print(held, end="")
        return
    write_whole(options.output, held)
    print(f"Everything held about {options.customer} is in {options.output}.")


def _forget(options: Options) -> None:
    if not options.yes:
        make_sure(options.customer, "erase this person", "nothing was erased")
    request = call_command(options, "customer forget", customer=options.customer)
    print(f"{options.customer} is forgotten (request {request}).")
