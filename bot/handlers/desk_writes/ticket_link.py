"""The link that a ticket's customer opens to bind a chat: which ticket it is about, and whose it was then."""

from hashlib import sha256

from scoring.values import Value

__all__ = ["TicketLink", "read_ticket_link", "ticket_link"]

_BETWEEN = "\x1f"
_DIGITS = 12


class TicketLink(Value):
    """A ticket, and a digest of its customer's id: the link is worth nothing once the ticket is another's."""

    source: str
    ticket: str
    whose: str

    @property
    def text(self) -> str:
        """The link's subject, as it is signed."""
        return _BETWEEN.join((self.source, self.ticket, self.whose))

    def is_of(self, customer: str) -> bool:
        """Return whether it was made for this customer."""
        return self.whose == _digest(customer)


def ticket_link(source: str, ticket: str, customer: str) -> TicketLink:
    """Return the link of a ticket for its customer."""
    return TicketLink(source, ticket, _digest(customer))


def read_ticket_link(text: str) -> TicketLink:
    """Return what a signed text says. Raises LookupError for one that another version has written otherwise."""
    parts = text.split(_BETWEEN)
    if len(parts) != len(("source", "ticket", "whose")):
        raise LookupError("this link is of another version")
    return TicketLink(*parts)


def _digest(customer: str) -> str:
    return sha256(customer.encode()).hexdigest()[:_DIGITS]
