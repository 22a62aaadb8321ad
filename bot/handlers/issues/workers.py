"""Who may work on issues, from the team's chat, from the page and by API: one rule, `may_work`, for all of them."""

from collections.abc import Sequence

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.commands import Actor
from storage.model.records import Member

__all__ = ["refused_worker", "worker_names", "worker_speaking"]

_MAY_WORK = frozenset({"owner", "admin", "lead", "agent"})


def may_work(roster: Sequence[Member], member: Member | None, *, vouched: bool = False) -> bool:
    """Return whether somebody may work on issues: anybody while nobody is on the roster, then its people by role.

    Whoever was invited is on it, joined or not. `member` is their row, None for whoever has none; `vouched` says that
    the door answers for those, as a help desk with a key of the API does.
    """
    if not roster:
        return True
    return vouched if member is None else member.role in _MAY_WORK


def worker_speaking(turn: TurnContext) -> Actor | None:
    """Return who speaks in the team's chat, None where they may not work on issues.

    The roster knows people by their user id on one channel; on the others nobody is known. Whoever plays a simulated
    chat plays all of the team.
    """
    person, channel = turn.inbound.sender, turn.place.channel
    if not person.id:
        return None
    stranger, can = Actor(person.name or person.id, f"{channel}:{person.id}"), turn.policy.can(channel)
    if can.simulated:
        return stranger
    roster = turn.snapshot.roster()
    member = next((m for m in roster if m.telegram == person.id), None) if can.roster else None
    if not may_work(roster, member):
        return None
    return Actor(member.name, member.name) if member is not None else stranger


def worker_names(context: DecisionContext) -> tuple[str, ...] | None:
    """Return the names of roster members who may work on issues; None while the roster is empty."""
    roster = context.snapshot.roster()
    return tuple(sorted(member.name for member in roster if may_work(roster, member))) if roster else None


def refused_worker(context: DecisionContext, by: str | None) -> Invalid | None:
    """Return why somebody named by a help desk may not work on issues: on the roster without the role, or taken off it.

    Other names are free text, for which the help desk answers.
    """
    member = context.snapshot.member(by) if by else None
    if may_work(context.snapshot.roster(), member, vouched=True):
        return None
    return Invalid("by", "is known to the roster and may not work on issues: a role from agent up is needed")
