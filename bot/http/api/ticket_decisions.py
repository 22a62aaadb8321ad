"""What PUT, the ticket webhook and the sandbox's form have in common: store a ticket, ask about it, answer with it."""

from http import HTTPStatus

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound, TicketOutcome
from bot.handlers.surveys import invitations, tickets
from bot.handlers.surveys.ticket_event import TicketEvent
from bot.handlers.surveys.ticket_times import replaced_times, wrong_order, wrong_times
from bot.handlers.surveys.tickets import wrong_contacts
from bot.http.api.schemas.ticket_request import TicketBody, event_of
from bot.http.api.schemas.ticket_response import TicketDetails, ticket_answer, with_details
from bot.http.context import Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, Refusal, ok_answer, refusal_answer
from bot.http.problems import Problem
from dialogs.issue.model import TicketKey
from scoring.values import replace
from storage.model.service_details import ServiceDetails, merged_details
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ask_about", "check_report", "put_ticket", "read_report", "ticket_or_refusal", "ticket_response"]

_WRONG = "The body holds wrong fields."
_STATUS = "must be one of open, pending, closed and reopened, or a word of the statuses in lists.toml"


def read_report(web: Web, ticket: TicketKey, body: TicketBody, inside: str = "") -> TicketEvent:
    """Return what a help desk reports. Raises Problem 422 for a status in no list, and as `check_report` does."""
    lists = web.receiver.policy.lists
    if not lists.status_of(body.status):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _WRONG, [FieldProblem(f"{inside}status", _STATUS)])
    event = event_of(*ticket, body, lists)
    check_report(web, event, inside)
    return event


def check_report(web: Web, event: TicketEvent, inside: str = "") -> None:
    """Raise Problem 422 for chats in which no customer can be, and for times that lie in the future or in no order.

    `inside` comes before the fields' names.
    """
    policy, now = web.receiver.policy, web.clock.now()
    wrong = [*wrong_contacts(policy, event.customer), *wrong_times(event, now, web.clock.doubt())]
    wrong += wrong_order(event, merged_details(ServiceDetails(), event.details))
    if wrong:
        errors = [FieldProblem(f"{inside}{one.field}", one.problem) for one in wrong]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _WRONG, errors)


def put_ticket(context: DecisionContext, event: TicketEvent) -> Decision[TicketDetails | Invalid]:
    """Store a ticket as a help desk describes it; nothing of it where its times contradict those stored."""
    decision = tickets.put(context, event)
    wrong = next(wrong_order(event, decision.answer.ticket.details), None) if decision.changes else None
    if wrong is not None:
        return Decision(Changes(), wrong)
    details = with_details(context, decision.changes, decision.answer)
    replaced = (FieldProblem(one.field, one.problem) for one in replaced_times(event, decision.answer.ticket))
    return Decision(decision.changes, replace(details, warnings=(*details.warnings, *replaced)))


def ask_about(context: DecisionContext, ticket: TicketKey, survey: str | None) -> Decision[TicketDetails | Refusal]:
    """Ask about a closed ticket now, by hand."""
    decision = invitations.ask_by_hand(context, ticket, survey)
    match decision.answer:
        case TicketOutcome() as view:
            return Decision(decision.changes, with_details(context, decision.changes, view))
        case NotFound() | Conflict() | Invalid() as refusal:
            return Decision(decision.changes, refusal)


def ticket_response(with_details: TicketDetails) -> ApiAnswer:
    """Return the answer that holds a ticket: 201 when it is new."""
    return ok_answer(ticket_answer(with_details), HTTPStatus.CREATED if with_details.view.created else HTTPStatus.OK)


def ticket_or_refusal(answer: TicketDetails | Refusal) -> ApiAnswer:
    """Return the answer to a ticket that was put, or asked about by hand."""
    return ticket_response(answer) if isinstance(answer, TicketDetails) else refusal_answer(answer)
