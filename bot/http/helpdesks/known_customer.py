"""Who a help desk's customer is here: somebody known by number or address, who can be asked; else one of their own."""

from bot.connectors.phone_spellings import one_number, written_numbers
from bot.connectors.ticket_report import TicketReport
from bot.handlers.surveys.ticket_event import CustomerEvent
from bot.http.context import Desks
from dialogs.phone_number import is_email
from scoring.values import replace

__all__ = ["known_customer", "with_one_number"]


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
    emails = {email, email.lower()} if is_email(email) else set()
    if not (phones or emails):
        return None
    own = f"{source}:{report.customer}" if report.customer else ""
    found = await desks.reader.reached_customers(own, phones, emails)
    return CustomerEvent(next(iter(found))) if len(found) == 1 and own not in found else None


def with_one_number(desks: Desks, source: str, report: TicketReport) -> TicketReport:
    """Return the report with its number in the form of E.164, where it can be read."""
    number = one_number(report.phone, desks.option(source).region) if report.phone else ""
    return replace(report, phone=number) if number else report
