"""Reads of what is due, for the scheduler; none of them locks anything."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from dialogs.ids import Ref, RefKind
from dialogs.issue.model import IssueState
from dialogs.time.doubt import Doubt
from storage.connection.store import Store
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import text_literal

__all__ = ["DUE_TABLES", "due_refs", "next_wake"]

_LIMIT = bindparam("limit", type_=Integer())

DUE_TABLES: dict[RefKind, Table] = {
    RefKind.INVITATION: t.invitations,
    RefKind.INTERVIEW: t.interviews,
    RefKind.ISSUE: t.issues,
    RefKind.REQUEST: t.requests,
    RefKind.CAMPAIGN: t.campaigns,
}
"""Every table with a `wake_at`: the moment at which something has to be done about a row."""

_ENDS: dict[RefKind, ColumnElement[Any]] = {
    RefKind.INVITATION: t.invitations.c.deadline_at,
    RefKind.INTERVIEW: t.interviews.c.expires_at,
    RefKind.ISSUE: case((t.issues.c.state == text_literal(IssueState.RESOLVED), t.issues.c.wake_at)),
    RefKind.CAMPAIGN: t.campaigns.c.next_at,
}
"""The moment with which something ends for good, is skipped or closed; see `dialogs.time.doubt.is_held`."""

_NOW, _SINCE, _UNTIL = (bindparam(name, type_=Instant()) for name in ("now", "since", "until"))


def _due(condition: Callable[[RefKind, Table], ColumnElement[bool] | None]) -> CompoundSelect[Any]:
    selects = []
    for kind, table in DUE_TABLES.items():
        named = literal_column(f"'{kind}'", Text).label("kind")
        rows = select(named, table.c.id, table.c.wake_at).where(table.c.wake_at <= _NOW)
        held = condition(kind, table)
        selects.append(rows if held is None else rows.where(func.coalesce(~held, true())))
    return union_all(*selects).order_by(literal_column("3")).limit(_LIMIT)  # by position: the third column, `wake_at`


def _ends_in_doubt(kind: RefKind, _table: Table) -> ColumnElement[bool] | None:
    ends = _ENDS.get(kind)
    return and_(ends <= _NOW, ends > _SINCE, ends < _UNTIL) if ends is not None else None


def _fell_due_in_doubt(kind: RefKind, table: Table) -> ColumnElement[bool]:
    fell_due, ends = and_(table.c.wake_at > _SINCE, table.c.wake_at < _UNTIL), _ends_in_doubt(kind, table)
    return fell_due if ends is None else or_(fell_due, ends)


_DUE = _due(lambda _kind, _table: None)
_DUE_UNCERTAIN = _due(_ends_in_doubt)
_DUE_CONTRADICTED = _due(_fell_due_in_doubt)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_NEXT_WAKE = union_all(
    *(select(func.min(table.c.wake_at)).where(table.c.wake_at.is_not(None)) for table in DUE_TABLES.values())
)


async def due_refs(store: Store, now: datetime, limit: int, doubt: Doubt | None = None) -> list[Ref]:
    """Return references to what is due, in the order in which it fell due; without what the doubt holds."""
    statement, values = _DUE, {"now": now, "limit": limit}
    if doubt is not None:
        statement = _DUE_CONTRADICTED if doubt.is_contradicted else _DUE_UNCERTAIN
        values |= {"since": doubt.since or _LONG_AGO, "until": doubt.until}
    async with store.reading() as session:
        return [Ref(RefKind(kind), key) for kind, key, _ in await session.fetch(statement, **values)]


async def next_wake(store: Store) -> datetime | None:
    """Return the moment at which the next thing is due, past or future; None where nothing is planned."""
    async with store.reading() as session:
        found = [moment for (moment,) in await session.fetch(_NEXT_WAKE)]
    return min((moment for moment in found if moment is not None), default=None)
