"""Write a batch's changes: per table one call for what is new and one for what has changed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dialogs.issue.model import Issue
from dialogs.outbox.machine import MessageCancelled
from dialogs.outbox.model import WAITING, SendingState
from storage.connection.codec import TABLES, row_of
from storage.connection.session import Session
from storage.dialects import among
from storage.model.errors import WriteConflict
from storage.model.fact_records import RatingFact
from storage.model.message_transitions import after_event
from storage.model.outgoing.hook_records import HookEvent
from storage.model.records import OutboxMessage
from storage.outgoing.fan_out import write_events
from storage.schema import tables as t
from storage.unit_of_work import outbox_writes as o
from storage.unit_of_work import writes as w
from storage.unit_of_work.anonymize import part
from storage.unit_of_work.changes import Cancel, Changes, Settle
from storage.unit_of_work.layers import key_of
from storage.unit_of_work.leases import Claimed, lease_new

__all__ = ["AlreadyWritten", "apply"]

Rows = dict[tuple[Any, ...], Any]

_ROW_OF: dict[type, Callable[[Any], Sequence[Any]]] = {kind: row_of(kind) for kind in TABLES}
_WHERE = select(t.outbox.c.id, t.outbox.c.channel, t.outbox.c.chat, t.outbox.c.edits).where(
    among("messages", t.outbox.c.id)
)


class AlreadyWritten(Exception):  # noqa: N818 - it is news, not a mistake
    """Some of the messages to be leased as they are written were there before, so whose the leases are is not known."""


async def apply(
    session: Session, decided: Sequence[Changes], now: datetime, admitted: Collection[str] = ()
) -> list[Claimed]:
    """Write what a batch has decided, in that order; raise WriteConflict where a row is not as it was when it was read.

    New messages that were `admitted` are leased as they are written: return what became of them. Raises AlreadyWritten
    where that cannot be told.

    What was settled comes first, then what is cancelled, then records: a decision's own messages outlive its cancels,
    and those of earlier decisions do not. Last, anonymous answers are parted from those who gave them.
    """
    await _settle(session, {settle.message: settle for changes in decided for settle in changes.settles})
    await _cancel(session, [cancel for changes in decided for cancel in changes.cancels])
    claims: list[Claimed] = []
    for kind, rows in _last(decided).items():
        if kind is OutboxMessage:
            claims = await _send(session, list(rows.values()), now, admitted)
        elif kind is HookEvent:
            await write_events(session, list(rows.values()))
        else:
            await _write(session, kind, rows)
    await part(session, (each for changes in decided for each in changes.anonymizations))
    return claims


def _last(decided: Iterable[Changes]) -> dict[type, Rows]:
    """Return the last wording of each record, by kind in the order of the tables."""
    last: dict[type, Rows] = {kind: {} for kind in TABLES}
    for changes in decided:
        if changes.cancels:
            _cancel_unwritten(last[OutboxMessage], changes.cancels)
        for record in changes.records:
            last[type(record)][key_of(record)] = record
    return {kind: rows for kind, rows in last.items() if rows}


def _cancel_unwritten(messages: Rows, cancels: Iterable[Cancel]) -> None:
    for key, message in messages.items():
        if message.status in WAITING and any(_concerns(cancel, message) for cancel in cancels):
            messages[key] = after_event(message, MessageCancelled())


def _concerns(cancel: Cancel, message: OutboxMessage) -> bool:
    return message.purpose in cancel.purposes and (
        (cancel.customer is not None and message.customer == cancel.customer)
        or (cancel.about is not None and message.about == cancel.about)
        or (cancel.campaign is not None and message.campaign == cancel.campaign)
    )


async def _write(session: Session, kind: type, rows: Rows) -> None:
    if kind is RatingFact:
        await w.write_ratings(session, rows.values())
    elif kind not in w.MUTABLE:
        await _insert(session, kind, list(rows.values()))
    else:
        await _insert(session, kind, [record for record in rows.values() if record.version == 0])
        await _change(session, kind, [record for record in rows.values() if record.version])
    if kind is Issue:
        await _link(session, rows.values())


async def _send(
    session: Session, messages: list[OutboxMessage], now: datetime, admitted: Collection[str]
) -> list[Claimed]:
    """Write new messages; those that are there already stay as they are, for they were derived from the same cause."""
    chosen = [one for one in messages if one.id in admitted and one.status is SendingState.PENDING]
    claims, judged = await lease_new(session, now, chosen) if chosen else ([], [])
    rows = list({one.id: one for one in (*messages, *judged)}.values())
    written = await o.write_messages(session, rows)
    if chosen and written != len(rows):
        raise AlreadyWritten
    await o.supersede(session, {each.edits for each in messages})
    return claims


async def _insert(session: Session, kind: type, records: list[Any]) -> None:
    written = await session.write(w.INSERT[kind], [_ROW_OF[kind](record) for record in records])
    if written != len(records):
        raise WriteConflict(f"{kind.__name__}: {len(records) - written} of {len(records)} were there already")


async def _change(session: Session, kind: type, records: list[Any]) -> None:
    written = await session.write(w.UPDATE[kind], [_ROW_OF[kind](record) for record in records])
    if written != len(records):
        raise WriteConflict(f"{kind.__name__}: {len(records) - written} of {len(records)} have changed meanwhile")


async def _link(session: Session, issues: Iterable[Issue]) -> None:
    """Keep the ways from tickets and customers to their issues."""
    listed = list(issues)
    await session.write(w.ISSUE_TICKETS, [(*ticket, issue.id) for issue in listed for ticket in issue.tickets])
    await session.write(w.ISSUE_CUSTOMERS, [(each, issue.id) for issue in listed for each in issue.customers])


async def _settle(session: Session, settles: dict[str, Settle]) -> None:
    if not settles:
        return
    await _move(session, [settle for settle in settles.values() if settle.chat])
    await session.write(o.SETTLE, [_settled(settle) for settle in settles.values()])
    if again := [s.message for s in settles.values() if s.status is SendingState.PENDING]:
        await o.supersede(session, [edits for _, _, _, edits in await session.fetch(_WHERE, messages=again)])
    await session.write(o.SEND_ANEW, [(s.message,) for s in settles.values() if s.send_anew])
    last = [(s.message, s.replaces) for s in settles.values() if s.replaces]
    for drop in (o.DROP_OVERTAKEN, o.DROP_WORDINGS):
        await session.write(drop, last)


def _settled(settle: Settle) -> tuple[Any, ...]:
    is_open_ended = settle.status is SendingState.HELD and settle.not_before is None
    again = o.NEVER if is_open_ended else settle.not_before
    return settle.message, settle.status, settle.at, settle.receipt, settle.why, again


async def _move(session: Session, settles: list[Settle]) -> None:
    """Follow chats that have moved, with everything that has yet to go there."""
    if not settles:
        return
    found = await session.fetch(_WHERE, messages=[settle.message for settle in settles])
    old = {message: (channel, chat) for message, channel, chat, _ in found}
    moves = {(*old[settle.message], settle.chat) for settle in settles if settle.message in old}
    for move in o.MOVE_MESSAGES:
        await session.write(move, sorted(moves))
    await session.write(o.MOVE_CONTACTS, sorted(moves))


async def _cancel(session: Session, cancels: list[Cancel]) -> None:
    by: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for cancel in cancels:
        for purpose in cancel.purposes:
            if cancel.customer is not None:
                by["customer"].add((cancel.customer, purpose.value))
            if cancel.about is not None:
                by["about"].add((cancel.about.id, purpose.value))
            if cancel.campaign is not None:
                by["campaign"].add((cancel.campaign, purpose.value))
    await session.write(o.CANCEL_CUSTOMER, sorted(by["customer"]))
    await session.write(o.CANCEL_ABOUT, sorted(by["about"]))
    await session.write(o.CANCEL_CAMPAIGN, sorted(by["campaign"]))
