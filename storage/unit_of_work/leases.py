"""Who may send a message now: claims under a lease, and what becomes of leases whose holder died.

A message that may go at once is leased in the very commit that writes it (`lease_new`); what has to wait is claimed
later (`claim`), by the same terms.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, select

from dialogs.campaign.model import CampaignState
from dialogs.outbox.machine import OUTBOX, LeaseReturned, MessageClaimed
from dialogs.outbox.model import Sending, SendingState, SendingTerms
from dialogs.time.doubt import Doubt
from scoring.values import Value, replace
from storage.connection.session import Session
from storage.dialects import among
from storage.model.message_transitions import after_event
from storage.model.records import OutboxMessage
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import text_literal
from storage.unit_of_work.outbox_writes import MARK, NEVER, supersede
from storage.unit_of_work.selects import all_of

__all__ = ["LEASE", "Claimed", "DepartureGate", "Recovered", "claim", "hand_back", "lease_new", "recover"]

LEASE = timedelta(seconds=90)
"""Longer than the longest sending; a lease that ran out means that its process died."""


class Claimed(Value):
    """What a message has become: only a LEASED one is to be sent, to `chat` as it is now.

    `edits_receipt` is the receipt that the message it edits has now; empty where it is to be sent as a new one.
    """

    id: str
    status: SendingState
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
        t.NOT_BEFORE,
        _out.edits,
        _out.receipt,
        _out.campaign,
    )
    .where(among("messages", _out.id), _out.status != text_literal(SendingState.LEASED))
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
    OutboxMessage,
    _out.status == text_literal(SendingState.LEASED),
    _out.leased_until <= bindparam("until", type_=Instant()),
).with_for_update(skip_locked=True)

_LEASED_AMONG = all_of(
    OutboxMessage, among("messages", _out.id), _out.status == text_literal(SendingState.LEASED)
).with_for_update(skip_locked=True)


class _Waiting(NamedTuple):
    """What a claim has to know of a message; what it says is no concern here, and costs to read."""

    id: str
    status: SendingState
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
        roots: dict[str, tuple[SendingState, str]],
        campaigns: dict[str, CampaignState],
        doubt: Doubt | None = None,
    ) -> None:
        self.now, self.customers, self.roots, self.campaigns = now, customers, roots, campaigns
        self.doubt = doubt

    def judge(self, message: _Waiting, until: datetime) -> tuple[Claimed, Sending]:
        """Return what a message becomes, by the table of the outbox.

        `attempts` of the second counts from 0: it is what this claim adds to those of the row.
        """
        sending = Sending(
            message.not_before,
            message.status,
            message.expires_at,
            receipt=message.receipt,
            why=message.why,
            edits=message.edits,
        )
        terms = self._of(message)
        step = OUTBOX.step(sending, MessageClaimed(until), terms)
        moved = sending if step is None else step.thing
        edits_receipt = terms.root_receipt or (message.edits and message.receipt) or ""
        return Claimed(message.id, moved.state, message.chat, edits_receipt, moved.why), moved

    def _of(self, message: _Waiting) -> SendingTerms:
        root, receipt = self.roots.get(message.edits or "", (None, ""))
        return SendingTerms(
            self.now,
            has_opted_out=message.obeys_opt_out and self.customers.get(message.customer or "") is not None,
            is_locked=message.customer is not None and message.customer not in self.customers,
            root=root,
            root_receipt=receipt,
            campaign=self.campaigns.get(message.campaign),
            doubt=self.doubt,
        )


async def claim(
    session: Session, now: datetime, messages: Collection[str], until: datetime, doubt: Doubt | None = None
) -> list[Claimed]:
    """Lease what may be sent now; cancel what its customer no longer wants, end what came too late.

    What came too late only by a time that is in `doubt` stays as it is.

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
    terms = _Terms(now, customers, {root: (status, receipt) for root, status, receipt in roots}, campaigns, doubt)
    judged = [terms.judge(message, until) for message in found]
    changed = [pair for pair, message in zip(judged, found, strict=True) if pair[0].status is not message.status]
    await session.write(MARK, [_marked(claimed.id, moved) for claimed, moved in changed])
    return [claimed for claimed, _ in judged]


async def lease_new(
    session: Session, now: datetime, messages: Sequence[OutboxMessage]
) -> tuple[list[Claimed], list[OutboxMessage]]:
    """Apply the terms of `claim` to messages that are yet to be written; return the claims, and the rows to write."""
    wanted = sorted({one.customer for one in messages if one.obeys_opt_out and one.customer})
    customers = dict(await session.fetch(_BY_ID, customers=wanted)) if wanted else {}
    unseen = sorted({one.edits for one in messages if one.edits and not one.receipt})
    roots = await session.fetch(_ROOTS, messages=unseen) if unseen else []
    terms = _Terms(now, customers, {root: (status, receipt) for root, status, receipt in roots}, {})
    judged = [terms.judge(_waiting(one), now + LEASE) for one in messages]
    rows = [_as_judged(one, moved) for one, (_, moved) in zip(messages, judged, strict=True)]
    return [claimed for claimed, _ in judged], rows


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


def _as_judged(message: OutboxMessage, moved: Sending) -> OutboxMessage:
    return replace(message, status=moved.state, why=moved.why, leased_until=moved.leased_until, attempts=moved.attempts)


def _marked(message: str, moved: Sending) -> tuple[Any, ...]:
    return message, moved.state, moved.why, moved.leased_until, moved.attempts


async def recover(session: Session, now: datetime, *, everything: bool) -> Recovered:
    """Find messages whose sender died: those whose lease ran out, or `everything` where no other sender can be.

    Edits and alerts are sent again, which is harmless. Other new messages may have arrived: they are in doubt, and stay
    leased until whoever decides what follows from that has saved it; a death before that only finds them again.
    """
    until = NEVER if everything else now
    found = await session.records(OutboxMessage, _LEASED, until=until)
    returned = [after_event(message, LeaseReturned(has_begun=True)) for message in found]
    again = [message for message in returned if message.leased_until is None]
    unknown = tuple(message for message in returned if message.leased_until is not None)
    await session.write(MARK, [(message.id, message.status, message.why, None, 0) for message in again])
    await supersede(session, {message.edits for message in again})
    return Recovered(len(again), unknown)


async def hand_back(session: Session, messages: Collection[str]) -> int:
    """Return leases to the outbox whose messages have not begun to go; return how many there were."""
    found = await session.records(OutboxMessage, _LEASED_AMONG, messages=messages)
    returned = [after_event(message, LeaseReturned()) for message in found]
    await session.write(MARK, [(message.id, message.status, message.why, None, 0) for message in returned])
    return len(returned)
