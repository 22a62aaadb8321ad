"""Who may use admin commands in a chat: ids from the settings, roster members by role, the player of the sandbox."""

from collections.abc import Sequence

from bot.handlers.common.policy import Policy
from dialogs.admin.commands import AdminCommand
from dialogs.messages import Address, Person
from scoring.values import Value
from storage.model.records import Member

__all__ = ["ROSTER_ROLES", "Admin", "admin_among", "may"]

ROSTER_ROLES = ("owner", "admin", "lead", "agent", "viewer")
"""The roles of the roster, the most powerful first."""
_READERS = frozenset({"owner", "admin", "lead"})
_READING = frozenset(
    {AdminCommand.REPORT, AdminCommand.ISSUES, AdminCommand.FINDINGS, AdminCommand.ACTIONS, AdminCommand.PHRASES}
)
_WRITERS = frozenset({"owner", "admin"})


class Admin(Value):
    """A person who may read figures, or more; `by` is their name in the audit log, `team` the only one they read of.

    An agent reads only their own; `agent` is what tickets call them, empty for their name.
    """

    by: str
    role: str
    team: str = ""
    agent: str = ""


def admin_among(roster: Sequence[Member], policy: Policy, place: Address, person: Person) -> Admin | None:
    """Return who speaks, by the roster and the settings; whoever writes in a simulated team chat owns it."""
    if policy.can(place.channel).simulated:
        return Admin(person.name or person.id, "owner") if place in policy.team else None
    if not policy.can(place.channel).roster or not person.id:
        return None
    if place in policy.team or place.chat == person.id:
        member = next((each for each in roster if each.telegram == person.id), None)
        if person.id in policy.admins:
            return Admin(member.name if member else f"{place.channel}:{person.id}", "owner")
        return _of_roster(member, is_alone=place.chat == person.id) if member is not None else None
    return None


def _of_roster(member: Member, *, is_alone: bool) -> Admin | None:
    """Return what a member may read: leads and above everywhere, agents in their own chat, where nobody else does."""
    reads = member.role in _READERS or (is_alone and member.role == "agent")
    return Admin(member.name, member.role, member.team, member.agent) if reads else None


def may(admin: Admin, command: AdminCommand) -> bool:
    """Return whether a role allows a command: agents read their figures, leads those of all and the issues, too.

    Admins and owners change, owners read the audit log.
    """
    if command is AdminCommand.AUDIT:
        return admin.role == "owner"
    if admin.role == "agent":
        return command is AdminCommand.REPORT
    return admin.role in (_READERS if command in _READING else _WRITERS)
