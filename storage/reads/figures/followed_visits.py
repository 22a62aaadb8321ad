"""Finds which closings of a period something came after: the same fault of the same thing, the same problem again.

The database looks for those that anything may have followed, by their customer, their ticket and their address. They
are a part of all; only they are read, and held against each other.
"""

from collections import defaultdict
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, func, null, or_, select, tuple_, type_coerce

from scoring.metrics.repeats import CONTACT_AGAIN_WITHIN, REPAIRED_AGAIN_WITHIN, Served, thing_of
from scoring.values import Value
from storage.connection.session import Session
from storage.dialects import among, has_plain_letters, item_field, later_by, microseconds_of
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, NestedJson
from storage.schema.literals import EMPTY, ONE, ZERO

__all__ = [
    "CLOSED_THEN",
    "COMES_AGAIN",
    "IN_ORDER",
    "IS_ASKED_AGAIN",
    "IS_SURELY_KNOWN",
    "IS_TOLD",
    "ITS_TICKET",
    "WITH_CUSTOMER",
    "read_known",
    "read_served",
]

_Key = tuple[str, str, int]
"""Source and ticket of a closing, and which of the ticket's it is."""


class _ServedThing(Value):
    """What of a ticket's details says what was served: all of it takes longer to read."""

    device: str | None = None
    fault: str | None = None


_SINCE, _UNTIL = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_closing, _customer, _ticket = t.closings.c, t.customers.c, t.tickets.c
CLOSED_THEN = (_closing.closed_at >= _SINCE, _closing.closed_at < _UNTIL)
IN_ORDER = (_closing.closed_at, _closing.source, _closing.ticket, _closing.number)
ITS_TICKET = and_(_ticket.source == _closing.source, _ticket.id == _closing.ticket)
_others = t.closings.alias("other")
_other = _others.c


def _is_there_another(*conditions: Any) -> ColumnElement[bool]:  # noqa: ANN401 (SQLAlchemy's)
    """Return the condition that there is such a closing beside one."""
    return select(_other.number).select_from(_others).where(*conditions).correlate(t.closings).exists()


_keys = [tuple_(*(columns[name] for name in ("source", "ticket", "number"))) for columns in (_closing, _other)]
_is_same_ticket = and_(_other.source == _closing.source, _other.ticket == _closing.ticket)
_is_same_customer = _other.customer == _closing.customer
_is_another = _keys[0] != _keys[1]
_comes_later = or_(
    _other.closed_at > _closing.closed_at, and_(_other.closed_at == _closing.closed_at, _keys[1] > _keys[0])
)
_is_soon = _other.closed_at <= later_by(_closing.closed_at, CONTACT_AGAIN_WITHIN)
_other_began = func.coalesce(*(microseconds_of(_other[name]) for name in ("requested_at", "opened_at", "closed_at")))
IS_ASKED_AGAIN = or_(
    _is_there_another(_is_same_ticket, _is_soon, _comes_later),
    and_(
        _closing.category != EMPTY,
        _is_there_another(
            _is_same_customer,
            _other.closed_at >= _closing.closed_at,
            _is_soon,
            _comes_later,
            _other.category == _closing.category,
            _other_began >= microseconds_of(_closing.closed_at),
        ),
    ),
)
"""The customer came again with the same problem, or the ticket was opened again: what `contacts_again` finds."""
_ENDS = bindparam("ends", type_=CompactInstant())
"""Where the period ends; what may follow its closings is read until later."""
COMES_AGAIN = case(
    (
        _is_there_another(
            _is_same_customer,
            _other.closed_at >= _SINCE,
            _other.closed_at <= _closing.closed_at,
            or_(_other.closed_at < _closing.closed_at, _keys[1] < _keys[0]),
        ),
        null(),
    ),
    (
        _is_there_another(
            _is_same_customer, _other.closed_at >= _closing.closed_at, _other.closed_at < _UNTIL, _is_another
        ),
        ONE,
    ),
    else_=ZERO,
)
"""Whether the customer of a closing has another one in the period; NULL where this is not their first in it."""
_may_be_followed = and_(
    _closing.closed_at < _ENDS,
    _is_there_another(
        _is_same_customer,
        _other.closed_at >= _closing.closed_at,
        _other.closed_at <= later_by(_closing.closed_at, REPAIRED_AGAIN_WITHIN),
        _is_another,
    ),
)
_may_follow = _is_there_another(
    _is_same_customer,
    _other.closed_at <= _closing.closed_at,
    _other.closed_at >= later_by(_closing.closed_at, -REPAIRED_AGAIN_WITHIN),
    _other.closed_at >= _SINCE,
    _other.closed_at < _ENDS,
    _is_another,
)
_device = item_field(_ticket.details, "device")
WITH_CUSTOMER = t.closings.outerjoin(t.tickets, ITS_TICKET).outerjoin(t.customers, _customer.id == _closing.customer)
_SERVED = (
    select(
        *(_closing[name] for name in ("source", "ticket", "number", "customer", "closed_at")),
        *(_closing[name] for name in ("requested_at", "opened_at", "contract", "category")),
        _customer.postal_address,
        type_coerce(_ticket.details, NestedJson(_ServedThing)),
    )
    .select_from(WITH_CUSTOMER)
    .where(*CLOSED_THEN)
)
BY_CUSTOMER = _SERVED.where(
    or_(_may_be_followed, _may_follow, _is_there_another(_is_same_ticket, _other.number != _closing.number))
)
_is_by_address = case((has_plain_letters(_closing.contract), ZERO), (has_plain_letters(_device), ZERO), else_=ONE)
BY_ADDRESS = _SERVED.where(among("customers", _closing.customer), _is_by_address == ONE)
"""Neither device nor contract says surely what was served."""
_was_served = (
    select(_closing.number).where(_closing.customer == _customer.id, *CLOSED_THEN).correlate(t.customers).exists()
)
ADDRESSES = select(_customer.id, _customer.postal_address).where(_customer.postal_address != EMPTY, _was_served)
_told = (type_coerce(func.coalesce(_device, EMPTY), Text), _closing.contract, _customer.postal_address)
IS_SURELY_KNOWN = or_(*(has_plain_letters(one) for one in _told))
"""What was served is told by something that has a letter of ASCII; other letters no database knows."""
IS_TOLD = or_(*(one != EMPTY for one in _told))
TOLD_OTHERWISE = (
    select(_closing.source, _closing.ticket, _closing.number, *_told)
    .select_from(WITH_CUSTOMER)
    .where(*CLOSED_THEN, IS_TOLD, case((IS_SURELY_KNOWN, ONE), else_=ZERO) == ZERO)
)


async def read_served(session: Session, since: datetime, until: datetime) -> list[Served]:
    """Read the closings of a period that others may follow, with those that may follow them, by their moments."""
    ends = until + REPAIRED_AGAIN_WITHIN
    rows = await session.fetch(BY_CUSTOMER, since=since, until=ends, ends=until)
    sharing = defaultdict[str, list[str]](list)
    for customer, address in await session.fetch(ADDRESSES, since=since, until=ends):
        sharing[thing_of("", "", "", address)].append(customer)
    customers = [*chain.from_iterable(several for several in sharing.values() if len(several) > 1)]
    rows = [
        *rows,
        *(await session.fetch(BY_ADDRESS, since=since, until=ends, customers=customers) if customers else ()),
    ]
    found = {one.key: one for one in map(_served, rows)}
    return sorted(found.values(), key=lambda one: (one.closed_at, one.key))


async def read_known(session: Session, since: datetime, until: datetime) -> set[_Key]:
    """Read the closings of which is known what was served although that is not sure by `IS_SURELY_KNOWN`."""
    rows = await session.fetch(TOLD_OTHERWISE, since=since, until=until)
    return {(source, ticket, number) for source, ticket, number, *told in rows if thing_of("", *told)}


def _served(row: tuple[Any, ...]) -> Served:
    source, ticket, number, customer, closed_at, requested_at, opened_at, contract, category, address, details = row
    device, fault = ("", "") if details is None else (details.device or "", details.fault or "")
    thing = thing_of(customer, device, contract, address or "")
    began = requested_at or opened_at or closed_at
    return Served((source, ticket, number), closed_at, began, customer, thing, fault, category)
