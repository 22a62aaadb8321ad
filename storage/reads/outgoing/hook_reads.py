"""Reads of outgoing webhooks: endpoints, when each is due, and what became of deliveries."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, Text, bindparam, exists, select

from storage.connection.store import Store
from storage.model.outgoing.hook_records import EndpointStatus, HookDelivery, HookDeliveryStatus, HookEndpoint
from storage.outgoing.delivery_claims import delivery_columns, still_open, under_way
from storage.reads.listings import Page
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import text_literal
from storage.unit_of_work.selects import HOOK_ENDPOINTS, all_of

__all__ = ["ENDPOINTS", "HookReads"]

_endpoint, _delivery, _event = t.hook_endpoints.c, t.hook_deliveries.c, t.hook_events.c
_earlier = t.hook_deliveries.alias("earlier")
_DELIVERED = text_literal(HookDeliveryStatus.DELIVERED)
_MOST_FAILED = 20
_TO = bindparam("endpoint", type_=Text())
ENDPOINTS = all_of(HookEndpoint, _endpoint.state != text_literal(EndpointStatus.REMOVED)).order_by(
    _endpoint.created_at, _endpoint.id
)
_NEXT = (
    select(_delivery.due_at)
    .where(
        _delivery.endpoint == _TO,
        still_open(_delivery.state),
        ~exists().where(
            _earlier.c.endpoint == _delivery.endpoint,
            _earlier.c.subject == _delivery.subject,
            _earlier.c.number < _delivery.number,
            still_open(_earlier.c.state),
        ),
    )
    .order_by(_delivery.due_at)
    .limit(1)
)
_LOG = (
    select(*delivery_columns())
    .where(
        _delivery.endpoint == _TO,
        _event.id == _delivery.event,
        _delivery.number < bindparam("before", type_=BigInteger()),
    )
    .order_by(_delivery.number.desc())
    .limit(bindparam("limit", type_=Integer()))
)
_ONE = select(*delivery_columns()).where(
    _delivery.number == bindparam("number", type_=BigInteger()), _event.id == _delivery.event
)
FAILED = (
    select(*delivery_columns())
    .where(_delivery.state == text_literal(HookDeliveryStatus.FAILED), _event.id == _delivery.event)
    .order_by(_delivery.endpoint, _delivery.number)
    .limit(_MOST_FAILED)
)
TAKEN_SINCE = (
    select(_delivery.number)
    .where(
        _delivery.endpoint == _TO,
        _delivery.number > bindparam("number", type_=BigInteger()),
        _delivery.state == _DELIVERED,
        _delivery.attempted_at > bindparam("since", type_=Instant()),
    )
    .limit(1)
)
_NEWEST = 2**62


class HookReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def endpoints(self) -> list[HookEndpoint]:
        """Return every endpoint that was not removed, in the order in which they were added."""
        async with self._store.reading() as session:
            return await session.records(HookEndpoint, ENDPOINTS)

    async def endpoint(self, endpoint: str) -> HookEndpoint | None:
        """Return an endpoint by its id; None where it was removed, too."""
        async with self._store.reading() as session:
            found = await session.records(HookEndpoint, HOOK_ENDPOINTS, keys=[endpoint])
        return next((one for one in found if one.state is not EndpointStatus.REMOVED), None)

    async def next_due(self, endpoint: str) -> datetime | None:
        """Return when the next delivery to an endpoint may be sent, None where there is none."""
        async with self._store.reading() as session:
            return next((at for (at,) in await session.fetch(_NEXT, endpoint=endpoint)), None)

    async def standing(self) -> tuple[list[HookEndpoint], list[HookDelivery]]:
        """Return every endpoint, and the first deliveries that were given up while their endpoints took others."""
        async with self._store.reading() as session:
            endpoints = await session.records(HookEndpoint, ENDPOINTS)
            return endpoints, [HookDelivery(*row) for row in await session.fetch(FAILED)]

    async def took_later_ones(self, delivery: HookDelivery) -> bool:
        """Return whether an endpoint has taken what came after a delivery, since that was tried first."""
        if delivery.since is None:
            return False
        wanted = {"endpoint": delivery.endpoint, "number": delivery.number, "since": delivery.since}
        async with self._store.reading() as session:
            return bool(await session.fetch(TAKEN_SINCE, **wanted))

    async def is_under_way(self, endpoint: str, now: datetime) -> bool:
        """Return whether something is being sent to an endpoint at this moment."""
        async with self._store.reading() as session:
            return await under_way(session, now, endpoint)

    async def deliveries(self, endpoint: str, cursor: str | None, limit: int) -> Page[HookDelivery]:
        """List deliveries to an endpoint, the newest first. Raises ValueError for a malformed cursor."""
        before = _NEWEST if cursor is None else int(cursor)
        async with self._store.reading() as session:
            rows = await session.fetch(_LOG, endpoint=endpoint, before=before, limit=limit + 1)
        found = [HookDelivery(*row) for row in rows[:limit]]
        return Page(tuple(found), str(found[-1].number) if len(rows) > limit else None)

    async def delivery(self, number: int) -> HookDelivery | None:
        """Return a delivery by its number."""
        async with self._store.reading() as session:
            return next((HookDelivery(*row) for row in await session.fetch(_ONE, number=number)), None)
