"""Counts what is held of people, by kind of data, slice by slice and outside the writer."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from storage.connection.slices import KeyOrder
from storage.connection.store import Store
from storage.schema import tables as t
from storage.schema.literals import EMPTY

__all__ = ["COUNTED", "count_held"]

_customer, _contact, _ticket, _interview = t.customers.c, t.contacts.c, t.tickets.c, t.interviews.c


def _filled(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((column != EMPTY, 1), else_=0)), 0)


def _there(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.count(column)


_OF_CUSTOMERS = {
    "customers": func.count(),
    **{name: _filled(_customer[name]) for name in ("name", "phone", "email", "postal_address")},
    "opted_out": _there(_customer.opted_out_at),
}
_OF_TICKETS = {"subjects": _filled(_ticket.subject)}
_OF_COMMENTS = {"comments": func.count()}
_OF_CHATS = {"chats": func.count()}


def _counts(named: Mapping[str, ColumnElement[Any]], table: Any) -> Select[Any]:  # noqa: ANN401 (SQLAlchemy's)
    return select(*named.values()).select_from(table)


COUNTED = (
    (KeyOrder(_customer.id), _counts(_OF_CUSTOMERS, t.customers), tuple(_OF_CUSTOMERS)),
    (KeyOrder(_contact.channel, _contact.chat), _counts(_OF_CHATS, t.contacts), tuple(_OF_CHATS)),
    (KeyOrder(_ticket.source, _ticket.id), _counts(_OF_TICKETS, t.tickets), tuple(_OF_TICKETS)),
    (
        KeyOrder(_interview.asked_at, _interview.id, where=_interview.comment != EMPTY),
        _counts(_OF_COMMENTS, t.interviews),
        tuple(_OF_COMMENTS),
    ),
)
"""The order in which each table is read, what is counted of a slice, and what the counts are of."""


async def count_held(store: Store) -> dict[str, int]:
    """Return how many people there are, and how many names, numbers, addresses, chats and words are held of them."""
    found: Counter[str] = Counter()
    for order, statement, names in COUNTED:
        async for part in order.slices(store):
            async with store.reading() as session:
                (row,) = await session.fetch(order.within(statement, part), **part.parameters)
            found.update({name: int(n) for name, n in zip(names, row, strict=True)})
    return dict(found)
