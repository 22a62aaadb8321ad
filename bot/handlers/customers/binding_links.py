"""Links by which a customer binds a chat: random, single-use, expiring, stored as a hash."""

from datetime import datetime, timedelta
from hashlib import sha256

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Erased, NotFound
from bot.handlers.common.tombstones import ERASED_DETAIL, forgotten, tombstone_hash
from dialogs.issue.model import TicketKey
from scoring.values import Value
from storage.model.records import Token
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["BINDING_LASTS", "LinkWanted", "create_link", "needs", "token_hash"]

BINDING_LASTS = timedelta(days=30)


class LinkWanted(Value):
    """A link for a customer on a channel; `secret` is random, and only its hash is stored."""

    customer: str
    channel: str
    secret: str
    expires_at: datetime
    ticket: TicketKey | None = None


def needs(wanted: LinkWanted, policy: Policy) -> Needs:
    """Return the need for the customer and the ticket."""
    tickets = frozenset({wanted.ticket} if wanted.ticket else ())
    tombstones = frozenset({tombstone_hash(policy, wanted.customer)})
    return Needs(customers=frozenset({wanted.customer}), tickets=tickets, tombstones=tombstones)


def create_link(context: DecisionContext, wanted: LinkWanted) -> Decision[Token | NotFound | Erased]:
    """Store the hash of a new secret."""
    if forgotten(context, wanted.customer) is not None:
        return Decision(Changes(), Erased(ERASED_DETAIL))
    if context.snapshot.customer(wanted.customer) is None:
        return Decision(Changes(), NotFound(f"customer {wanted.customer}"))
    if wanted.ticket and context.snapshot.ticket(*wanted.ticket) is None:
        return Decision(Changes(), NotFound(f"ticket {'/'.join(wanted.ticket)}"))
    source, ticket = wanted.ticket or ("", "")
    token = Token(
        hash=token_hash(wanted.secret),
        customer=wanted.customer,
        channel=wanted.channel,
        created_at=context.now,
        expires_at=wanted.expires_at,
        source=source,
        ticket=ticket,
    )
    return Decision(Changes((token,)), token)


def token_hash(secret: str) -> str:
    """Return the stored hash of a secret; 128 random bits need no salt."""
    return sha256(secret.encode()).hexdigest()
