"""The statements by which a batch is written (`storage.unit_of_work.apply`), one per table and kind of change."""

from typing import Any

from sqlalchemy import Column, Table, Text, case, func, null, or_, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from storage.connection.codec import TABLES, stored_columns
from storage.connection.session import Write
from storage.dialects import InputRows
from storage.model import records
from storage.model.records import InboxOutcome, Status
from storage.model.registers import Request
from storage.schema import tables as t
from storage.schema.column_types import EnumText, Instant
from storage.schema.literals import EMPTY, ONE, is_one_of, text_literal

__all__ = [
    "CANCEL_ABOUT",
    "CANCEL_CAMPAIGN",
    "CANCEL_CUSTOMER",
    "INSERT",
    "ISSUE_CUSTOMERS",
    "ISSUE_TICKETS",
    "MOVE_CONTACTS",
    "MOVE_MESSAGES",
    "MUTABLE",
    "SEND_ANEW",
    "SETTLE",
    "SUPERSEDE",
    "UPDATE",
    "WAITING",
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
    Issue,
    Campaign,
    Run,
    Target,
    Request,
)
"""What carries a version: 0 is new; whoever writes n + 1 has seen n."""

WAITING = (Status.PENDING, Status.HELD)
_out = t.outbox.c


def _insert(kind: type) -> Write:
    table, columns = TABLES[kind], stored_columns(kind)

    def build(rows: InputRows) -> UpdateBase:
        values = {column.name: rows.c[column.name] for column in columns}
        if kind in MUTABLE:
            values["version"] += ONE
        statement = rows.insert(values)
        if kind is records.OutboxMessage:
            return statement.on_conflict_do_nothing(index_elements=["id"])  # derived once
        if kind is records.InboxRow:  # heard once, but what failed is tried again
            fresh = {name: statement.excluded[name] for name in ("outcome", "raw", "answer", "why")}
            failed = t.inbox.c.outcome == text_literal(InboxOutcome.FAILED)
            return statement.on_conflict_do_update(index_elements=["key"], set_=fresh, where=failed)
        return statement

    return Write(table, columns, build)


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

# -- what became of messages ----------------------------------------------------------------------------------


def _settle(rows: InputRows) -> UpdateBase:
    """Settle what is under way; of what is over, only a doubt may still become a proof."""
    new = rows.c
    is_proof = (_out.status == text_literal(Status.UNKNOWN)) & (new["status"] == text_literal(Status.SENT))
    return (
        update(t.outbox)
        .where(_out.id == new["id"], or_(is_one_of(_out.status, *WAITING, Status.LEASED), is_proof))
        .values(
            status=new["status"],
            receipt=case((new["receipt"] == EMPTY, _out.receipt), else_=new["receipt"]),
            why=new["why"],
            sent_at=case((new["status"] == text_literal(Status.SENT), new["at"]), else_=_out.sent_at),
            not_before=func.coalesce(new["not_before"], _out.not_before),
            leased_until=null(),
        )
    )


SETTLE = Write(
    t.outbox,
    (
        Column("id", Text),
        Column("status", EnumText(Status)),
        Column("at", Instant),
        Column("receipt", Text),
        Column("why", Text),
        Column("not_before", Instant),
    ),
    _settle,
)
SEND_ANEW = Write(
    t.outbox,
    (Column("id", Text),),
    lambda rows: (
        update(t.outbox)
        .where(_out.id == rows.c["id"], _out.status == text_literal(Status.PENDING))
        .values(edits=null(), receipt=EMPTY)
    ),
)

_MOVE = (Column("channel", Text), Column("old", Text), Column("chat", Text))
MOVE_MESSAGES = Write(
    t.outbox,
    _MOVE,
    lambda rows: (
        update(t.outbox)
        .where(
            _out.channel == rows.c["channel"],
            _out.chat == rows.c["old"],
            is_one_of(_out.status, *WAITING, Status.LEASED),
        )
        .values(chat=rows.c["chat"])
    ),
)


def _move_contacts(rows: InputRows) -> UpdateBase:
    here, there = t.contacts.c, t.contacts.alias("there").c
    is_there = (
        select(there.customer)
        .where(there.customer == here.customer, there.channel == here.channel, there.chat == rows.c["chat"])
        .exists()
    )
    return (
        update(t.contacts)
        .where(here.channel == rows.c["channel"], here.chat == rows.c["old"], ~is_there)
        .values(chat=rows.c["chat"], version=here.version + ONE)
    )


MOVE_CONTACTS = Write(t.contacts, _MOVE, _move_contacts)


def _cancel(column: Column[Any], why: dict[str, Any] | None = None) -> Write:
    return Write(
        t.outbox,
        (Column("whose", Text), Column("purpose", Text)),
        lambda rows: (
            update(t.outbox)
            .where(column == rows.c["whose"], _out.purpose == rows.c["purpose"], is_one_of(_out.status, *WAITING))
            .values(status=text_literal(Status.CANCELLED), **(why or {}))
        ),
    )


CANCEL_CUSTOMER = _cancel(_out.customer)
CANCEL_ABOUT = _cancel(_out.about)
CANCEL_CAMPAIGN = _cancel(_out.campaign, {"why": text_literal("cancelled")})


def _supersede(rows: InputRows) -> UpdateBase:
    """Of the edits of one message that wait only the last is worth sending."""
    later = t.outbox.alias("later").c
    is_overtaken = (
        select(later.seq)
        .where(later.edits == _out.edits, later.seq > _out.seq, ~is_one_of(later.status, Status.CANCELLED, Status.DEAD))
        .exists()
    )
    return (
        update(t.outbox)
        .where(_out.edits == rows.c["edits"], _out.status == text_literal(Status.PENDING), is_overtaken)
        .values(status=text_literal(Status.SUPERSEDED))
    )


SUPERSEDE = Write(t.outbox, (Column("edits", Text),), _supersede)
