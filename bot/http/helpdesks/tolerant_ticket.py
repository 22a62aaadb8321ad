"""From what a help desk tells to a ticket as PUT takes it: what of it is wrong is left out and told, never refused.

A help desk sends what it has, and nobody there reads our answer: one crooked address must not cost the whole ticket.
"""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.connectors.phone_spellings import one_number, written_numbers
from bot.connectors.ticket_report import TicketReport
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.ticket_times import wrong_times
from bot.handlers.surveys.tickets import wrong_contacts
from bot.http.api.schemas.field_types import Id
from bot.http.api.schemas.ticket_request import TicketBody, event_of
from bot.http.context import Desks
from bot.http.field_errors import FieldProblem, field_problems
from dialogs.phone_number import is_email
from scoring.values import Value, replace

__all__ = ["RefusedReport", "UnderstoodTicket", "known_customer", "understand_ticket", "with_one_number"]

_ID: TypeAdapter[str] = TypeAdapter(Id)
Place = tuple[int | str, ...]
_MOST_TAGS, _LONGEST_TAG = 100, 100
_NEEDED = {("status",), ("customer",), ("customer", "id")}


class RefusedReport(ValueError):  # noqa: N818 (the name says what became of it)
    """The report cannot be stored at all; the text says why."""


class UnderstoodTicket(Value):
    """A ticket, and what of the report was left out."""

    event: TicketEvent
    left_out: tuple[FieldProblem, ...] = ()


def understand_ticket(
    desks: Desks, source: str, report: TicketReport, customer: CustomerEvent | None = None
) -> UnderstoodTicket:
    """Return the ticket that a report tells of; `customer` is who it is, where that is known better than from it.

    Raises RefusedReport.
    """
    try:
        ticket = _ID.validate_python(report.id)
    except ValidationError:
        raise RefusedReport("the ticket's id cannot be stored: it is blank, or longer than 200 characters") from None
    body, left_out = _body_of(_described(source, report))
    event = replace(event_of(source, ticket, body, desks.receiver.policy.lists), excluded=bool(report.excluded))
    if customer is not None:
        event = replace(event, customer=customer)
    wrong = [*wrong_contacts(desks.receiver.policy, event.customer)]
    wrong += wrong_times(event, desks.clock.now(), desks.clock.doubt())
    left_out += [FieldProblem(one.field, f"{one.problem}; it was left out") for one in wrong]
    return UnderstoodTicket(_without(event, {one.field for one in wrong}), tuple(left_out))


def _without(event: TicketEvent, fields: set[str]) -> TicketEvent:
    said = event.customer
    chats = tuple(
        pair for place, pair in enumerate(said.contacts) if f"customer.contacts.{place}.address" not in fields
    )
    times: dict[str, Any] = {name: None for name in fields if "." not in name}
    return replace(event, customer=replace(said, contacts=chats), **times)


def _described(source: str, report: TicketReport) -> dict[str, Any]:
    customer = {
        "id": f"{source}:{report.customer}",
        "name": report.customer_name,
        "phone": report.phone,
        "email": report.email,
        "locale": report.locale,
        "contacts": [{"channel": channel, "address": address} for channel, address in report.chats],
    }
    told: dict[str, Any] = {
        "status": report.status,
        "customer": {name: value for name, value in customer.items() if value},
        "opened_at": report.opened_at,
        "first_replied_at": report.first_replied_at,
        "closed_at": report.closed_at,
        "updated_at": report.updated_at,
        "subject": report.subject,
        "category": report.category,
        "product": report.product,
        "team": report.team,
        "agent": {name: value for name, value in (("id", report.agent), ("name", report.agent_name)) if value},
        "tags": None if report.tags is None else [tag[:_LONGEST_TAG] for tag in report.tags[:_MOST_TAGS]],
        "url": report.url,
    }
    moments = {name: value.isoformat() for name, value in told.items() if name.endswith("_at") and value is not None}
    return {name: value for name, value in told.items() if value not in ("", None, {})} | moments


def _body_of(described: dict[str, Any]) -> tuple[TicketBody, list[FieldProblem]]:
    """Return the body without the fields that are wrong, and what is wrong with them. Raises RefusedReport."""
    left_out: list[FieldProblem] = []
    while True:
        try:
            return TicketBody.model_validate(described), left_out
        except ValidationError as error:
            errors = error.errors()
            problems = field_problems(errors, "body")
            places = [tuple(one["loc"]) for one in errors]
        needed = next((one for one, place in zip(problems, places, strict=True) if place in _NEEDED), None)
        if needed is not None:
            raise RefusedReport(f"{needed.field} {needed.problem}")
        left_out += [FieldProblem(one.field, f"{one.problem}; it was left out") for one in problems]
        for place in sorted({_whole_entry(place) for place in places}, key=str, reverse=True):
            _drop(described, place)


def _whole_entry(place: Place) -> Place:
    """Return a place, or of one within an entry of a list that entry."""
    return next((place[: depth + 1] for depth, step in enumerate(place) if isinstance(step, int)), place)


def _drop(described: dict[str, Any], place: Place) -> None:
    holder: Any = described
    for step in place[:-1]:
        holder = holder[step]
    del holder[place[-1]]


async def known_customer(desks: Desks, source: str, report: TicketReport) -> CustomerEvent | None:
    """Return the customer who has the report's number or address and a chat; None where it is the help desk's own.

    That is so where the report names a chat, where the help desk's own customer has one, and where several people have
    the number: of two, nobody can say who it was.
    """
    if report.chats:
        return None
    option = desks.option(source)
    phones = written_numbers(report.phone, option.region) if report.phone else ()
    email = report.email.strip()
    emails = {email.lower()} if is_email(email) else set()
    if not (phones or emails):
        return None
    own = f"{source}:{report.customer}" if report.customer else ""
    found = await desks.reader.reached_customers(own, phones, emails)
    return CustomerEvent(next(iter(found))) if len(found) == 1 and own not in found else None


def with_one_number(desks: Desks, source: str, report: TicketReport) -> TicketReport:
    """Return the report with its number in the form of E.164, where it can be read."""
    number = one_number(report.phone, desks.option(source).region) if report.phone else ""
    return replace(report, phone=number) if number else report
