"""Who may send a delivery now, and what became of it.

A delivery that is being sent is its sender's until it is due again: a sender that died before leaves it to the next
one, so that it arrives at least once. Of one subject only the oldest delivery to an endpoint that has not arrived is
ever sent, so that they arrive in their order.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import Value, replace
from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.model.outgoing.hook_records import EndpointStatus, HookDelivery, HookDeliveryStatus
from storage.schema import tables as t
from storage.schema.column_types import EnumText, Instant
from storage.schema.literals import EMPTY, is_one_of, text_literal

__all__ = [
    "HOOK_LEASE",
    "ClaimedDelivery",
    "claim_deliveries",
    "delivery_columns",
    "drop_deliveries",
    "drop_undelivered",
    "make_all_due",
    "make_due",
    "settle_delivery",
    "still_open",
    "under_way",
]

HOOK_LEASE = timedelta(seconds=30)
"""Longer than the longest sending; whoever has not told by then what became of a delivery has died."""

_delivery, _event, _endpoint = t.hook_deliveries.c, t.hook_events.c, t.hook_endpoints.c
_earlier = t.hook_deliveries.alias("earlier")
_TO = bindparam("endpoint", type_=Text())
_NOW = bindparam("now", type_=Instant())


def delivery_columns() -> tuple[Column[Any], ...]:
    """Return the columns of a `HookDelivery`, in the order of its fields; its type stands with the event."""
    names = HookDelivery.__struct_fields__
    return tuple(_event.type if name == "type" else _delivery[name] for name in names)


def still_open(column: Column[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a delivery by its state is to be sent: neither arrived nor given up."""
    over = (HookDeliveryStatus.DELIVERED, HookDeliveryStatus.FAILED)
    return and_(*(column != text_literal(one) for one in over))


_IS_OPEN = still_open(_delivery.state)
_DUE = (
    select(*delivery_columns(), _event.body)
    .where(
        _delivery.endpoint == _TO,
        _event.id == _delivery.event,
        _IS_OPEN,
        _delivery.due_at <= _NOW,
        _endpoint.id == _delivery.endpoint,
        _endpoint.state == text_literal(EndpointStatus.ACTIVE),
        ~exists().where(
            _earlier.c.endpoint == _delivery.endpoint,
            _earlier.c.subject == _delivery.subject,
            _earlier.c.number < _delivery.number,
            still_open(_earlier.c.state),
        ),
    )
    .order_by(_delivery.due_at, _delivery.number)
    .limit(bindparam("limit", type_=Integer()))
    .with_for_update(skip_locked=True, of=t.hook_deliveries)
)
_TAKES = (
    select(_endpoint.id)
    .where(_endpoint.id == _TO, _endpoint.state == text_literal(EndpointStatus.ACTIVE))
    .with_for_update(read=True)
)
"""Held until the claim is committed: whoever removes the endpoint meanwhile waits, and then sees what is under way."""
_UNDER_WAY = (
    select(_delivery.number)
    .where(
        _delivery.endpoint == _TO,
        _IS_OPEN,
        _delivery.state == text_literal(HookDeliveryStatus.SENDING),
        _delivery.due_at > _NOW,
    )
    .limit(1)
)
_KEY = Column("number", Integer)


def _mark(rows: InputRows) -> UpdateBase:
    return (
        update(t.hook_deliveries)
        .where(_delivery.number == rows.c["number"])
        .values(
            state=text_literal(HookDeliveryStatus.SENDING),
            attempts=rows.c["attempts"],
            due_at=rows.c["due_at"],
            since=func.coalesce(_delivery.since, rows.c["now"]),
            attempted_at=rows.c["now"],
        )
    )


_MARK = Write(
    t.hook_deliveries, (_KEY, Column("attempts", Integer), Column("due_at", Instant), Column("now", Instant)), _mark
)
_OUTCOME: tuple[Column[Any], ...] = (
    Column("state", EnumText(HookDeliveryStatus)),
    Column("due_at", Instant),
    Column("code", Integer),
    Column("milliseconds", Integer),
    Column("answer", Text),
    Column("why", Text),
)


def _settle(rows: InputRows) -> UpdateBase:
    """Settle what is still this sender's: the number of its attempt says so."""
    return (
        update(t.hook_deliveries)
        .where(
            and_(_delivery.number == rows.c["number"], _delivery.attempts == rows.c["attempts"]),
            _delivery.state == text_literal(HookDeliveryStatus.SENDING),
        )
        .values({column.name: rows.c[column.name] for column in _OUTCOME})
    )


_SETTLE = Write(t.hook_deliveries, (_KEY, Column("attempts", Integer), *_OUTCOME), _settle)
_MAKE_DUE = Write(
    t.hook_deliveries,
    (_KEY, Column("now", Instant)),
    lambda rows: (
        update(t.hook_deliveries)
        .where(_delivery.number == rows.c["number"])
        .values(
            state=text_literal(HookDeliveryStatus.WAITING),
            due_at=rows.c["now"],
            since=null(),
            why=EMPTY,
        )
    ),
)


_MAKE_ALL_DUE = Write(
    t.hook_deliveries,
    (Column("endpoint", Text), Column("now", Instant)),
    lambda rows: (
        update(t.hook_deliveries)
        .where(
            _delivery.endpoint == rows.c["endpoint"],
            _IS_OPEN,
            _delivery.state == text_literal(HookDeliveryStatus.WAITING),
        )
        .values(due_at=rows.c["now"], since=null())
    ),
)
_DROP = Write(
    t.hook_deliveries,
    (Column("endpoint", Text),),
    lambda rows: delete(t.hook_deliveries).where(_delivery.endpoint == rows.c["endpoint"]),
)


_DROP_ONE = Write(
    t.hook_deliveries,
    (_KEY, Column("now", Instant)),
    lambda rows: delete(t.hook_deliveries).where(
        _delivery.number == rows.c["number"],
        or_(
            is_one_of(_delivery.state, HookDeliveryStatus.WAITING, HookDeliveryStatus.FAILED),
            and_(_IS_OPEN, _delivery.due_at <= rows.c["now"]),
        ),
    ),
)


class ClaimedDelivery(Value):
    """A delivery that is this process's to send until its lease ends, and the body to be sent."""

    delivery: HookDelivery
    body: str


async def claim_deliveries(session: Session, now: datetime, endpoint: str, limit: int) -> list[ClaimedDelivery]:
    """Take what is due for an endpoint, and is nobody's; return it as it stands from now on."""
    if not await session.fetch(_TAKES, endpoint=endpoint):
        return []
    found = await session.fetch(_DUE, endpoint=endpoint, now=now, limit=limit)
    claimed = [ClaimedDelivery(_begun(HookDelivery(*row[:-1]), now), row[-1]) for row in found]
    marks = ((one.delivery.number, one.delivery.attempts, one.delivery.due_at, now) for one in claimed)
    await session.write(_MARK, list(marks))
    return claimed


def _begun(delivery: HookDelivery, now: datetime) -> HookDelivery:
    return replace(
        delivery,
        state=HookDeliveryStatus.SENDING,
        attempts=delivery.attempts + 1,
        due_at=now + HOOK_LEASE,
        since=delivery.since or now,
        attempted_at=now,
    )


async def settle_delivery(session: Session, delivery: HookDelivery) -> bool:
    """Write what became of a delivery; False where it is no longer this sender's."""
    names = ("number", "attempts", *(column.name for column in _OUTCOME))
    return bool(await session.write(_SETTLE, [tuple(getattr(delivery, name) for name in names)]))


async def make_due(session: Session, now: datetime, numbers: Sequence[int]) -> int:
    """Make deliveries due, whether they arrived before or not; return how many there are."""
    return await session.write(_MAKE_DUE, [(number, now) for number in numbers])


async def make_all_due(session: Session, now: datetime, endpoint: str) -> int:
    """Make due everything that waits for an endpoint; return how many deliveries that is."""
    return await session.write(_MAKE_ALL_DUE, [(endpoint, now)])


async def drop_deliveries(session: Session, endpoint: str) -> int:
    """Delete every delivery to an endpoint; return their number."""
    return await session.write(_DROP, [(endpoint,)])


async def drop_undelivered(session: Session, now: datetime, number: int) -> bool:
    """Delete a delivery that has not arrived; False where it has, or is being sent."""
    return bool(await session.write(_DROP_ONE, [(number, now)]))


async def under_way(session: Session, now: datetime, endpoint: str) -> bool:
    """Return whether something is being sent to an endpoint at this moment."""
    return bool(await session.fetch(_UNDER_WAY, endpoint=endpoint, now=now))
