"""Who dealt with a ticket, as it was when it closed: what a help desk changes later is about later work."""

from datetime import datetime

from bot.handlers.common.context import DecisionContext
from dialogs.invitation.model import Invitation
from scoring.values import Value
from storage.model.records import Ticket

__all__ = ["Service", "service_of"]


class Service(Value):
    """Who served the customer, and until when; a snapshot of a closing, or the ticket as it stands before any."""

    agent_id: str
    agent_name: str
    team: str
    closed_at: datetime | None


def service_of(context: DecisionContext, ticket: Ticket, until: datetime) -> Service:
    """Return who dealt with a ticket at its latest closing before `until`."""
    asks = context.snapshot.invitations_of(ticket.source, ticket.id)
    closings = (ask for ask in asks if not ask.occasion and ask.closed_at <= until)
    closing = max(closings, key=lambda ask: ask.closing, default=None)
    seen: Ticket | Invitation = closing if closing is not None else ticket
    return Service(seen.agent_id, seen.agent_name, seen.team, seen.closed_at)
