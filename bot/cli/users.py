"""`huifang user add|list|remove`: the people of the team."""

from bot.cli.common import Commands, Options, command, group, have_done

__all__ = ["add_to"]

ROLES = ("owner", "admin", "lead", "agent", "viewer")


def add_to(commands: Commands) -> None:
    """Add these commands."""
    users = group(commands, "user", "people of the console and the team chat")
    add = command(users, "add", "put somebody on the roster, or change their role", _add)
    add.add_argument("name", metavar="NAME", help="the name by which the team knows them")
    add.add_argument("--role", required=True, choices=ROLES, help="what they may do")
    add.add_argument("--telegram", metavar="USER_ID", default="", help="their Telegram user id; without it, a code")
    command(users, "list", "list the roster", _list)
    remove = command(users, "remove", "take somebody off the roster", _remove)
    remove.add_argument("name", metavar="NAME")


def _add(options: Options) -> None:
    member = have_done(options, "user add", name=options.name, role=options.role, telegram=options.telegram)
    print(_line(member))
    if member["code"]:
        print(f"Let them send this to the bot within 24 hours: /join {member['code']}")


def _list(options: Options) -> None:
    members = have_done(options, "user list")
    for member in members:
        print(_line(member))
    if not members:
        print("Nobody is on the roster yet; `huifang user add` puts people there.")


def _remove(options: Options) -> None:
    member = have_done(options, "user remove", name=options.name)
    print(f"{member['name']} is off the roster.")


def _line(member: dict[str, str]) -> str:
    chat = f"telegram {member['telegram']}" if member["telegram"] else "no chat yet"
    return f"{member['name']}  {member['role']}  {chat}"
