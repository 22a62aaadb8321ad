"""Reads of findings: a list by pages, one with the customers who raised it, and those whose time has come."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Text, bindparam, or_, select

from dialogs.campaign.model import CampaignState, TargetState
from dialogs.improvement.model import Finding, FindingState, Voice
from dialogs.outbox.model import SendingState
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.reads.listings import FilteredList, Page
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal
from storage.unit_of_work.selects import FINDING_ROWS, VOICE_ROWS, all_of

__all__ = ["CancelledNotice", "FindingFilter", "FindingReads", "RaisedFinding"]

_finding = t.findings.c
_ALL = all_of(Finding)
_ORDER = (_finding.opened_at, _finding.id)
_WANTED = {
    "states": among("of_states", _finding.state),
    "kind": _finding.kind == bindparam("of_kind", type_=Text()),
    "department": _finding.department == bindparam("of_department", type_=Text()),
}
_LIST = FilteredList(Finding, _ALL, _ORDER, _WANTED)
_GIVERS = select(t.interviews.c.id, t.interviews.c.customer).where(among("keys", t.interviews.c.id))
_NAMES = select(t.customers.c.id, t.customers.c.name).where(among("keys", t.customers.c.id))
_DUE = all_of(Finding, _finding.look_at <= bindparam("now", type_=Instant())).order_by(_finding.look_at)
_FINDING = bindparam("finding", type_=Text())
_target, _outbox = t.campaign_targets.c, t.outbox.c
_CANCELLED = (
    select(t.campaigns.c.id)
    .join(t.findings, _finding.campaign == t.campaigns.c.id)
    .where(_finding.id == _FINDING, t.campaigns.c.state == text_literal(CampaignState.CANCELLED))
)
_NEVER_CAME = (SendingState.CANCELLED, SendingState.SUPERSEDED, SendingState.DEAD)
_REACHED = (
    select(_target.customer)
    .select_from(t.finding_voices)
    .join(t.campaign_targets, _target.customer == t.finding_voices.c.customer)
    .join(t.campaigns, t.campaigns.c.id == _target.campaign)
    .outerjoin(t.outbox, _outbox.id == _target.message)
    .where(
        t.finding_voices.c.finding == _FINDING,
        t.campaigns.c.origin == _FINDING,
        _target.state == text_literal(TargetState.HANDED),
        or_(_outbox.status.is_(None), ~is_one_of(_outbox.status, *_NEVER_CAME)),
    )
)
"""A message that is no longer stored was settled long ago."""


class FindingFilter(Value):
    """Which findings are wanted; empty for any."""

    states: tuple[FindingState, ...] = ()
    kind: str = ""
    department: str = ""


class CancelledNotice(Value):
    """The latest notice of a finding, a `campaign` that was cancelled, and whom any of its notices may have reached."""

    campaign: str
    reached: frozenset[str]


class RaisedFinding(Value):
    """A finding with the customers who raised it."""

    finding: Finding
    voices: tuple[Voice, ...]


class FindingReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, wanted: FindingFilter, cursor: str | None, limit: int) -> Page[RaisedFinding]:
        """List findings in the order in which they were opened; raises ValueError for a malformed cursor."""
        page = await _LIST.page(self._store, wanted, cursor, limit)
        return Page(tuple(await self._raised(page.items)), page.next)

    async def find(self, finding: str) -> RaisedFinding | None:
        """Return a finding, None if there is no such one."""
        async with self._store.reading() as session:
            found = await session.records(Finding, FINDING_ROWS, keys=[finding])
        return next(iter(await self._raised(found)), None)

    async def due(self, now: datetime) -> list[Finding]:
        """Return the findings that time changes by now, those due first before those due later."""
        async with self._store.reading() as session:
            return await session.records(Finding, _DUE, now=now)

    async def customers_of(self, responses: Collection[str]) -> dict[str, str]:
        """Return who gave each of these responses."""
        async with self._store.reading() as session:
            return dict(await session.fetch(_GIVERS, keys=responses)) if responses else {}

    async def names_of(self, customers: Collection[str]) -> dict[str, str]:
        """Return the names of customers, by their ids."""
        async with self._store.reading() as session:
            return dict(await session.fetch(_NAMES, keys=sorted(set(customers)))) if customers else {}

    async def cancelled_notice(self, finding: str) -> CancelledNotice | None:
        """Return the notice of a finding where it was cancelled; None where there is none, or it goes on or is over.

        Nobody is reached by it any more then: what waited was cancelled with it, and what is being sent counts.
        """
        async with self._store.reading() as session:
            latest = await session.fetch(_CANCELLED, finding=finding)
            reached = await session.fetch(_REACHED, finding=finding) if latest else ()
        return CancelledNotice(latest[0][0], frozenset(customer for (customer,) in reached)) if latest else None

    async def _raised(self, found: Collection[Finding]) -> list[RaisedFinding]:
        if not found:
            return []
        async with self._store.reading() as session:
            voices = await session.records(Voice, VOICE_ROWS, findings=[one.id for one in found])
        by_finding = defaultdict[str, list[Voice]](list)
        for voice in voices:
            by_finding[voice.finding].append(voice)
        return [RaisedFinding(one, tuple(by_finding[one.id])) for one in found]
