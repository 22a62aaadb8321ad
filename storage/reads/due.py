"""Reads of what is due, for the scheduler, and of failed deliveries, for the start; none of them locks anything."""

from datetime import datetime

from sqlalchemy import Integer, Table, Text, bindparam, func, literal_column, select, union_all

from dialogs.ids import Ref, RefKind
from storage.connection.store import Store
from storage.model.records import InboxOutcome, InboxRow
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import text_literal
from storage.unit_of_work.selects import all_of

__all__ = ["DUE_TABLES", "due_refs", "failed_inbox", "next_wake"]

_LIMIT = bindparam("limit", type_=Integer())

DUE_TABLES: dict[RefKind, Table] = {
    RefKind.INVITATION: t.invitations,
    RefKind.INTERVIEW: t.interviews,
    RefKind.ISSUE: t.issues,
    RefKind.REQUEST: t.requests,
    RefKind.CAMPAIGN: t.campaigns,
}
"""Every table with a `wake_at`: the moment at which something has to be done about a row."""

_DUE = (
    union_all(
        *(
            select(literal_column(f"'{kind}'", Text).label("kind"), table.c.id, table.c.wake_at).where(
                table.c.wake_at <= bindparam("now", type_=Instant())
            )
            for kind, table in DUE_TABLES.items()
        )
    )
    .order_by(literal_column("3"))  # by position: the third column, `wake_at`
    .limit(_LIMIT)
)
_NEXT_WAKE = union_all(
    *(select(func.min(table.c.wake_at)).where(table.c.wake_at.is_not(None)) for table in DUE_TABLES.values())
)
_FAILED = (
    all_of(InboxRow, t.inbox.c.outcome == text_literal(InboxOutcome.FAILED))
    .order_by(t.inbox.c.received_at, t.inbox.c.key)
    .limit(_LIMIT)
)


async def due_refs(store: Store, now: datetime, limit: int) -> list[Ref]:
    """Return references to what is due, in the order in which it fell due."""
    async with store.reading() as session:
        return [Ref(RefKind(kind), key) for kind, key, _ in await session.fetch(_DUE, now=now, limit=limit)]


async def next_wake(store: Store) -> datetime | None:
    """Return the moment at which the next thing is due, past or future; None where nothing is planned."""
    async with store.reading() as session:
        found = [moment for (moment,) in await session.fetch(_NEXT_WAKE)]
    return min((moment for moment in found if moment is not None), default=None)


async def failed_inbox(store: Store, limit: int) -> list[InboxRow]:
    """Return the deliveries whose decision failed, oldest first; they are processed again at the next start."""
    async with store.reading() as session:
        return await session.records(InboxRow, _FAILED, limit=limit)
