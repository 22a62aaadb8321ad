"""Which clocks run for a ticket, by the targets of the policy."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.handlers.common.policy import Policy
from scoring.metrics.catalogue import METRIC_KEYS, MetricSource
from scoring.metrics.ticket_clocks import TicketClock, running_clocks
from scoring.values import fields
from storage.model.records import Ticket, TicketStatus
from storage.reads.figures.visit_facts import warranty_key

__all__ = ["clocks_of", "has_clocks"]

_KEYS = METRIC_KEYS[MetricSource.VISITS]


def has_clocks(policy: Policy) -> bool:
    """Return whether any target limits a time of a visit, and the team wants to be warned."""
    return policy.warn_after > 0 and any(target.ends is not None for target in policy.targets)


def clocks_of(policy: Policy, ticket: Ticket, tier: str) -> list[TicketClock]:
    """Return the clocks that run for a ticket, the next to end first; none of one that is closed."""
    if ticket.status is TicketStatus.CLOSED or not has_clocks(policy):
        return []
    return running_clocks(
        policy.targets, dict(_moments(ticket)), _keys(ticket, tier), policy.working.after, policy.warn_after
    )


def _moments(ticket: Ticket) -> Iterator[tuple[str, datetime]]:
    for value in (ticket, ticket.details):
        for one in fields(value):
            moment = getattr(value, one.name)
            if one.name.endswith("_at") and isinstance(moment, datetime):
                yield one.name.removesuffix("_at"), moment
    if ticket.details.solved_at is not None:
        yield "done", ticket.details.solved_at


def _keys(ticket: Ticket, tier: str) -> Mapping[str, str]:
    own = {"agent": ticket.agent_id or ticket.agent_name, "tier": tier, "warranty": warranty_key(ticket.details)}
    known = {key: getattr(ticket, key, None) or getattr(ticket.details, key, None) or "" for key in _KEYS}
    return {**known, **own}
