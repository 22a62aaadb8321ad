"""Reads of the inbox: the deliveries that are kept because they could not be decided, oldest first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, Text, bindparam, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from scoring.values import Value
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.note_keys import retries_key
from storage.model.records import InboxOutcome, InboxRow, Note
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.schema.inbox_conditions import is_desk_delivery
from storage.schema.literals import ONE, text_literal
from storage.unit_of_work.selects import INBOX, NOTES, all_of

__all__ = ["KeptDelivery", "count_failed", "count_failed_in", "find_delivery", "list_failed", "list_latest"]


class KeptDelivery(Value):
    """A delivery, how often it was tried, and when it was last."""

    row: InboxRow
    attempts: int
    last_attempt_at: datetime

    @property
    def is_failed(self) -> bool:
        """Whether it is kept because it could not be decided."""
        return self.row.outcome is InboxOutcome.FAILED

    @property
    def is_dropped(self) -> bool:
        """Whether it was given up: of what was decided no reason is kept."""
        return self.row.outcome is InboxOutcome.DONE and bool(self.row.why)


_inbox = t.inbox.c
_IS_FAILED = _inbox.outcome == text_literal(InboxOutcome.FAILED)
_FAILED = all_of(InboxRow, _IS_FAILED)
_COUNT = select(func.count()).where(_IS_FAILED)
_CHANNEL, _LENGTH = bindparam("channel", type_=Text()), bindparam("length", type_=Integer())
_OF_CHANNEL: ColumnElement[bool] = or_(
    _inbox.door == _CHANNEL, func.substr(_inbox.door, ONE, _LENGTH) == _CHANNEL + text_literal(":")
)

_OF_DESK = (
    all_of(InboxRow, is_desk_delivery(), _inbox.door == bindparam("door", type_=Text()))
    .order_by(_inbox.received_at.desc(), _inbox.key)
    .limit(bindparam("limit", type_=Integer()))
)


async def list_failed(store: Store, channel: str | None, cursor: str | None, limit: int) -> Page[KeptDelivery]:
    """List failed deliveries in the order in which they came, of every channel without one.

    Raises ValueError for a malformed cursor.
    """
    conditions = () if channel is None else (_OF_CHANNEL,)
    values = {} if channel is None else {"channel": channel, "length": len(channel) + 1}
    statement = page_statement(_FAILED, (_inbox.received_at, _inbox.key), conditions, is_first=cursor is None)
    async with store.reading() as session:
        rows = await session.records(InboxRow, statement, **values, **cursor_parameters(cursor), limit=limit + 1)
        listed = await _with_retries(session, rows[:limit])
    return Page(tuple(listed), next_cursor([(row.received_at, row.key) for row in rows], limit))


async def list_latest(store: Store, door: str, most: int) -> list[InboxRow]:
    """Return the latest deliveries of a help desk by its door, the latest first."""
    async with store.reading() as session:
        return await session.records(InboxRow, _OF_DESK, door=door, limit=most)


async def find_delivery(store: Store, key: str) -> KeptDelivery | None:
    """Return a delivery, failed or done; None where there is none."""
    async with store.reading() as session:
        found = await _with_retries(session, await session.records(InboxRow, INBOX, keys=[key]))
    return next(iter(found), None)


async def count_failed(store: Store) -> int:
    """Return how many deliveries are kept as failed."""
    async with store.reading() as session:
        return await count_failed_in(session)


async def count_failed_in(session: Session) -> int:
    """Return how many deliveries are kept as failed, read in a session that is open."""
    return sum(count for (count,) in await session.fetch(_COUNT))


async def _with_retries(session: Session, rows: Sequence[InboxRow]) -> list[KeptDelivery]:
    if not rows:
        return []
    notes = await session.records(Note, NOTES, keys=[retries_key(row.key) for row in rows])
    known = {note.key: note for note in notes}
    return [_kept(row, known.get(retries_key(row.key))) for row in rows]


def _kept(row: InboxRow, retries: Note | None) -> KeptDelivery:
    if retries is None:
        return KeptDelivery(row, 1, row.received_at)
    return KeptDelivery(row, 1 + int(retries.value), retries.at)
