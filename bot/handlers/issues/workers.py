"""Who may work on issues: roster members by role, or anybody in the team's chat while the roster is empty."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.commands import Actor

__all__ = ["worker_names", "worker_speaking"]

_MAY_WORK = frozenset({"owner", "admin", "lead", "agent"})


def worker_speaking(turn: TurnContext) -> Actor | None:
    """Return who speaks in the team's chat, None where they may not work on issues.

    The roster knows people by their Telegram user id, so it binds that channel's chats only.
    """
    person, channel = turn.inbound.sender, turn.place.channel
    if not person.id:
        return None
    is_known_by_id = turn.policy.can(channel).roster
    roster = [member for member in turn.snapshot.roster() if member.telegram and is_known_by_id]
    if not roster:
        return Actor(person.name or person.id, f"{channel}:{person.id}")
    member = next((m for m in roster if m.telegram == person.id and m.role in _MAY_WORK), None)
    return Actor(member.name, member.name) if member is not None else None


def worker_names(context: DecisionContext) -> tuple[str, ...] | None:
    """Return the names of roster members who may work on issues; None while the roster is empty."""
    members = context.snapshot.roster()
    return tuple(sorted(member.name for member in members if member.role in _MAY_WORK)) if members else None
