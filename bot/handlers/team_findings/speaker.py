"""Who sees findings in a chat, and who decides about them: one rule for the look before a decision and the decision.

Owners, admins and leads of the roster decide, as do administrators of the settings, and whoever plays a simulated chat;
while nobody is on the roster, every member of the team's chat. Agents look on, and report their own measures. Of cases
everybody reads what `/report` counts for them.
"""

from collections.abc import Sequence

from bot.handlers.common.policy import Policy
from dialogs.messages import Address, Person
from scoring.values import Value
from storage.model.records import Member

__all__ = ["Speaker", "speaker_among"]

_DECIDE = frozenset({"owner", "admin", "lead"})
_SEE = _DECIDE | {"agent"}


class Speaker(Value):
    """Somebody of the team; `by` is their name, `decides` whether they may decide about findings.

    `team` is the only one whose tickets they read. `agent` is set where they read their own tickets only: it is what
    those call them, empty for their name. With neither they read all.
    """

    by: str
    decides: bool
    team: str = ""
    agent: str | None = None

    @property
    def reads_all(self) -> bool:
        """Whether they read the cases of every team."""
        return not self.team and self.agent is None


def speaker_among(roster: Sequence[Member], policy: Policy, place: Address, person: Person) -> Speaker | None:
    """Return who speaks, by the roster and the settings, in the team's chat or in one of their own."""
    can, is_of_team = policy.can(place.channel), place in policy.team
    if not can.serves_admins or not person.id or not (is_of_team or (can.roster and place.chat == person.id)):
        return None
    name = person.name or person.id
    if can.simulated:
        return Speaker(name, decides=True)
    member = next((each for each in roster if each.telegram == person.id), None) if can.roster else None
    is_admin = can.roster and person.id in policy.admins
    if member is not None:
        return Speaker(member.name, decides=True) if is_admin else _of_roster(member)
    return Speaker(name, decides=True) if is_admin or (is_of_team and not roster) else None


def _of_roster(member: Member) -> Speaker | None:
    """Return what a member may: whoever has a team reads of that one, an agent without one of their own tickets."""
    if member.role not in _SEE:
        return None
    is_own = member.role == "agent" and not member.team
    return Speaker(member.name, member.role in _DECIDE, member.team, member.agent if is_own else None)
