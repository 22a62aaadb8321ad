"""The statements of erasure: each empties, deletes or renames rows of one table."""

from typing import Any

from sqlalchemy import Column, LargeBinary, Table, Text, delete, literal_column, null, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.outbox.model import SendingState
from storage.connection.session import Write
from storage.dialects import InputRows
from storage.model.records import InboxOutcome
from storage.schema import tables as t
from storage.schema.column_types import EnumText
from storage.schema.inbox_conditions import is_passive_reply
from storage.schema.literals import EMPTY, ONE, text_literal

__all__ = [
    "DELETE_CONTACTS",
    "DELETE_CUSTOMER",
    "DELETE_DELIVERIES",
    "DELETE_GRANTS",
    "DELETE_TOKENS",
    "DELETE_WINDOWS",
    "EMPTY_ANSWER_TEXTS",
    "EMPTY_DELIVERIES",
    "EMPTY_EXCLUSIONS",
    "EMPTY_MESSAGES",
    "EMPTY_PASSIVE_REPLIES",
    "EMPTY_TIERS",
    "EMPTY_VOICES",
    "EXCLUSION_TEXTS",
    "INSERT_TOMBSTONES",
    "REDACT_EVENTS",
    "RENAME_CUSTOMER",
    "delete_by_key",
]


EXCLUSION_TEXTS = ("note", "decision", "appeal", "review")
"""What people wrote about a response, in which a customer may be named."""
_NO_EXCLUSION_TEXTS = dict.fromkeys(EXCLUSION_TEXTS, EMPTY) | {"evidence": literal_column("'[]'", Text)}


def delete_by_key(table: Table, *columns: Column[Any]) -> Write:
    """Return the statement that deletes the rows with these keys."""

    def build(rows: InputRows) -> UpdateBase:
        return delete(table).where(*(column == rows.c[column.name] for column in columns))

    return Write(table, columns, build)


def _renaming(column: Column[Any]) -> Write:
    """Return the statement that replaces a customer id in a column.

    Row versions stay as they are: the lock on the customer's row keeps out other decisions about the customer.
    """
    table = t.METADATA.tables[column.table.name]

    def build(rows: InputRows) -> UpdateBase:
        return update(table).where(column == rows.c["old"]).values({column.name: rows.c["new"]})

    return Write(table, (Column("old", Text), Column("new", Text)), build)


def _customer_columns() -> list[Column[Any]]:
    """Return every column of any table that holds customer ids: by its foreign key or by its name."""
    every = (column for table in t.METADATA.sorted_tables for column in table.columns)
    return [column for column in every if column.references(t.customers.c.id) or column.name == "customer"]


RENAME_CUSTOMER = tuple(map(_renaming, _customer_columns()))
DELETE_CONTACTS = delete_by_key(t.contacts, t.contacts.c.customer)
DELETE_TOKENS = delete_by_key(t.tokens, t.tokens.c.customer)
DELETE_WINDOWS = delete_by_key(t.windows, t.windows.c.channel, t.windows.c.chat)
DELETE_GRANTS = delete_by_key(t.grants, t.grants.c.channel, t.grants.c.chat)
DELETE_CUSTOMER = delete_by_key(t.customers, t.customers.c.id)
DELETE_DELIVERIES = delete_by_key(t.inbox, t.inbox.c.key)
EMPTY_EXCLUSIONS = Write(
    t.exclusions,
    (t.exclusions.c.id,),
    lambda rows: (
        update(t.exclusions)
        .where(t.exclusions.c.id == rows.c["id"])
        .values({**_NO_EXCLUSION_TEXTS, "version": t.exclusions.c.version + ONE})
    ),
)
EMPTY_TIERS = Write(
    t.closings,
    (t.closings.c.customer,),
    lambda rows: (
        update(t.closings).where(t.closings.c.customer == rows.c["customer"]).values(tier=EMPTY, contact_key=EMPTY)
    ),
)
EMPTY_VOICES = Write(
    t.finding_voices,
    (t.finding_voices.c.finding, t.finding_voices.c.customer),
    lambda rows: (
        update(t.finding_voices)
        .where(
            t.finding_voices.c.finding == rows.c["finding"],
            t.finding_voices.c.customer == rows.c["customer"],
        )
        .values(said=EMPTY)
    ),
)
EMPTY_ANSWER_TEXTS = Write(
    t.answer_logs,
    (t.answer_logs.c.response, t.answer_logs.c.number),
    lambda rows: (
        update(t.answer_logs)
        .where(t.answer_logs.c.response == rows.c["response"], t.answer_logs.c.number == rows.c["number"])
        .values(text=null())
    ),
)
REDACT_EVENTS = Write(
    t.issue_events,
    (t.issue_events.c.issue, t.issue_events.c.number, Column("by", Text), Column("text", Text)),
    lambda rows: (
        update(t.issue_events)
        .where(t.issue_events.c.issue == rows.c["issue"], t.issue_events.c.number == rows.c["number"])
        .values(by=rows.c["by"], text=rows.c["text"])
    ),
)
EMPTY_MESSAGES = Write(
    t.outbox,
    (
        Column("id", Text),
        Column("chat", Text),
        Column("receipt", Text),
        Column("status", EnumText(SendingState)),
    ),
    lambda rows: (
        update(t.outbox)
        .where(t.outbox.c.id == rows.c["id"])
        .values(
            chat=rows.c["chat"],
            receipt=rows.c["receipt"],
            status=rows.c["status"],
            leased_until=null(),
            why=EMPTY,
            text_hash=null(),
        )
    ),
)
EMPTY_DELIVERIES = Write(
    t.inbox,
    (Column("key", Text), Column("door", Text), Column("raw", LargeBinary), Column("answer", Text)),
    lambda rows: (
        update(t.inbox)
        .where(t.inbox.c.key == rows.c["key"])
        .values(
            door=rows.c["door"],
            raw=rows.c["raw"],
            answer=rows.c["answer"],
            outcome=text_literal(InboxOutcome.DONE),
            why=EMPTY,
        )
    ),
)
EMPTY_PASSIVE_REPLIES = Write(
    t.inbox,
    (Column("key", Text),),
    lambda rows: update(t.inbox).where(t.inbox.c.key == rows.c["key"], is_passive_reply()).values(answer=EMPTY),
)
INSERT_TOMBSTONES = Write(
    t.tombstones,
    tuple(t.tombstones.columns),
    lambda rows: rows.insert({c.name: rows.c[c.name] for c in t.tombstones.columns}).on_conflict_do_nothing(),
)
