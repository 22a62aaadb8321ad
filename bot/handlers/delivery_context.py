"""What a channel that counts must know of a message before it chooses a way: the chat's window, and the facts of it."""

from datetime import datetime

from bot.handlers.common.context import Scene
from bot.ports import Standing
from dialogs.invitation.machine import Invitation
from dialogs.issue.model import Issue
from storage.model.records import Customer, OutboxMessage, Ticket
from storage.unit_of_work.needs import Needs

__all__ = ["needs", "standing_of"]


def needs(message: OutboxMessage) -> Needs:
    """Look at the chat's window and at what the message is about."""
    interviews = frozenset({message.about}) if message.about.startswith("int_") else frozenset[str]()
    issues = frozenset({message.about}) if message.about.startswith("iss_") else frozenset[str]()
    return Needs(windows=frozenset({message.address}), interviews=interviews, issues=issues)


def standing_of(scene: Scene, message: OutboxMessage, template: str) -> Standing:
    """Tell what the chat allows, how many notices of `template` its owner has granted, and what fills templates."""
    place = message.address
    grants = {template: scene.snapshot.grant(place, template).left} if template else {}
    return Standing(scene.snapshot.window(place), grants, _facts(scene, message))


def _facts(scene: Scene, message: OutboxMessage) -> dict[str, str]:
    issue = scene.snapshot.issue(message.about)
    customer = scene.snapshot.customer(message.customer) if message.customer else None
    facts = _of_issue(scene, issue, customer) if issue is not None else _of_interview(scene, message, customer)
    return {name: value for name, value in facts.items() if value}


def _of_interview(scene: Scene, message: OutboxMessage, customer: Customer | None) -> dict[str, str]:
    interview = scene.snapshot.interview(message.about)
    invitation = scene.snapshot.invitation(interview.invitation) if interview is not None else None
    if invitation is None:
        return {}
    ticket = scene.snapshot.ticket(invitation.source, invitation.ticket)
    return _of_ticket(scene, ticket, invitation, customer) if ticket is not None else {}


def _of_issue(scene: Scene, issue: Issue, customer: Customer | None) -> dict[str, str]:
    tickets = (scene.snapshot.ticket(*key) for key in issue.tickets)
    mine = (ticket for ticket in tickets if ticket is not None and (not customer or ticket.customer == customer.id))
    ticket = next(mine, None)
    facts = _of_ticket(scene, ticket, None, customer) if ticket is not None else {}
    return facts | {"note": issue.note or "", "resolved_at": _on_their_clock(scene, issue.resolved_at, customer)}


def _of_ticket(
    scene: Scene, ticket: Ticket, invitation: Invitation | None, customer: Customer | None
) -> dict[str, str]:
    """Collect what is said of a ticket; who dealt with it is a snapshot taken when it closed."""
    return {
        "subject": ticket.subject,
        "ticket": ticket.id,
        "closed_at": _on_their_clock(scene, ticket.closed_at, customer),
        "agent": invitation.agent_name if invitation is not None else ticket.agent_name,
        "team": invitation.team if invitation is not None else ticket.team,
    }


def _on_their_clock(scene: Scene, moment: datetime | None, customer: Customer | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(scene.policy.zone_of(customer)).strftime("%Y-%m-%d %H:%M")
