"""The statements by which a batch is written (`storage.unit_of_work.apply`), one per table and kind of change.

Of a rating what is the same for many, the item and its scale, is stored once and named by its number.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from storage.connection.codec import TABLES, stored_columns
from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.model import records
from storage.model.archive.report_records import ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.fact_records import RatingFact, RatingStatus
from storage.model.filled_forms import AssessmentFile, FilledForm
from storage.model.outgoing.hook_records import HookEndpoint
from storage.model.records import InboxOutcome
from storage.model.registers import Request
from storage.model.text_records import StoredPhrase
from storage.schema import tables as t
from storage.schema.fact_tables import UNDONE
from storage.schema.literals import ONE, text_literal

__all__ = [
    "INSERT",
    "ISSUE_CUSTOMERS",
    "ISSUE_TICKETS",
    "MUTABLE",
    "UPDATE",
    "write_ratings",
]

MUTABLE = (
    records.Customer,
    records.Ticket,
    records.Contact,
    records.Token,
    records.Member,
    records.Note,
    records.Window,
    records.Grant,
    Invitation,
    Interview,
    Exclusion,
    Issue,
    Campaign,
    Run,
    Target,
    Request,
    FilledForm,
    AssessmentFile,
    EnteredFigure,
    Finding,
    StoredPhrase,
    ArchivedReport,
    ReportRun,
    HookEndpoint,
)
"""What carries a version: 0 is new; whoever writes n + 1 has seen n."""


def _insert(kind: type) -> Write:
    table, columns = TABLES[kind], stored_columns(kind)

    def build(rows: InputRows) -> UpdateBase:
        values = {column.name: rows.c[column.name] for column in columns}
        if kind in MUTABLE:
            values["version"] += ONE
        statement = rows.insert(values)
        if kind is records.InboxRow:  # heard once, but what failed is tried again
            fresh = {name: statement.excluded[name] for name in ("outcome", "raw", "answer", "why")}
            failed = t.inbox.c.outcome == text_literal(InboxOutcome.FAILED)
            return statement.on_conflict_do_update(index_elements=["key"], set_=fresh, where=failed)
        if kind is records.StoredFile:  # the same again is needed anew, from now on
            fresh = {"stored_at": statement.excluded["stored_at"]}
            return statement.on_conflict_do_update(index_elements=["hash"], set_=fresh)
        return statement

    return Write(table, columns, build, writes_null=True)


def _update(kind: type) -> Write:
    table, columns = TABLES[kind], stored_columns(kind)
    fixed = tuple(column for column in columns if column.primary_key or "fixed" in column.info)
    changing = tuple(column for column in columns if not (column.primary_key or "fixed" in column.info))

    def build(rows: InputRows) -> UpdateBase:
        same = [column == rows.c[column.name] for column in (*fixed, table.c.version)]
        values = {column.name: rows.c[column.name] for column in changing}
        return update(table).where(*same).values({**values, "version": rows.c["version"] + ONE})

    return Write(table, columns, build)


INSERT: dict[type, Write] = {kind: _insert(kind) for kind in TABLES}
UPDATE: dict[type, Write] = {kind: _update(kind) for kind in MUTABLE}


def _linked(table: Table) -> Write:
    columns = tuple(table.columns)
    return Write(
        table, columns, lambda rows: rows.insert({c.name: rows.c[c.name] for c in columns}).on_conflict_do_nothing()
    )


ISSUE_TICKETS = _linked(t.issue_tickets)
ISSUE_CUSTOMERS = _linked(t.issue_customers)

_Item = tuple[Any, ...]
_columns = tuple(column for column in t.rated_items.columns if column.identity is None)
_NUMBERS = select(t.rated_items.c.id, *_columns).where(
    among("surveys", t.rated_items.c.survey, t.rated_items.c.survey_number)
)
_NEW_ITEMS = Write(
    t.rated_items,
    _columns,
    lambda rows: rows.insert({column.name: rows.c[column.name] for column in _columns}).on_conflict_do_nothing(),
)


def _as_they_stand_now(rows: InputRows) -> UpdateBase:
    """Return the insert by which a rating replaces the one before; whether it counts was decided with it."""
    statement = rows.insert({column.name: rows.c[column.name] for column in t.ratings.columns})
    fresh = {name: statement.excluded[name] for name in ("value", "at", "standing", "rules", "importance")}
    return statement.on_conflict_do_update(index_elements=["response", "rated_item"], set_=fresh)


_RATE = Write(t.ratings, tuple(t.ratings.columns), _as_they_stand_now)


async def write_ratings(session: Session, facts: Collection[RatingFact]) -> None:
    """Write ratings as they stand."""
    numbers = await _numbers(session, {_item_of(fact) for fact in facts})
    rows = [
        (one.response, numbers[_item_of(one)], one.value, one.at, _standing(one), one.rules, one.importance)
        for one in facts
    ]
    await session.write(_RATE, rows)


def _item_of(fact: RatingFact) -> _Item:
    return fact.survey, fact.survey_number, fact.item, fact.dimension, fact.lowest, fact.highest


def _standing(fact: RatingFact) -> str | None:
    if fact.status is RatingStatus.UNDONE:
        return UNDONE
    return None if fact.reason is None else fact.reason.value


async def _numbers(session: Session, items: set[_Item]) -> dict[_Item, int]:
    """Return the numbers of items, and give new ones theirs.

    Only what was stored before is remembered for the next time: what this transaction stores may be rolled back.
    """
    known: dict[_Item, int] = session.known.setdefault(_NUMBERS, {})
    if not items <= known.keys():
        known |= await _stored(session, items)
    if new := sorted(items - known.keys()):
        await session.write(_NEW_ITEMS, new)
        return known | await _stored(session, new)
    return known


async def _stored(session: Session, items: Iterable[_Item]) -> dict[_Item, int]:
    found = await session.fetch(_NUMBERS, surveys=sorted({item[:2] for item in items}))
    return {tuple(item): number for number, *item in found}
