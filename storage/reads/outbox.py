"""The messages that may be sent now, as the sender reads them; `Writer.claim` leases them."""

from collections.abc import Collection
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Integer, bindparam, func, or_, select, union_all

from dialogs.outbox.model import SendingState
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.model.records import OutboxMessage
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import text_literal
from storage.unit_of_work.selects import all_of

__all__ = ["QueuedMessage", "WaitingMessages", "pending", "pending_among", "waiting_messages"]


class QueuedMessage(Value):
    """A message to be sent; `seq` is its position in the order in which messages were stored."""

    seq: int
    message: OutboxMessage


class WaitingMessages(Value):
    """How many messages of a purpose wait on a channel, in which state, and since when the oldest could have gone."""

    channel: str
    purpose: str
    state: str
    count: int
    since: datetime


_outbox = t.outbox.c
_NOW = bindparam("now", type_=Instant())
_IS_PENDING, _IS_HELD = (
    _outbox.status == text_literal(SendingState.PENDING),
    _outbox.status == text_literal(SendingState.HELD),
)
_IS_OURS = among("channels", _outbox.channel)
_LIMIT = bindparam("limit", type_=Integer())

_PENDING = (
    all_of(
        OutboxMessage,
        _IS_PENDING,
        _IS_OURS,
        t.NOT_BEFORE <= _NOW,
        _outbox.seq > bindparam("after", type_=Integer()),
    )
    .add_columns(_outbox.seq)
    .order_by(_outbox.seq)
    .limit(_LIMIT)
)
_HELD = (
    all_of(OutboxMessage, _IS_HELD, _IS_OURS, or_(_outbox.not_before <= _NOW, _outbox.expires_at <= _NOW))
    .add_columns(_outbox.seq)
    .order_by(_outbox.not_before)
    .limit(_LIMIT)
)
_NAMED = all_of(OutboxMessage, among("messages", _outbox.id), _IS_PENDING).order_by(_outbox.seq)

_IS_LEASED = _outbox.status == text_literal(SendingState.LEASED)
_COUNTS = (func.count(), func.min(t.NOT_BEFORE))
_WAITING = union_all(  # a part for each state, since each has its own partial index
    *(
        select(_outbox.channel, _outbox.purpose, _outbox.status, *_COUNTS)
        .where(is_state)
        .group_by(_outbox.channel, _outbox.purpose, _outbox.status)
        for is_state in (_IS_PENDING, _IS_HELD, _IS_LEASED)
    )
)


async def pending(
    store: Store, channels: Collection[str], now: datetime, limit: int, after: int = 0
) -> list[QueuedMessage]:
    """Return at most `limit` messages, pending or held, that may go on these channels now, behind position `after`.

    They are in the order of their positions. Expired messages are among them: leasing them is what ends them.
    """
    ours = {"channels": channels, "now": now, "limit": limit}
    async with store.reading() as session:
        found = await session.records_with(OutboxMessage, _PENDING, after=after, **ours)
        found += await session.records_with(OutboxMessage, _HELD, **ours)
    waiting = (QueuedMessage(seq, message) for message, seq in found if seq > after)
    return sorted(waiting, key=attrgetter("seq"))[:limit]


async def pending_among(store: Store, messages: Collection[str]) -> list[OutboxMessage]:
    """Return those of these messages that wait to be sent, now or later, in the order in which they were stored."""
    async with store.reading() as session:
        return await session.records(OutboxMessage, _NAMED, messages=messages)


async def waiting_messages(store: Store) -> list[WaitingMessages]:
    """Return how many messages wait: to be sent now or later, for a window, or for an outcome. Raises Unavailable."""
    async with store.reading() as session:
        return [WaitingMessages(*row) for row in await session.fetch(_WAITING)]
