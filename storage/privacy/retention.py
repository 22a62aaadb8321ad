"""Nothing is kept longer than its purpose needs: words, chats and copies are emptied when their time is over.

What is due is looked for beside the writer and emptied through it in portions; a row that has changed meanwhile is
left for the next time. Ratings, counts and times stay.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import UpdateBase

from dialogs.interview.model import OPEN, Interview
from dialogs.issue.model import UNSETTLED, Issue, IssueState
from dialogs.messages import Prompt
from scoring.values import Value, replace
from storage.connection.codec import row_of
from storage.connection.session import Session, Write
from storage.connection.store import Store
from storage.dialects import InputRows
from storage.model.records import InboxOutcome, Purpose, Status, TicketStatus
from storage.privacy.erasure import CUSTOMER_EVENTS, ERASED_ANSWER, delete_by_key, without_texts
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.inbox_conditions import is_passive_reply
from storage.schema.literals import EMPTY, ONE, is_one_of, text_literal
from storage.unit_of_work import writes as w
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer

__all__ = ["RetentionPeriods", "apply_retention"]

_PORTION = 500
_ZERO = literal_column("0", Integer)
_LIMIT = bindparam("limit", type_=Integer())
_CUTOFF = bindparam("cutoff", type_=Instant())
_KNOWN = "200 {}"
"""What a delivery known for long is answered."""


class RetentionPeriods(Value):
    """How long each kind of data is kept; None: as long as its row."""

    texts: timedelta | None = timedelta(days=365)
    contacts: timedelta | None = timedelta(days=180)
    messages: timedelta | None = timedelta(days=90)
    deliveries: timedelta | None = timedelta(days=30)
    timeline: timedelta | None = timedelta(days=365)


class _Part(Value):
    """One table's share of a kind: what is due there, and how a portion of it is emptied."""

    due: Callable[[Session, datetime], Awaitable[Sequence[Any]]]
    empty: Callable[[Session, Sequence[Any]], Awaitable[int]]


async def apply_retention(store: Store, writer: Writer, keeping: RetentionPeriods, now: datetime) -> dict[str, int]:
    """Empty what is over its time; return how many rows of each kind."""
    return {
        name: sum([await _tidied(store, writer, part, now - period) for part in parts])
        for name, parts in _PARTS.items()
        if (period := getattr(keeping, name)) is not None
    }


async def _tidied(store: Store, writer: Writer, part: _Part, cutoff: datetime) -> int:
    """Empty portion by portion; a portion of which nothing could be emptied is left for tomorrow."""
    emptied = 0
    while True:
        async with store.reading() as session:
            due = await part.due(session, cutoff)
        done = await writer.perform(partial(_portion, part, due)) if due else 0
        emptied += done
        if done == 0 or len(due) < _PORTION:
            return emptied


async def _portion(part: _Part, due: Sequence[Any], session: Session, now: datetime) -> int:
    del now
    return await part.empty(session, due)


def _rows(statement: Select[Any]) -> Callable[[Session, datetime], Awaitable[Sequence[Any]]]:
    bounded = statement.limit(_LIMIT)

    async def due(session: Session, cutoff: datetime) -> Sequence[Any]:
        return await session.fetch(bounded, cutoff=cutoff, limit=_PORTION)

    return due


def _records(kind: type, statement: Select[Any]) -> Callable[[Session, datetime], Awaitable[Sequence[Any]]]:
    bounded = statement.limit(_LIMIT)

    async def due(session: Session, cutoff: datetime) -> Sequence[Any]:
        return await session.records(kind, bounded, cutoff=cutoff, limit=_PORTION)

    return due


def _write(*columns: Column[Any]) -> Callable[[Callable[[InputRows], UpdateBase]], Any]:
    """Make a part's emptying of a statement over these key columns."""
    table = t.METADATA.tables[columns[0].table.name]

    def made(build: Callable[[InputRows], UpdateBase]) -> Callable[[Session, Sequence[Any]], Awaitable[int]]:
        write = Write(table, columns, build)

        async def empty(session: Session, due: Sequence[Any]) -> int:
            return await session.write(write, due)

        return empty

    return made


def _changed(kind: type, change: Callable[[Any], Any]) -> Callable[[Session, Sequence[Any]], Awaitable[int]]:
    row: Callable[[Any], Any] = row_of(kind)

    async def empty(session: Session, due: Sequence[Any]) -> int:
        return await session.write(w.UPDATE[kind], [row(change(record)) for record in due])

    return empty


# -- texts ----------------------------------------------------------------------------------------------------------

_SAYS = text_literal('%"text":"%')
_talk, _ticket, _log = t.interviews.c, t.tickets.c, t.answer_logs.c
_TALKED = all_of(
    Interview,
    _talk.asked_at < _CUTOFF,
    ~is_one_of(_talk.state, *OPEN),
    or_(_talk.comment.is_not(None), _talk.chat != EMPTY, cast(_talk.answers, Text).like(_SAYS)),
)
_SUBJECTS = select(_ticket.source, _ticket.id).where(
    _ticket.subject != EMPTY, _ticket.closed_at < _CUTOFF, _ticket.status == text_literal(TicketStatus.CLOSED)
)
_SAID = select(_log.response, _log.number).where(_log.text.is_not(None), _log.at < _CUTOFF)
_UNSAID = select(t.anonymous_answers.c.id).where(
    t.anonymous_answers.c.comment.is_not(None), t.anonymous_answers.c.day < bindparam("day", type_=Text())
)


@_write(_ticket.source, _ticket.id)
def _no_subject(rows: InputRows) -> UpdateBase:
    mine = (_ticket.source == rows.c["source"], _ticket.id == rows.c["id"])
    return update(t.tickets).where(*mine).values(subject=EMPTY, version=_ticket.version + ONE)


@_write(_log.response, _log.number)
def _no_text(rows: InputRows) -> UpdateBase:
    mine = (_log.response == rows.c["response"], _log.number == rows.c["number"])
    return update(t.answer_logs).where(*mine).values(text=null())


@_write(t.anonymous_answers.c.id)
def _no_comment(rows: InputRows) -> UpdateBase:
    return update(t.anonymous_answers).where(t.anonymous_answers.c.id == rows.c["id"]).values(comment=null())


async def _unsaid(session: Session, cutoff: datetime) -> Sequence[Any]:
    return await session.fetch(_UNSAID.limit(_LIMIT), day=cutoff.date().isoformat(), limit=_PORTION)


# -- contacts -------------------------------------------------------------------------------------------------------

_contact, _out = t.contacts.c, t.outbox.c
_theirs = t.contacts.alias("theirs").c
_is_busy = or_(
    exists().where(t.invitations.c.customer == _contact.customer, t.invitations.c.due_at >= _CUTOFF),
    exists().where(
        t.tickets.c.customer == _contact.customer,
        or_(t.tickets.c.status != text_literal(TicketStatus.CLOSED), t.tickets.c.closed_at >= _CUTOFF),
    ),
    exists().where(
        t.issue_customers.c.customer == _contact.customer,
        t.issue_customers.c.issue == t.issues.c.id,
        is_one_of(t.issues.c.state, *UNSETTLED),
    ),
)
_SILENT = select(_contact.customer, _contact.channel, _contact.chat).where(
    or_(_contact.heard_at.is_(None), _contact.heard_at < _CUTOFF),
    or_(_contact.bound_at.is_(None), _contact.bound_at < _CUTOFF),
    ~_is_busy,
)
_UNREACHED = select(t.customers.c.id).where(
    t.customers.c.name != EMPTY,
    ~exists().where(_theirs.customer == t.customers.c.id),
    ~exists().where(t.tickets.c.customer == t.customers.c.id, t.tickets.c.status != text_literal(TicketStatus.CLOSED)),
    ~exists().where(t.tickets.c.customer == t.customers.c.id, t.tickets.c.closed_at >= _CUTOFF),
)
_STALE_LINKS = select(t.tokens.c.hash).where(t.tokens.c.expires_at < _CUTOFF)
_OLD_CHATS = select(_out.id).where(
    _out.created_at < _CUTOFF,
    _out.chat != EMPTY,
    _out.purpose != text_literal(Purpose.ALERT),
    ~is_one_of(_out.status, Status.PENDING, Status.HELD, Status.LEASED),
)


async def _forget_chats(session: Session, due: Sequence[Any]) -> int:
    """Let go of chats, and of what was counted for them."""
    chats = [(channel, chat) for _, channel, chat in due]
    await session.write(_NO_WINDOWS, chats)
    await session.write(_NO_GRANTS, chats)
    return await session.write(_NO_CONTACT, due)


_NO_CONTACT = delete_by_key(t.contacts, _contact.customer, _contact.channel, _contact.chat)
_NO_WINDOWS = delete_by_key(t.windows, t.windows.c.channel, t.windows.c.chat)
_NO_GRANTS = delete_by_key(t.grants, t.grants.c.channel, t.grants.c.chat)


@_write(t.customers.c.id)
def _no_name(rows: InputRows) -> UpdateBase:
    mine = t.customers.c.id == rows.c["id"]
    return update(t.customers).where(mine).values(name=EMPTY, version=t.customers.c.version + ONE)


@_write(t.tokens.c.hash)
def _no_link(rows: InputRows) -> UpdateBase:
    return delete(t.tokens).where(t.tokens.c.hash == rows.c["hash"])


@_write(_out.id)
def _no_chat(rows: InputRows) -> UpdateBase:
    return update(t.outbox).where(_out.id == rows.c["id"]).values(chat=EMPTY, receipt=EMPTY)


# -- messages -------------------------------------------------------------------------------------------------------

_NOTHING = text_literal(msgspec.json.encode(Prompt("")).decode())
_OLD_MESSAGES = select(_out.id).where(
    _out.created_at < _CUTOFF,
    cast(_out.prompt, Text) != _NOTHING,
    ~is_one_of(_out.status, Status.PENDING, Status.HELD, Status.LEASED),
)


@_write(_out.id)
def _no_prompt(rows: InputRows) -> UpdateBase:
    return update(t.outbox).where(_out.id == rows.c["id"]).values(prompt=_NOTHING)


# -- deliveries -----------------------------------------------------------------------------------------------------

_heard = t.inbox.c
_OLD_DELIVERIES = select(_heard.key).where(
    _heard.received_at < _CUTOFF,
    _heard.outcome == text_literal(InboxOutcome.DONE),
    or_(~is_one_of(_heard.answer, "", _KNOWN, ERASED_ANSWER), func.length(_heard.raw) > _ZERO),
)


def _emptied(rows: InputRows) -> UpdateBase:
    is_reply = or_(_heard.answer == EMPTY, is_passive_reply())
    kept = case((is_reply, EMPTY), else_=text_literal(_KNOWN))
    return update(t.inbox).where(_heard.key == rows.c["key"]).values(answer=kept, raw=rows.c["raw"])


_EMPTY_DELIVERY = Write(t.inbox, (_heard.key, _heard.raw), _emptied)


async def _no_delivery(session: Session, due: Sequence[Any]) -> int:
    return await session.write(_EMPTY_DELIVERY, [(key, b"") for (key,) in due])


# -- timeline -------------------------------------------------------------------------------------------------------

_line, _issue = t.issue_events.c, t.issues.c
_LINES = (
    select(_line.issue, _line.number)
    .join(t.issues, _issue.id == _line.issue)
    .where(_line.at < _CUTOFF, _line.text.is_not(None), _issue.state == text_literal(IssueState.CLOSED))
)
_WORDS = ("title", "text")
_MAYBE = ("draft", "note", "progress", "question", "root_cause")
_ISSUES = all_of(
    Issue,
    _issue.closed_at < _CUTOFF,
    _issue.state == text_literal(IssueState.CLOSED),
    or_(*(_issue[name] != EMPTY for name in _WORDS), *(_issue[name].is_not(None) for name in _MAYBE)),
)


@_write(_line.issue, _line.number)
def _no_line(rows: InputRows) -> UpdateBase:
    mine = (_line.issue == rows.c["issue"], _line.number == rows.c["number"])
    theirs = case((is_one_of(_line.event, *CUSTOMER_EVENTS), null()), else_=_line.by)
    return update(t.issue_events).where(*mine).values(text=null(), by=theirs)


def _wordless(issue: Issue) -> Issue:
    return replace(issue, title="", text="", draft=None, note=None, progress=None, question=None, root_cause=None)


_PARTS: Mapping[str, tuple[_Part, ...]] = {
    "texts": (
        _Part(_records(Interview, _TALKED), _changed(Interview, without_texts)),
        _Part(_rows(_SUBJECTS), _no_subject),
        _Part(_rows(_SAID), _no_text),
        _Part(_unsaid, _no_comment),
    ),
    "contacts": (
        _Part(_rows(_SILENT), _forget_chats),
        _Part(_rows(_UNREACHED), _no_name),
        _Part(_rows(_STALE_LINKS), _no_link),
        _Part(_rows(_OLD_CHATS), _no_chat),
    ),
    "messages": (_Part(_rows(_OLD_MESSAGES), _no_prompt),),
    "deliveries": (_Part(_rows(_OLD_DELIVERIES), _no_delivery),),
    "timeline": (_Part(_rows(_LINES), _no_line), _Part(_records(Issue, _ISSUES), _changed(Issue, _wordless))),
}
