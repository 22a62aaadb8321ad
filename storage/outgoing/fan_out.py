"""Writes what happened for whoever listens, in the commit in which it happens: an event, and a delivery for each.

Who listens is read in the same transaction, so that no process misses an endpoint that another one has just added.
"""

from collections.abc import Sequence

from sqlalchemy import Column, Text, select

from storage.connection.codec import row_of, stored_columns
from storage.connection.session import Session, Write
from storage.model.outgoing.hook_records import EndpointStatus, HookDeliveryStatus, HookEvent, HookEventType
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, ZERO, text_literal

__all__ = ["LISTENING", "write_deliveries", "write_events"]

_endpoint, _delivery = t.hook_endpoints.c, t.hook_deliveries.c
LISTENING = select(_endpoint.id, _endpoint.events).where(_endpoint.state != text_literal(EndpointStatus.REMOVED))
_EVENT_COLUMNS = stored_columns(HookEvent)
_EVENT = Write(
    t.hook_events,
    _EVENT_COLUMNS,
    lambda rows: rows.insert({column.name: rows.c[column.name] for column in _EVENT_COLUMNS}).on_conflict_do_nothing(),
)
_ROW = row_of(HookEvent)
_NEW = ("endpoint", "event", "subject")
_DELIVER = Write(
    t.hook_deliveries,
    (*(Column(name, Text) for name in _NEW), Column("at", Instant)),
    lambda rows: rows.insert(
        {name: rows.c[name] for name in _NEW}
        | {"state": text_literal(HookDeliveryStatus.WAITING), "created_at": rows.c["at"], "due_at": rows.c["at"]}
        | dict.fromkeys(("attempts", "code", "milliseconds"), ZERO)
        | dict.fromkeys(("answer", "why"), EMPTY)
    ),
)


async def write_events(session: Session, events: Sequence[HookEvent]) -> None:
    """Write those events that somebody listens to, with their deliveries."""
    listening = await session.fetch(LISTENING)
    wanted = [(event, endpoints) for event in events if (endpoints := _listeners(event.type, listening))]
    for event, endpoints in wanted:
        await write_deliveries(session, event, endpoints)


async def write_deliveries(session: Session, event: HookEvent, endpoints: Sequence[str]) -> None:
    """Write an event and its deliveries to some endpoints; nothing where the event is written already."""
    if await session.write(_EVENT, [_ROW(event)]):
        await session.write(_DELIVER, [(one, event.id, event.subject, event.at) for one in endpoints])


def _listeners(kind: HookEventType, listening: Sequence[tuple[str, tuple[HookEventType, ...]]]) -> list[str]:
    return [endpoint for endpoint, types in listening if not types or kind in types]
