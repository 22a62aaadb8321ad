"""Who may send a message now: claims under a lease, and what becomes of leases whose holder died.

A message that may go at once is leased in the very commit that writes it (`lease_new`); what has to wait is claimed
later (`claim`), by the same terms.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, select

from dialogs.campaign.model import CampaignState
from scoring.values import Value, replace
from storage.connection.session import Session
from storage.dialects import among
from storage.model.records import OutboxMessage, Purpose, Status
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import text_literal
from storage.unit_of_work.outbox_writes import MARK, NEVER, supersede
from storage.unit_of_work.selects import all_of

__all__ = ["LEASE", "Claimed", "DepartureGate", "Recovered", "claim", "lease_new", "recover"]

LEASE = timedelta(seconds=90)
"""Longer than the longest sending; a lease that ran out means that its process died."""


class Claimed(Value):
    """What a message has become: only a LEASED one is to be sent, to `chat` as it is now.

    `edits_receipt` is the receipt that the message it edits has now; empty where it is to be sent as a new one.
    """

    id: str
    status: Status
    chat: str
    edits_receipt: str = ""
    why: str = ""


class DepartureGate(Protocol):
    """Whether a message that is just being written may be sent by this process as soon as it is saved."""

    def admit(self, messages: Sequence[OutboxMessage], now: datetime) -> Collection[str]:
        """Return the ids of those that may go at once: places and rate limits count them from now on."""

    def withdraw(self, messages: Collection[str]) -> None:
        """Take back what was admitted: nothing of it was saved."""


class Recovered(Value):
    """How many messages will be sent again, and which are in doubt."""

    again: int = 0
    unknown: tuple[OutboxMessage, ...] = ()


_out, _root = t.outbox.c, t.outbox.alias("root").c

# A row that another process has locked is left to it: waiting here could make two wait for each other.
_CUSTOMERS = (
    select(t.customers.c.id, t.customers.c.opted_out_at)
    .where(t.customers.c.id.in_(select(_out.customer).where(among("messages", _out.id))))
    .with_for_update(read=True, skip_locked=True)
)
_MESSAGES = (
    select(
        _out.id,
        _out.status,
        _out.why,
        _out.chat,
        _out.customer,
        _out.obeys_opt_out,
        _out.expires_at,
        _out.not_before,
        _out.edits,
        _out.receipt,
        _out.campaign,
    )
    .where(among("messages", _out.id), _out.status != text_literal(Status.LEASED))
    .order_by(_out.seq)
    .with_for_update(skip_locked=True)
)
_BY_ID = (
    select(t.customers.c.id, t.customers.c.opted_out_at)
    .where(among("customers", t.customers.c.id))
    .with_for_update(read=True, skip_locked=True)
)
_ROOTS = select(_root.id, _root.status, _root.receipt).where(among("messages", _root.id))
_CAMPAIGNS = select(t.campaigns.c.id, t.campaigns.c.state).where(among("campaigns", t.campaigns.c.id))
_LEASED = all_of(
    OutboxMessage, _out.status == text_literal(Status.LEASED), _out.leased_until <= bindparam("until", type_=Instant())
).with_for_update(skip_locked=True)


class _Waiting(NamedTuple):
    """What a claim has to know of a message; what it says is no concern here, and costs to read."""

    id: str
    status: Status
    why: str
    chat: str
    customer: str | None
    obeys_opt_out: bool
    expires_at: datetime | None
    not_before: datetime
    edits: str | None
    receipt: str
    campaign: str


class _Terms:
    """What decides over a claim: who has opted out, which campaigns halt, how the messages to be edited stand."""

    def __init__(
        self,
        now: datetime,
        customers: dict[str, datetime | None],
        roots: dict[str, tuple[Status, str]],
        campaigns: dict[str, CampaignState],
    ) -> None:
        self.now, self.customers, self.roots, self.campaigns = now, customers, roots, campaigns

    def judge(self, message: _Waiting) -> Claimed:
        """Return what a message becomes."""
        root, receipt = self.roots.get(message.edits or "", (Status.SENT, ""))
        status, why = self._status(message, root)
        if status is Status.LEASED and root is Status.CANCELLED and not (receipt or message.receipt):
            status, why = Status.CANCELLED, "what it edits was never shown"
        return Claimed(message.id, status, message.chat, receipt or (message.edits and message.receipt) or "", why)

    def _status(self, message: _Waiting, root: Status) -> tuple[Status, str]:
        if message.status not in (Status.PENDING, Status.HELD):
            return message.status, message.why
        if message.obeys_opt_out and message.customer and self.customers.get(message.customer):
            return Status.CANCELLED, "opted_out"
        if message.expires_at is not None and message.expires_at <= self.now:
            return Status.DEAD, "expired"
        if message.not_before > self.now or self._must_wait(message, root):
            return message.status, message.why
        return self._campaigns_word(message)

    def _campaigns_word(self, message: _Waiting) -> tuple[Status, str]:
        """Hold what a paused campaign has handed out, until it goes on; drop what one does that was ended."""
        match self.campaigns.get(message.campaign):
            case CampaignState.PAUSED:
                return Status.HELD, "paused"
            case CampaignState.CANCELLED:
                return Status.CANCELLED, "cancelled"
            case _:
                return Status.LEASED, ""

    def _must_wait(self, message: _Waiting, root: Status) -> bool:
        is_locked = message.customer is not None and message.customer not in self.customers
        return is_locked or root in (Status.PENDING, Status.HELD, Status.LEASED)


async def claim(session: Session, now: datetime, messages: Collection[str], until: datetime) -> list[Claimed]:
    """Lease what may be sent now; cancel what its customer no longer wants, end what came too late.

    The customer's opt-out is read here, and once more when the sending begins (`storage.unit_of_work.send_start`).
    What somebody has leased already is left out: its lease is theirs. What another process is at work on just now is
    left out, too, or stays as it was.
    """
    customers = dict(await session.fetch(_CUSTOMERS, messages=messages))
    found = [_Waiting(*row) for row in await session.fetch(_MESSAGES, messages=messages)]
    edited = {message.edits for message in found if message.edits}
    roots = await session.fetch(_ROOTS, messages=edited) if edited else []
    sending = {message.campaign for message in found if message.campaign}
    campaigns = dict(await session.fetch(_CAMPAIGNS, campaigns=sending)) if sending else {}
    terms = _Terms(now, customers, {root: (status, receipt) for root, status, receipt in roots}, campaigns)
    claims = [terms.judge(message) for message in found]
    changed = [claimed for claimed, message in zip(claims, found, strict=True) if claimed.status is not message.status]
    await session.write(MARK, [_marked(claimed, until) for claimed in changed])
    return claims


async def lease_new(
    session: Session, now: datetime, messages: Sequence[OutboxMessage]
) -> tuple[list[Claimed], list[OutboxMessage]]:
    """Apply the terms of `claim` to messages that are yet to be written; return the claims, and the rows to write."""
    wanted = sorted({one.customer for one in messages if one.obeys_opt_out and one.customer})
    customers = dict(await session.fetch(_BY_ID, customers=wanted)) if wanted else {}
    unseen = sorted({one.edits for one in messages if one.edits and not one.receipt})
    roots = await session.fetch(_ROOTS, messages=unseen) if unseen else []
    terms = _Terms(now, customers, {root: (status, receipt) for root, status, receipt in roots}, {})
    claims = [terms.judge(_waiting(one)) for one in messages]
    return claims, [_as_judged(one, claimed, now) for one, claimed in zip(messages, claims, strict=True)]


def _waiting(message: OutboxMessage) -> _Waiting:
    who = message.customer if message.obeys_opt_out else None
    return _Waiting(
        message.id,
        message.status,
        message.why,
        message.chat,
        who,
        message.obeys_opt_out,
        message.expires_at,
        message.not_before,
        message.edits,
        message.receipt,
        message.campaign,
    )


def _as_judged(message: OutboxMessage, claimed: Claimed, now: datetime) -> OutboxMessage:
    if claimed.status is not Status.LEASED:
        return replace(message, status=claimed.status, why=claimed.why)
    return replace(message, status=Status.LEASED, leased_until=now + LEASE, attempts=message.attempts + 1)


def _marked(claimed: Claimed, until: datetime) -> tuple[Any, ...]:
    is_leased = claimed.status is Status.LEASED
    return claimed.id, claimed.status, claimed.why, until if is_leased else None, int(is_leased)


async def recover(session: Session, now: datetime, *, everything: bool) -> Recovered:
    """Find messages whose sender died: those whose lease ran out, or `everything` where no other sender can be.

    Edits and alerts are sent again, which is harmless. Other new messages may have arrived: they are in doubt, and stay
    leased until whoever decides what follows from that has saved it; a death before that only finds them again.
    """
    until = NEVER if everything else now
    found = await session.records(OutboxMessage, _LEASED, until=until)
    again = [message for message in found if message.edits or message.purpose is Purpose.ALERT]
    unknown = tuple(message for message in found if message not in again)
    await session.write(MARK, [(message.id, Status.PENDING, message.why, None, 0) for message in again])
    await supersede(session, {message.edits for message in again})
    return Recovered(len(again), unknown)
