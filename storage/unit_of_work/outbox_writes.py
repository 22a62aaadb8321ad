"""The statements by which outgoing messages change: settled, moved, cancelled, overtaken, leased."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Text,
    and_,
    case,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql.dml import UpdateBase

from dialogs.messages import Prompt
from dialogs.outbox.machine import MessageCancelled, MessageOvertaken, SendingEvent, sources_of, target_of
from dialogs.outbox.model import FINAL, WAITING, SendingState
from storage.connection.codec import row_of, stored_columns
from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.model.records import OutboxMessage
from storage.schema import tables as t
from storage.schema.column_types import EnumText, Instant, NestedJson
from storage.schema.literals import EMPTY, ONE, ZERO, is_one_of, text_literal

__all__ = [
    "CANCEL_ABOUT",
    "CANCEL_CAMPAIGN",
    "CANCEL_CUSTOMER",
    "DROP_OVERTAKEN",
    "DROP_PROMPTS",
    "DROP_WORDINGS",
    "MARK",
    "MOVE_CONTACTS",
    "MOVE_MESSAGES",
    "NEVER",
    "SEND_ANEW",
    "SETTLE",
    "supersede",
    "write_messages",
]

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a message is due that is held until something else happens, such as the customer writing.

Not the very last moment of the calendar: asyncpg takes that for infinity, and gives it back without a zone.
"""

_out = t.outbox.c


def _settle(rows: InputRows) -> UpdateBase:
    """Settle where the table of the outbox has a row for it; of what is over, only a doubt may become a proof."""
    new = rows.c
    moves = [
        (new["status"] == text_literal(target_of(event))) & is_one_of(_out.status, *sources_of(event))
        for event in get_args(SendingEvent)
    ]
    is_over = is_one_of(new["status"], *FINAL)
    return (
        update(t.outbox)
        .where(_out.id == new["id"], or_(*moves))
        .values(
            status=new["status"],
            receipt=case((new["receipt"] == EMPTY, _out.receipt), else_=new["receipt"]),
            why=new["why"],
            sent_at=case((new["status"] == text_literal(SendingState.SENT), new["at"]), else_=_out.sent_at),
            not_before=case((is_over, null()), else_=func.coalesce(new["not_before"], t.NOT_BEFORE)),
            expires_at=case((is_over, null()), else_=_out.expires_at),
            leased_until=null(),
        )
    )


SETTLE = Write(
    t.outbox,
    (
        Column("id", Text),
        Column("status", EnumText(SendingState)),
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
        .where(_out.id == rows.c["id"], _out.status == text_literal(SendingState.PENDING))
        .values(edits=null(), receipt=EMPTY)
    ),
)

_MOVE = (Column("channel", Text), Column("old", Text), Column("chat", Text))


def _move_messages(state: SendingState) -> Write:
    """Return the statement that moves messages in one state: for each there is an index of what waits, and no other."""
    return Write(
        t.outbox,
        _MOVE,
        lambda rows: (
            update(t.outbox)
            .where(_out.channel == rows.c["channel"], _out.chat == rows.c["old"], is_one_of(_out.status, state))
            .values(chat=rows.c["chat"])
        ),
    )


MOVE_MESSAGES = tuple(map(_move_messages, (*WAITING, SendingState.LEASED)))


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


def _cancel(column: Column[Any], *conditions: ColumnElement[bool], **changed: ColumnElement[Any]) -> Write:
    return Write(
        t.outbox,
        (Column("whose", Text), Column("purpose", Text)),
        lambda rows: (
            update(t.outbox)
            .where(
                column == rows.c["whose"],
                *conditions,
                _out.purpose == rows.c["purpose"],
                is_one_of(_out.status, *sources_of(MessageCancelled)),
            )
            .values(status=text_literal(target_of(MessageCancelled)), **changed)
        ),
    )


CANCEL_CUSTOMER = _cancel(_out.customer)
CANCEL_ABOUT = _cancel(_out.about)
CANCEL_CAMPAIGN = _cancel(_out.campaign, _out.campaign != EMPTY, why=text_literal("cancelled"))


def _supersede(rows: InputRows) -> UpdateBase:
    """Supersede all but the last of the waiting edits of one message."""
    later = t.outbox.alias("later").c
    is_overtaken = (
        select(later.seq)
        .where(
            later.edits == _out.edits,
            later.seq > _out.seq,
            ~is_one_of(later.status, SendingState.CANCELLED, SendingState.DEAD),
        )
        .exists()
    )
    return (
        update(t.outbox)
        .where(_out.edits == rows.c["edits"], is_one_of(_out.status, *sources_of(MessageOvertaken)), is_overtaken)
        .values(status=text_literal(target_of(MessageOvertaken)))
    )


_SUPERSEDE = Write(t.outbox, (Column("edits", Text),), _supersede)


# -- what they say ----------------------------------------------------------------------------------------------------

_INSERT = stored_columns(OutboxMessage)
_ROW = row_of(OutboxMessage)


def _insert_messages(rows: InputRows) -> UpdateBase:
    is_held = rows.c["status"] == text_literal(SendingState.HELD)
    later = case((is_held, rows.c["not_before"]), else_=func.nullif(rows.c["not_before"], rows.c["created_at"]))
    values = {column.name: rows.c[column.name] for column in _INSERT} | {"not_before": later}
    return rows.insert(values).on_conflict_do_nothing(index_elements=["id"])


INSERT_MESSAGES = Write(t.outbox, _INSERT, _insert_messages)
"""A message is derived from what caused it: one that is there already stays as it is."""


def _insert_prompt(rows: InputRows) -> UpdateBase:
    """Write what a message says that has just been written; what an older one of its id said may be gone for good."""
    is_new = (_out.id == rows.c["id"], _out.created_at == rows.c["created_at"])
    is_there = select(t.prompts.c.message).where(t.prompts.c.message == _out.id).exists()
    said = select(_out.id, rows.c["body"], rows.c["file"]).where(*is_new, ~is_there)
    return insert(t.prompts).from_select(["message", "body", "file"], said)


INSERT_PROMPTS = Write(
    t.prompts,
    (Column("id", Text), Column("created_at", Instant), Column("body", NestedJson(Prompt)), Column("file", Text)),
    _insert_prompt,
)
INSERT_NEW_PROMPTS = Write(
    t.prompts, tuple(t.prompts.columns), lambda rows: rows.insert({c.name: rows.c[c.name] for c in t.prompts.columns})
)
"""The same where all of the messages are new, which spares a look at each."""
DROP_PROMPTS = Write(
    t.prompts, (Column("id", Text),), lambda rows: delete(t.prompts).where(t.prompts.c.message == rows.c["id"])
)


def _overtaken(rows: InputRows) -> ColumnElement[bool]:
    """Find what stood in the chat, or was to stand there, before an edit of the same message was delivered."""
    return and_(
        _out.edits == rows.c["edits"], _out.id != rows.c["id"], ~is_one_of(_out.status, *WAITING, SendingState.LEASED)
    )


def _drop_overtaken(rows: InputRows) -> UpdateBase:
    """Delete overtaken edits of which no more is to be told than that: neither a second try nor a platform's code."""
    went_well = and_(_out.status == text_literal(SendingState.SENT), _out.attempts == ONE)
    never_went = and_(_out.status == text_literal(SendingState.SUPERSEDED), _out.attempts == ZERO)
    has_tries = select(t.attempts.c.message).where(t.attempts.c.message == _out.id).exists()
    return delete(t.outbox).where(_overtaken(rows), or_(went_well, never_went), _out.campaign == EMPTY, ~has_tries)


def _drop_wordings(rows: InputRows) -> UpdateBase:
    others = union_all(select(rows.c["edits"]), select(_out.id).where(_overtaken(rows)))
    return delete(t.prompts).where(t.prompts.c.message.in_(others))


_DELIVERED = (Column("id", Text), Column("edits", Text))
DROP_OVERTAKEN = Write(t.outbox, _DELIVERED, _drop_overtaken)
DROP_WORDINGS = Write(t.prompts, _DELIVERED, _drop_wordings)
"""Together they leave of a message the edit that was delivered last, and what it edits, without words."""


async def write_messages(session: Session, messages: Collection[OutboxMessage]) -> int:
    """Write messages with what they say; return how many were not there yet."""
    written = await session.write(INSERT_MESSAGES, list(map(_ROW, messages)))
    if written == len(messages):
        await session.write(INSERT_NEW_PROMPTS, [(one.id, one.prompt, _file(one)) for one in messages])
    else:
        await session.write(INSERT_PROMPTS, [(one.id, one.created_at, one.prompt, _file(one)) for one in messages])
    return written


def _file(message: OutboxMessage) -> str | None:
    return message.prompt.file.hash if message.prompt.file is not None else None


async def supersede(session: Session, edited: Iterable[str | None]) -> None:
    """Drop the waiting edits of these messages that a later edit has overtaken."""
    await session.write(_SUPERSEDE, [(each,) for each in sorted(filter(None, edited))])


def _mark(rows: InputRows) -> UpdateBase:
    new = rows.c
    return (
        update(t.outbox)
        .where(_out.id == new["id"])
        .values(
            status=new["status"],
            why=new["why"],
            leased_until=new["leased_until"],
            attempts=_out.attempts + new["more_attempts"],
        )
    )


MARK = Write(
    t.outbox,
    (
        Column("id", Text),
        Column("status", EnumText(SendingState)),
        Column("why", Text),
        Column("leased_until", Instant),
        Column("more_attempts", Integer),
    ),
    _mark,
)
"""Writes what messages have become: id, status, why, until when they are leased, how many attempts more."""
