"""A customer on cards and pages of the team: masked for a group, in full for whoever holds the issue."""

from collections.abc import Callable, Iterator, Sequence

from dialogs.phrases import Phrases
from dialogs.sanitize import masked, one_line
from scoring.values import Value

__all__ = ["CardCustomer", "contact_lines", "customer_label", "customers_in_full", "customers_masked", "ticket_lines"]

_LISTED = 8
_LONGEST_NAME = 60
_LONGEST_LINE = 200


class CardCustomer(Value):
    """A customer as the team may see them; `name` is the help desk's id where no name is known."""

    name: str = ""
    phone: str = ""
    email: str = ""
    postal_address: str = ""
    is_erased: bool = False

    @property
    def has_contact(self) -> bool:
        """Return whether there is a way to them besides the chat."""
        return bool(self.phone or self.email or self.postal_address)


def customers_masked(customers: Sequence[CardCustomer], phrases: Phrases, locale: str) -> str:
    """Return the customers as everybody in a group may read them."""
    return _joined(customers, masked, phrases, locale)


def customers_in_full(customers: Sequence[CardCustomer], phrases: Phrases, locale: str) -> str:
    """Return the customers' names for whoever holds the issue."""
    return _joined(customers, _whole, phrases, locale)


def customer_label(customers: Sequence[CardCustomer], shown: str, phrases: Phrases, locale: str) -> str:
    """Return `shown` with the word for a customer before it, which an erased one does not need."""
    if not shown or all(customer.is_erased for customer in customers):
        return shown
    return phrases.say(locale, "card.customer", name=shown)


def contact_lines(customers: Sequence[CardCustomer], phrases: Phrases, locale: str) -> Iterator[str]:
    """Yield how the customers can be reached, for whoever holds the issue.

    Where there are several, a line with the name comes before; never two names on a line, since each person gets a copy
    of the lines that name them.
    """
    known = [customer for customer in customers if customer.has_contact][:_LISTED]
    for customer in known:
        if len(customers) > 1:
            yield phrases.say(locale, "card.customer", name=_whole(customer.name))
        for key in ("phone", "email", "postal_address"):
            value = one_line(getattr(customer, key), _LONGEST_LINE)
            if value:
                yield phrases.say(locale, f"contact.{key}", value=value)


def ticket_lines(
    tickets: Sequence[tuple[str, str, str]], links: Sequence[str], phrases: Phrases, locale: str
) -> Iterator[str]:
    """Yield where the tickets (source, id, subject) stand in their help desks, those whose address is known."""
    known = [(source, ticket, url) for (source, ticket, _), url in zip(tickets, links, strict=False) if url]
    for source, ticket, url in known[-_LISTED:]:
        yield phrases.say(locale, "contact.ticket", ticket=one_line(f"{source}/{ticket}", _LONGEST_NAME), url=url)


def _joined(customers: Sequence[CardCustomer], shown: Callable[[str], str], phrases: Phrases, locale: str) -> str:
    erased = phrases.say(locale, "card.erased")
    each = (erased if customer.is_erased else shown(customer.name) for customer in customers[:_LISTED])
    return "、".join(dict.fromkeys(filter(None, each)))


def _whole(name: str) -> str:
    return one_line(name, _LONGEST_NAME)
