"""The statements by which a batch is written (`storage.unit_of_work.apply`), one per table and kind of change."""

from typing import Any

from sqlalchemy import Table, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from storage.connection.codec import TABLES, stored_columns
from storage.connection.session import Write
from storage.dialects import InputRows
from storage.model import records
from storage.model.fact_records import RatingFact
from storage.model.filled_forms import FilledForm
from storage.model.records import InboxOutcome
from storage.model.registers import Request
from storage.schema import tables as t
from storage.schema.literals import ONE, text_literal

__all__ = [
    "INSERT",
    "ISSUE_CUSTOMERS",
    "ISSUE_TICKETS",
    "MUTABLE",
    "UPDATE",
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
        return _as_it_stands_now(statement) if kind is RatingFact else statement

    return Write(table, columns, build)


def _as_it_stands_now(statement: Any) -> UpdateBase:  # noqa: ANN401 - an insert of either dialect
    """Return the insert by which a rating replaces the one before; whether it counts was decided with it."""
    keys = [column.name for column in t.ratings.primary_key]
    fresh = {name: statement.excluded[name] for name in ("value", "at", "status", "reason", "rules")}
    replaced: UpdateBase = statement.on_conflict_do_update(index_elements=keys, set_=fresh)
    return replaced


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
