"""What a channel that counts must know of a message before it chooses a way: the chat's window, and the facts of it."""

from datetime import datetime

from bot.handlers.common.closings import Service, service_of
from bot.handlers.common.context import DecisionContext
from bot.ports import DeliveryContext
from dialogs.ids import RefKind, is_about
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from storage.model.records import Customer, OutboxMessage, Ticket
from storage.unit_of_work.needs import Needs, needs_of

__all__ = ["needs", "standing_of"]


def needs(message: OutboxMessage) -> Needs:
    """Return the need for the chat's reply window and for what the message is about."""
    about = None if is_about(message.about, RefKind.CAMPAIGN) else message.about  # it fills no template
    return needs_of(about) | Needs(windows=frozenset({message.address}))


def standing_of(context: DecisionContext, message: OutboxMessage, template: str) -> DeliveryContext:
    """Return what the chat allows, how many notices of `template` its owner has granted, and what fills templates."""
    place = message.address
    grants = {template: context.snapshot.grant(place, template).left} if template else {}
    return DeliveryContext(context.snapshot.window(place), grants, _facts(context, message))


def _facts(context: DecisionContext, message: OutboxMessage) -> dict[str, str]:
    issue = context.snapshot.about(Issue, message.about)
    customer = context.snapshot.customer(message.customer) if message.customer else None
    facts = _of_issue(context, issue, customer) if issue is not None else _of_interview(context, message, customer)
    return {name: value for name, value in facts.items() if value}


def _of_interview(context: DecisionContext, message: OutboxMessage, customer: Customer | None) -> dict[str, str]:
    interview = context.snapshot.about(Interview, message.about)
    invitation = context.snapshot.invitation(interview.invitation) if interview is not None else None
    if invitation is None:
        return {}
    ticket = context.snapshot.ticket(invitation.source, invitation.ticket)
    if ticket is None:
        return {}
    told = Service(invitation.agent_id, invitation.agent_name, invitation.team, ticket.closed_at)
    return _of_ticket(context, ticket, told, customer)


def _of_issue(context: DecisionContext, issue: Issue, customer: Customer | None) -> dict[str, str]:
    tickets = (context.snapshot.ticket(*key) for key in issue.tickets)
    mine = (ticket for ticket in tickets if ticket is not None and (not customer or ticket.customer == customer.id))
    ticket = next(mine, None)
    facts = {}
    if ticket is not None:
        facts = _of_ticket(context, ticket, service_of(context, ticket, issue.opened_at), customer)
    return facts | {"note": issue.note or "", "resolved_at": _on_their_clock(context, issue.resolved_at, customer)}


def _of_ticket(context: DecisionContext, ticket: Ticket, service: Service, customer: Customer | None) -> dict[str, str]:
    """Collect what is said of a ticket; who dealt with it is a snapshot taken when it closed."""
    is_theirs = customer is None or ticket.customer == customer.id
    return {
        "subject": ticket.subject if is_theirs else "",
        "ticket": ticket.id,
        "closed_at": _on_their_clock(context, service.closed_at, customer),
        "agent": service.agent_name,
        "team": service.team,
    }


def _on_their_clock(context: DecisionContext, moment: datetime | None, customer: Customer | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(context.policy.zone_of(customer)).strftime("%Y-%m-%d %H:%M")
