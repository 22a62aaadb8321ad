"""Reads what makes customers worth a call: their tier with a closing, and their complaints."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, type_coerce

from dialogs.issue.model import IssueKind
from scoring.complaints import ComplaintVerdict
from scoring.worth_call import CallCandidate
from storage.connection.store import Store
from storage.dialects import among
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.literals import EMPTY, is_one_of, text_literal

__all__ = ["read_call_candidates"]

_customer, _closing, _issue, _interview = t.customers.c, t.closings.c, t.issues.c, t.interviews.c
_was_closed = _closing.closed_at >= bindparam("since", type_=CompactInstant())
_tier = select(func.lower(_customer.tier)).where(_customer.id == _closing.customer).correlate(t.closings)
_OF_TIERS = select(_closing.customer).where(_was_closed, among("tiers", _tier.scalar_subquery())).distinct()
"""By the time of the closings, of which there are few within it: no index finds customers by their tier."""
_COMPLAINTS = (
    select(t.issue_customers.c.customer, _issue.opened_at, _issue.judgement)
    .select_from(t.issues.join(t.issue_customers, t.issue_customers.c.issue == _issue.id))
    .where(
        is_one_of(_issue.kind, IssueKind.COMPLAINT),
        _issue.opened_at >= bindparam("since", type_=Instant()),
        _issue.merged_into.is_(None),
    )
)
_closed_at = (
    select(func.max(_closing.closed_at))
    .where(_closing.customer == _customer.id, _was_closed)
    .correlate(t.customers)
    .scalar_subquery()
)
_called_at = (
    select(func.max(func.coalesce(_interview.completed_at, _interview.asked_at)))
    .where(_interview.customer == _customer.id, _interview.channel == text_literal("phone"))
    .correlate(t.customers)
    .scalar_subquery()
)
_DETAILS = select(
    _customer.id,
    _customer.name,
    _customer.tier,
    case((_customer.phone != EMPTY, 1), else_=0),
    case((_customer.opted_out_at.is_not(None), 1), else_=0),
    type_coerce(_closed_at, CompactInstant()),
    type_coerce(_called_at, Instant()),
).where(among("customers", _customer.id))


async def read_call_candidates(
    store: Store, since: datetime, tiers: Collection[str], complaints: int
) -> list[CallCandidate]:
    """Read customers of these tiers, in lower case, with a closing since then, and those with so many complaints."""
    async with store.reading() as session:
        known = {id_ for (id_,) in await session.fetch(_OF_TIERS, since=since, tiers=sorted(tiers))}
        rows = await session.fetch(_COMPLAINTS, since=since)
        valid = [row for row in rows if row[2].verdict is not ComplaintVerdict.INVALID]
        often = Counter(customer for customer, _, _ in valid)
        latest = {customer: at for customer, at, _ in sorted(valid, key=lambda row: row[1])}
        known |= {customer for customer, n in often.items() if 0 < complaints <= n}
        found = await session.fetch(_DETAILS, customers=sorted(known), since=since)
    return [_candidate(row, often[row[0]], latest.get(row[0])) for row in found]


def _candidate(row: tuple[Any, ...], complaints: int, complained_at: datetime | None) -> CallCandidate:
    customer, name, tier, has_phone, is_opted_out, closed_at, called_at = row
    return CallCandidate(
        customer=customer,
        name=name,
        tier=tier,
        has_phone=bool(has_phone),
        is_opted_out=bool(is_opted_out),
        complaints=complaints,
        complained_at=complained_at,
        closed_at=closed_at,
        called_at=called_at,
    )
