"""Commands on the people of the team: add, list, remove."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import BY, result_of, text_argument
from bot.control.protocol import CommandProblem
from bot.handlers.admin import roster
from bot.handlers.admin.roster import NewMember
from bot.handlers.common.context import DecisionContext
from bot.jobs import data_requests
from bot.wiring.services import Services
from storage.model.records import Member
from storage.model.registers import Request
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["add_user", "export_customer", "forget_customer", "list_users", "remove_user"]

Json = dict[str, Any]


async def add_user(desk: Services, arguments: Mapping[str, Any]) -> Json:
    """Put somebody on the roster; without a Telegram id they get a one-time code, told here and never again."""
    telegram = text_argument(arguments, "telegram")
    secret = "" if telegram else desk.dice.token()
    new = NewMember(text_argument(arguments, "name"), text_argument(arguments, "role"), telegram, secret)
    answer = await desk.receiver.do(roster.needs(), lambda context: roster.add_member(context, new, BY))
    member = result_of(Member, answer)
    return {**_told(member), "code": secret if not member.telegram else ""}


async def list_users(desk: Services, _arguments: Mapping[str, Any]) -> list[Json]:
    """List the roster by name."""

    def look(context: DecisionContext) -> Decision[list[Member]]:
        return Decision(Changes(), context.snapshot.roster())

    members = await desk.receiver.do(roster.needs(), look)
    return [_told(member) for member in sorted(members, key=lambda member: member.name)]


async def remove_user(desk: Services, arguments: Mapping[str, Any]) -> Json:
    """Take somebody off the roster."""
    name = text_argument(arguments, "name")
    answer = await desk.receiver.do(roster.needs(), lambda context: roster.remove_member(context, name, BY))
    return _told(result_of(Member, answer))


def _told(member: Member) -> Json:
    return {"name": member.name, "role": member.role, "telegram": member.telegram}


async def export_customer(desk: Services, arguments: Mapping[str, Any]) -> str:
    """Return everything held about a person, as readable JSON."""
    try:
        held = await data_requests.export_person(desk.reader, text_argument(arguments, "customer"), desk.clock.now())
    except LookupError as unknown:
        raise CommandProblem(str(unknown)) from None
    return held.decode()


async def forget_customer(desk: Services, arguments: Mapping[str, Any]) -> str:
    """Forget a person; gives the id under which the register of requests has it."""
    return result_of(
        Request, await data_requests.erase_customer(desk, text_argument(arguments, "customer"), "command line")
    ).id
