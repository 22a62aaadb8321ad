"""What PUT, the ticket hook and the sandbox's form do alike: put a ticket, ask about one, and tell of it."""

from http import HTTPStatus

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound, TicketView
from bot.handlers.surveys import inviting, tickets
from bot.handlers.surveys.tickets import TicketEvent
from bot.http.api.schemas.ticket_response import Told, ticket_answer, told
from bot.http.idempotent_decide import Answer, Refusal, refused, said
from dialogs.issue.model import TicketKey
from storage.unit_of_work.writer import Decision

__all__ = ["ask_about", "asked", "put_ticket", "ticket_told"]


def put_ticket(context: DecisionContext, event: TicketEvent) -> Decision[Told]:
    """Store what a help desk says of a ticket."""
    return told(context, tickets.put(context, event))


def ask_about(context: DecisionContext, ticket: TicketKey, survey: str | None) -> Decision[Told | Refusal]:
    """Ask about a closed ticket now, by hand."""
    decision = inviting.ask_by_hand(context, ticket, survey)
    match decision.answer:
        case TicketView() as view:
            return Decision(decision.changes, told(context, Decision(decision.changes, view)).answer)
        case NotFound() | Conflict() | Invalid() as refusal:
            return Decision(decision.changes, refusal)


def ticket_told(told: Told) -> Answer:
    """Answer with a ticket: 201 when it is new."""
    return said(ticket_answer(told), HTTPStatus.CREATED if told.view.created else HTTPStatus.OK)


def asked(answer: Told | Refusal) -> Answer:
    """Answer to an ask by hand."""
    return ticket_told(answer) if isinstance(answer, Told) else refused(answer)
