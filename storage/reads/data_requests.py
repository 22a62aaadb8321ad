"""Reads of data requests: one request, a list, the number of overdue ones."""

from datetime import datetime

from sqlalchemy import Text, bindparam, func, select

from storage.connection.store import Store
from storage.model.registers import Request
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.unit_of_work.selects import all_of

__all__ = ["OVERDUE", "count_overdue", "find_request", "list_requests"]

_asked = t.requests.c
_ONE = all_of(Request, _asked.id == bindparam("request", type_=Text()))
_ALL = all_of(Request)
_CONDITIONS = {True: _asked.done_at.is_(None), False: _asked.done_at.is_not(None)}
OVERDUE = select(func.count()).where(_asked.done_at.is_(None), _asked.due_at <= bindparam("now", type_=Instant()))


async def find_request(store: Store, id_: str) -> Request | None:
    """Return a request, None if there is no such request."""
    async with store.reading() as session:
        return next(iter(await session.records(Request, _ONE, request=id_)), None)


async def list_requests(store: Store, cursor: str | None, limit: int, *, is_open: bool | None) -> Page[Request]:
    """List requests in the order in which they came; raises ValueError for a malformed cursor."""
    conditions = () if is_open is None else (_CONDITIONS[is_open],)
    statement = page_statement(_ALL, (_asked.asked_at, _asked.id), conditions, is_first=cursor is None)
    async with store.reading() as session:
        found = await session.records(Request, statement, **cursor_parameters(cursor), limit=limit + 1)
    return Page(tuple(found[:limit]), next_cursor([(each.asked_at, each.id) for each in found], limit))


async def count_overdue(store: Store, now: datetime) -> int:
    """Count the open requests whose deadline has passed."""
    async with store.reading() as session:
        return int((await session.fetch(OVERDUE, now=now))[0][0])
