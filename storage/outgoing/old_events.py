"""Events that are told no more: of a person who is erased, and those past their time, with their deliveries."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, Integer, Text, bindparam, delete, select

from storage.connection.session import Session, Write
from storage.dialects import among
from storage.schema import tables as t
from storage.schema.column_types import Instant

__all__ = ["OLD_EVENTS", "delete_events", "forget_subjects"]

_event, _delivery = t.hook_events.c, t.hook_deliveries.c
OLD_EVENTS = (
    select(_event.id)
    .where(_event.id > bindparam("after", type_=Text()), _event.at < bindparam("cutoff", type_=Instant()))
    .order_by(_event.id)
    .limit(bindparam("limit", type_=Integer()))
)
_ABOUT = select(_event.id).where(among("subjects", _event.subject))
_KEY = (Column("event", Text),)
_DELETE_DELIVERIES = Write(
    t.hook_deliveries, _KEY, lambda rows: delete(t.hook_deliveries).where(_delivery.event == rows.c["event"])
)
_DELETE_EVENTS = Write(t.hook_events, _KEY, lambda rows: delete(t.hook_events).where(_event.id == rows.c["event"]))


async def delete_events(due: Sequence[str], session: Session, _now: datetime) -> int:
    """Delete events with their deliveries, those that have not arrived as well; return their number."""
    keys = [(event,) for event in due]
    await session.write(_DELETE_DELIVERIES, keys)
    return await session.write(_DELETE_EVENTS, keys)


async def forget_subjects(session: Session, subjects: Iterable[str], now: datetime) -> None:
    """Delete every event that happened to these subjects: what was not sent yet never is."""
    found = await session.fetch(_ABOUT, subjects=sorted(set(subjects)))
    await delete_events([event for (event,) in found], session, now)
