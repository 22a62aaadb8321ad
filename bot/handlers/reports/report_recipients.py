"""Who gets a scheduled report: the team's chats, a chat that the owner names, or somebody of the roster in their own.

People read as their role allows: an agent only what is about them, a lead with a team only what is about that team.
"""

from bot.handlers.common.context import DecisionContext
from dialogs.messages import Address
from dialogs.reports.report_schedules import ReportSchedule, is_report_of
from scoring.values import Value
from storage.model.records import Member

__all__ = ["Recipients", "recipients_of"]

_TEAM = "team"


class Recipients(Value):
    """The chats to which a report goes, and a line for each name that leads to none."""

    places: tuple[Address, ...]
    problems: tuple[str, ...] = ()


def recipients_of(context: DecisionContext, schedule: ReportSchedule) -> Recipients:
    """Return who gets a report, as rules and roster (`Needs.roster`) stand now."""
    places, problems = dict[Address, None](), list[str]()
    for name in schedule.to:
        found = _places(context, schedule, name)
        if isinstance(found, str):
            problems.append(f"report {schedule.name!r} does not reach {name!r}: {found}")
        else:
            places |= dict.fromkeys(found)
    return Recipients(tuple(places), tuple(problems))


def _places(context: DecisionContext, schedule: ReportSchedule, name: str) -> tuple[Address, ...] | str:
    """Return the chats behind a name, or why there is none."""
    policy = context.policy
    channel, is_chat, chat = name.partition(":")
    if is_chat:
        return (Address(channel, chat),)
    if name == _TEAM or name in policy.capabilities:
        own = tuple(place for place in policy.team if name in (_TEAM, place.channel))
        return own or "the team has no chat there"
    member = context.snapshot.member(name)
    if member is None or not member.role:
        return "nobody on the roster has this name, and no channel"
    if not _reads(member, schedule.of):
        return f"a person of the role {member.role} reads only what is about {_own(member) or 'nobody'}"
    known = next((one for one in policy.channels if policy.can(one).roster), "")
    return (Address(known, member.telegram),) if known and member.telegram else "their own chat is not known yet"


def _reads(member: Member, of: str) -> bool:
    reads_all = member.role in ("owner", "admin") or (member.role == "lead" and not member.team)
    key, _, value = _own(member).partition(":")
    return reads_all or (bool(value) and is_report_of(of, key, value))


def _own(member: Member) -> str:
    """Return whose reports somebody reads who does not read all; empty for nobody's."""
    match member.role:
        case "lead":
            return f"team:{member.team}"
        case "agent":
            return f"agent:{member.agent or member.name}"
        case _:
            return ""
