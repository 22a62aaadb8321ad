"""Commands on people: the team's roster, a customer's data."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.control.arguments import BY, result_of, text_argument
from bot.control.protocol import CommandProblem
from bot.handlers.admin import roster
from bot.handlers.admin.roster import NewMember
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.workers import known_as, worker_names
from bot.http.api.effects.worth_call_json import MOST_CALLS, CallWords, call_list
from bot.jobs import data_requests
from bot.jobs.effects.customers_to_call import customers_to_call
from bot.signed_links import LinkPurpose
from bot.wiring.services import Services
from storage.model.records import Member
from storage.model.registers import Request
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["add_user", "call_customers", "export_customer", "forget_customer", "link_user", "list_users", "remove_user"]

Json = dict[str, Any]
_LINK_LASTS = timedelta(days=7)
"""How long the link to one's own name can be opened; what it has opened stays open longer."""


async def add_user(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Add a member to the roster; without a Telegram id return a one-time code, which is not stored in plain."""
    telegram = text_argument(arguments, "telegram")
    secret = "" if telegram else services.secrets.token()
    new = NewMember(
        text_argument(arguments, "name"),
        text_argument(arguments, "role"),
        telegram,
        secret,
        agent=_given(arguments, "agent"),
        team=_given(arguments, "team"),
    )
    answer = await services.receiver.do(roster.needs(), lambda context: roster.add_member(context, new, BY))
    member = result_of(Member, answer)
    return {**_told(member), "code": secret if not member.telegram else ""}


async def list_users(services: Services, _arguments: Mapping[str, Any]) -> list[Json]:
    """List the roster by name."""

    def look(context: DecisionContext) -> Decision[list[Member]]:
        return Decision(Changes(), context.snapshot.roster())

    members = await services.receiver.do(roster.needs(), look)
    return [_told(member) for member in sorted(members, key=lambda member: member.name)]


async def link_user(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the address by which a browser becomes a member's own on the team's page. Raises CommandProblem."""
    name, lasts = text_argument(arguments, "name"), services.clock.now() + _LINK_LASTS

    def look(context: DecisionContext) -> Decision[tuple[str, str]]:
        known = known_as(context, name)
        is_member = known in (worker_names(context) or ())
        url = context.policy.links.url(LinkPurpose.MEMBER, known, lasts) if is_member else ""
        return Decision(Changes(), (known, url))

    known, url = await services.receiver.do(roster.needs(), look)
    if not url:
        raise CommandProblem(f"there is nobody called {name} on the roster who may work on issues")
    return {"name": known, "url": url}


async def remove_user(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Remove a member from the roster."""
    name = text_argument(arguments, "name")
    answer = await services.receiver.do(roster.needs(), lambda context: roster.remove_member(context, name, BY))
    return _told(result_of(Member, answer))


def _given(arguments: Mapping[str, Any], name: str) -> str | None:
    return None if arguments.get(name) is None else text_argument(arguments, name)


def _told(member: Member) -> Json:
    names = ("name", "role", "telegram", "agent", "team")
    return {name: getattr(member, name) for name in names}


async def call_customers(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return who is worth a call by a person, as the API gives it."""
    policy, now = services.receiver.policy, services.clock.now()
    found = await customers_to_call(services.reader, policy.calls, now)
    words = CallWords(policy.phrases, policy.phrases.locale(text_argument(arguments, "locale") or policy.locale))
    return call_list(policy.calls, found, words, MOST_CALLS).model_dump(mode="json")


async def export_customer(services: Services, arguments: Mapping[str, Any]) -> str:
    """Return everything held about a person as readable JSON. Raises CommandProblem for an unknown one."""
    try:
        held = await data_requests.export_person(
            services.reader, text_argument(arguments, "customer"), services.clock.now()
        )
    except LookupError as unknown:
        raise CommandProblem(str(unknown)) from None
    return held.decode()


async def forget_customer(services: Services, arguments: Mapping[str, Any]) -> str:
    """Erase a person, and return the id of the request in the register."""
    return result_of(
        Request, await data_requests.erase_customer(services, text_argument(arguments, "customer"), "command line")
    ).id
