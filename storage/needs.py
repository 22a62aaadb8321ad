"""What a decision has to look at. Needs add up as changes do; the loader follows them to what belongs to them."""

from dataclasses import dataclass, fields

from dialogs.issues import TicketKey
from dialogs.messages import Address

__all__ = ["Needs"]


@dataclass(frozen=True, slots=True)
class Needs:
    """Keys to load. The loader adds what hangs on them: see `storage.load`.

    `receipts` are `(channel, chat, receipt)` of messages of ours that somebody answered or tapped;
    `call_days` are ids of the day's collected card, `notes` keys of `Note`s; `roster` asks for the whole team.
    """

    inbox: frozenset[str] = frozenset()
    addresses: frozenset[Address] = frozenset()
    customers: frozenset[str] = frozenset()
    tickets: frozenset[TicketKey] = frozenset()
    invitations: frozenset[str] = frozenset()
    interviews: frozenset[str] = frozenset()
    issues: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    receipts: frozenset[tuple[str, str, str]] = frozenset()
    call_days: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    roster: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        """Both."""
        return Needs(**{f.name: getattr(self, f.name) | getattr(other, f.name) for f in fields(self)})
