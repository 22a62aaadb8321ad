"""What PUT, the ticket webhook and the sandbox's form have in common: store a ticket, ask about it, answer with it."""

from http import HTTPStatus

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound, TicketOutcome
from bot.handlers.surveys import invitations, tickets
from bot.handlers.surveys.ticket_event import TicketEvent
from bot.handlers.surveys.ticket_times import wrong_times
from bot.handlers.surveys.tickets import wrong_contacts
from bot.http.api.schemas.ticket_response import TicketDetails, ticket_answer, with_details
from bot.http.context import Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, Refusal, ok_answer, refusal_answer
from bot.http.problems import Problem
from dialogs.issue.model import TicketKey
from storage.unit_of_work.writer import Decision

__all__ = ["ask_about", "ask_answer", "check_report", "put_ticket", "ticket_response"]


def check_report(web: Web, event: TicketEvent, inside: str = "") -> None:
    """Raise Problem 422 for chats in which no customer can be, and for times that lie in the future.

    `inside` comes before the fields' names.
    """
    policy, now = web.receiver.policy, web.clock.now()
    wrong = [*wrong_contacts(policy, event.customer), *wrong_times(event, now, web.clock.doubt())]
    if wrong:
        errors = [FieldProblem(f"{inside}{one.field}", one.problem) for one in wrong]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The body holds wrong fields.", errors)


def put_ticket(context: DecisionContext, event: TicketEvent) -> Decision[TicketDetails]:
    """Store a ticket as a help desk describes it."""
    return with_details(context, tickets.put(context, event))


def ask_about(context: DecisionContext, ticket: TicketKey, survey: str | None) -> Decision[TicketDetails | Refusal]:
    """Ask about a closed ticket now, by hand."""
    decision = invitations.ask_by_hand(context, ticket, survey)
    match decision.answer:
        case TicketOutcome() as view:
            return Decision(decision.changes, with_details(context, Decision(decision.changes, view)).answer)
        case NotFound() | Conflict() | Invalid() as refusal:
            return Decision(decision.changes, refusal)


def ticket_response(with_details: TicketDetails) -> ApiAnswer:
    """Return the answer that holds a ticket: 201 when it is new."""
    return ok_answer(ticket_answer(with_details), HTTPStatus.CREATED if with_details.view.created else HTTPStatus.OK)


def ask_answer(answer: TicketDetails | Refusal) -> ApiAnswer:
    """Return the answer to a survey asked by hand."""
    return ticket_response(answer) if isinstance(answer, TicketDetails) else refusal_answer(answer)
