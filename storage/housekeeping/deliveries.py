"""Rows of the inbox: by its row a delivery is known; the row goes when it is known otherwise, or comes no more.

| what came in | its row goes after | a later repetition |
|---|---|---|
| an update of a platform that numbers them | the time for which that repeats | is in the span of deleted numbers |
| a push of another platform | the time for which that repeats | is refused by its door |
| an event of a help desk | a day, and fifty later ones from there | is known by its hash, for ever |
| a request whose answer is kept for a day | a day | is a request like any other |

What failed stays until it is decided or dropped; what a page of the product shows, as long as deliveries are kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, Text, bindparam, delete, literal_column, select
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import Value, field
from storage.connection.codec import row_of, stored_columns
from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.housekeeping.walk import LIMIT
from storage.model.known_deliveries import DeliverySpan, event_hash, span_key, span_of
from storage.model.note_keys import retries_key
from storage.model.records import InboxOutcome, InboxRow
from storage.privacy.erasure_writes import delete_by_key
from storage.schema import tables as t
from storage.schema.inbox_conditions import is_desk_delivery
from storage.schema.literals import ONE, text_literal
from storage.unit_of_work.selects import INBOX

__all__ = ["DELIVERY_PORTION", "LISTED", "DoorPeriods", "ReceivedDelivery", "delete_deliveries", "listed_deliveries"]

_EVENT_KEY = "hook:"
_STAY = timedelta(hours=24)
"""How long what came by an address of ours stays; no answer is kept for longer (`bot.http.answer_cache`)."""

_inbox = t.inbox.c
DELIVERY_PORTION = (
    select(_inbox.key, _inbox.door, _inbox.received_at, _inbox.outcome)
    .where(_inbox.key > bindparam("after", type_=Text()))
    .order_by(_inbox.key)
    .limit(LIMIT)
)

LISTED = 50
"""Deliveries of a help desk that are listed, with what became of them."""
_DESKS = select(_inbox.door).where(is_desk_delivery()).distinct()
_LAST_LISTED = (
    select(_inbox.received_at)
    .where(is_desk_delivery(), _inbox.door == bindparam("door", type_=Text()))
    .order_by(_inbox.received_at.desc())
    .offset(literal_column(str(LISTED - 1), Integer))
    .limit(ONE)
)


class ReceivedDelivery(NamedTuple):
    """What has to be known of an inbox row to tell whether it goes."""

    key: str
    door: str
    received_at: datetime
    outcome: InboxOutcome

    @property
    def channel(self) -> str:
        """The first word of its door: the channel's name, or empty for an address of ours."""
        return "" if self.door.startswith("/") else self.door.partition(":")[0]

    @property
    def number(self) -> int | None:
        """The number that its platform has given it, where that is its key."""
        given = self.key.removeprefix(f"{self.door}:")
        return int(given) if given.isdecimal() else None


class DoorPeriods(Value):
    """How long rows stay that came by a channel, by its name, None: for ever; `numbered` channels number deliveries.

    Of what a help desk delivers by its own door, what came at `listed_from` or later is still listed.
    """

    channels: Mapping[str, timedelta | None] = field(default_factory=dict)
    numbered: frozenset[str] = frozenset()
    listed_from: Mapping[str, datetime | None] = field(default_factory=dict)

    def due(self, rows: Iterable[ReceivedDelivery], now: datetime) -> list[ReceivedDelivery]:
        """Return the rows of deliveries that go."""
        return [row for row in rows if row.outcome is InboxOutcome.DONE and self._is_over(row, now)]

    def _is_over(self, row: ReceivedDelivery, now: datetime) -> bool:
        if row.door in self.listed_from:
            oldest = self.listed_from[row.door]
            if oldest is None or row.received_at >= oldest:
                return False
        period = self._period(row)
        return period is not None and row.received_at < now - period

    def _period(self, row: ReceivedDelivery) -> timedelta | None:
        if row.key == span_key(row.door):
            return None
        if row.channel in self.channels:
            return self.channels[row.channel]
        return _STAY


def _delete(rows: InputRows) -> UpdateBase:
    is_row = (_inbox.key == rows.c["key"], _inbox.outcome == text_literal(InboxOutcome.DONE))
    return delete(t.inbox).where(*is_row)


def _put(rows: InputRows) -> UpdateBase:
    written = rows.insert({column.name: rows.c[column.name] for column in t.inbox.columns})
    fresh = {name: written.excluded[name] for name in ("received_at", "why")}
    return written.on_conflict_do_update(index_elements=["key"], set_=fresh)


_DELETE = Write(t.inbox, (_inbox.key,), _delete)
_DELETE_RETRIES = delete_by_key(t.notes, t.notes.c.key)
_PUT_SPAN = Write(t.inbox, stored_columns(InboxRow), _put)
_REMEMBER = Write(
    t.known_events,
    tuple(t.known_events.columns),
    lambda rows: rows.insert({"hash": rows.c["hash"]}).on_conflict_do_nothing(),
)


async def listed_deliveries(session: Session) -> dict[str, datetime | None]:
    """Return from when on each help desk's deliveries are listed, by its door; None: all of them are."""
    doors = [door for (door,) in await session.fetch(_DESKS)]
    oldest = {door: await session.fetch(_LAST_LISTED, door=door) for door in doors}
    return {door: next((at for (at,) in found), None) for door, found in oldest.items()}


async def delete_deliveries(
    periods: DoorPeriods, due: Sequence[ReceivedDelivery], session: Session, _now: datetime
) -> int:
    """Delete rows, and keep by what their deliveries are known from now on; return the number of rows deleted."""
    events = sorted({event_hash(row.key) for row in due if row.key.startswith(_EVENT_KEY)})
    await session.write(_REMEMBER, [(hash_,) for hash_ in events])
    by_door: defaultdict[str, list[ReceivedDelivery]] = defaultdict(list)
    for row in due:
        if row.channel in periods.numbered:
            by_door[row.door].append(row)
    for door, rows in sorted(by_door.items()):
        await _extend_span(session, door, rows)
    await session.write(_DELETE_RETRIES, [(retries_key(row.key),) for row in due])
    return await session.write(_DELETE, [(row.key,) for row in due])


async def _extend_span(session: Session, door: str, rows: Iterable[ReceivedDelivery]) -> None:
    found = await session.records(InboxRow, INBOX, keys=[span_key(door)])
    span = span_of(found[0]) if found else None
    for row in sorted(rows, key=lambda one: one.received_at):
        number = row.number
        if number is not None:
            known = DeliverySpan(number, number, row.received_at)
            span = known if span is None else span.joined(number, row.received_at)
    if span is not None:
        await session.write(_PUT_SPAN, [row_of(InboxRow)(span.row(door))])
