"""Retention: texts, chats and copies are emptied after the period of their kind; ratings, counts and times stay.

Tables are read slice by slice outside the writer, and what has expired is emptied through it in portions; a row that
has changed in between is left for the next run.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Column, Select, Text, and_, bindparam, case, cast, delete, exists, null, or_, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.exclusion.model import ExclusionState
from dialogs.forms.model import RaterRole
from dialogs.interview.model import OPEN, Interview
from dialogs.issue.model import NOT_CLOSED, Issue, IssueState
from dialogs.outbox.model import SendingState
from scoring.values import Value, replace
from storage.connection.codec import row_of
from storage.connection.session import Session, Write
from storage.connection.slices import MIDDLE, KeyOrder, Slice
from storage.connection.store import Store
from storage.dialects import InputRows
from storage.model.filled_forms import FilledForm, without_words
from storage.model.records import InboxOutcome, Note, Purpose, Ticket, TicketStatus
from storage.model.service_details import PERSONAL_DETAILS
from storage.privacy.erasure_writes import (
    DELETE_GRANTS,
    DELETE_WINDOWS,
    EMPTY_EXCLUSIONS,
    EMPTY_VOICES,
    EXCLUSION_TEXTS,
    delete_by_key,
)
from storage.privacy.redaction import CUSTOMER_EVENTS, without_texts, without_ticket_texts
from storage.privacy.shown_evidence import DROP_SHEET_FILES
from storage.privacy.typed_notes import HOLDS_WORDS, NOTE_ORDER, emptied_note
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.inbox_conditions import has_content, is_passive_reply
from storage.schema.literals import EMPTY, ONE, REPEATED_ANSWER, is_one_of, text_literal
from storage.text.readings import DROP_READINGS
from storage.unit_of_work import writes as w
from storage.unit_of_work.outbox_writes import DROP_PROMPTS
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer

__all__ = ["RetentionPeriods", "apply_retention"]

logger = logging.getLogger(__name__)
_PORTION = 500
_CUTOFF = bindparam("cutoff", type_=Instant())


class RetentionPeriods(Value):
    """The retention period of each kind of data; None: for ever."""

    texts: timedelta | None = timedelta(days=365)
    contacts: timedelta | None = timedelta(days=180)
    messages: timedelta | None = timedelta(days=90)
    deliveries: timedelta | None = timedelta(days=30)
    timeline: timedelta | None = timedelta(days=365)
    drafts: timedelta | None = timedelta(days=7)
    assessments: timedelta | None = timedelta(days=1825)


class _Rule(Value):
    """What expires in one table: `due` selects expired rows, of records of a `kind` or of keys only.

    They are read slice by slice in an `order`; `empty` empties a portion of them and returns their number.
    """

    order: KeyOrder
    due: Select[Any]
    empty: Callable[[Session, Sequence[Any]], Awaitable[int]]
    kind: type | None = None

    def portion(self, part: Slice = MIDDLE) -> Select[Any]:
        """Return the statement that reads a portion of the expired rows of a slice."""
        return self.order.portion(self.due, part)

    async def read(self, session: Session, part: Slice, cutoff: datetime) -> Sequence[Any]:
        """Return a portion of what has expired in a slice."""
        values = {"cutoff": cutoff, "day": cutoff.date().isoformat(), "limit": _PORTION, **part.parameters}
        if self.kind is None:
            return await session.fetch(self.portion(part), **values)
        return await session.records(self.kind, self.portion(part), **values)


async def apply_retention(
    store: Store,
    writer: Writer,
    periods: RetentionPeriods,
    now: datetime,
    goes_on: Callable[[], bool] = lambda: True,
) -> dict[str, int]:
    """Empty what has expired, in portions of 500 rows; return the number of emptied rows by kind of data.

    `goes_on` is asked before each portion; where it says no, the rest is left for another run.
    """
    emptied: dict[str, int] = {}
    for kind, rules in _RULES.items():
        period = getattr(periods, kind)
        if period is not None:
            emptied[kind] = 0
            for rule in rules:
                async for count in _apply(store, writer, rule, now - period, goes_on):
                    emptied[kind] += count
                    logger.info("retention: %d rows of %s emptied", count, kind)
    return emptied


async def _apply(
    store: Store, writer: Writer, rule: _Rule, cutoff: datetime, goes_on: Callable[[], bool]
) -> AsyncIterator[int]:
    """Empty portion by portion and yield the rows of each; leave a slice when nothing of a portion could be emptied."""
    async for part in rule.order.slices(store, cutoff=cutoff):
        done = due = _PORTION
        while done and due == _PORTION:
            if not goes_on():
                return
            async with store.reading() as session:
                found = await rule.read(session, part, cutoff)
            due, done = len(found), await writer.perform(partial(_portion, rule, found)) if found else 0
            if done:
                yield done


async def _portion(rule: _Rule, found: Sequence[Any], session: Session, now: datetime) -> int:
    del now
    return await rule.empty(session, found)


def _write(*columns: Column[Any]) -> Callable[[Callable[[InputRows], UpdateBase]], Any]:
    """Make the `empty` of a rule from a function that builds a statement over these key columns."""
    table = t.METADATA.tables[columns[0].table.name]

    def made(build: Callable[[InputRows], UpdateBase]) -> Callable[[Session, Sequence[Any]], Awaitable[int]]:
        return _by(Write(table, columns, build))

    return made


def _by(write: Write) -> Callable[[Session, Sequence[Any]], Awaitable[int]]:
    async def empty(session: Session, due: Sequence[Any]) -> int:
        return await session.write(write, due)

    return empty


def _changed(
    kind: type, change: Callable[[Any], Any], *also: Write
) -> Callable[[Session, Sequence[Any]], Awaitable[int]]:
    row: Callable[[Any], Any] = row_of(kind)

    async def empty(session: Session, due: Sequence[Any]) -> int:
        for drop in also:
            await session.write(drop, [(record.id,) for record in due])
        return await session.write(w.UPDATE[kind], [row(change(record)) for record in due])

    return empty


# -- texts ----------------------------------------------------------------------------------------------------------

_HAS_TEXT = text_literal('%,"%')  # of an answer only its words are texts that something stands before
_interview, _ticket, _answer_log = t.interviews.c, t.tickets.c, t.answer_logs.c
_INTERVIEWS = all_of(
    Interview,
    ~is_one_of(_interview.state, *OPEN),
    or_(
        _interview.comment.is_not(None),
        _interview.chat != EMPTY,
        cast(_interview.answers, Text).like(_HAS_TEXT),
        cast(_interview.said, Text) != text_literal("[]"),
    ),
)
_OF_PERSON = (cast(_ticket.details, Text).like(text_literal(f'%"{name}":%')) for name in PERSONAL_DETAILS)
_TICKETS = all_of(
    Ticket,
    or_(_ticket.subject != EMPTY, _ticket.url != EMPTY, *_OF_PERSON),
    _ticket.closed_at < _CUTOFF,
    _ticket.status == text_literal(TicketStatus.CLOSED),
)
_ANSWER_TEXTS = select(_answer_log.response, _answer_log.number).where(
    _answer_log.text.is_not(None), _answer_log.at < bindparam("cutoff", type_=CompactInstant())
)
_ANONYMOUS_COMMENTS = select(t.anonymous_answers.c.id).where(
    t.anonymous_answers.c.comment.is_not(None), t.anonymous_answers.c.day < bindparam("day", type_=Text())
)
_sheet = t.assessments.c
_has_words = or_(*(cast(_sheet[name], Text) != text_literal("[]") for name in ("words", "evidence")))
_is_customers = _sheet.role == text_literal(RaterRole.CUSTOMER)
_ASSESSMENTS = all_of(FilledForm, _is_customers, _has_words, _sheet.at < _CUTOFF)
_COLLEAGUES_SHEETS = all_of(FilledForm, ~_is_customers, _has_words, _sheet.at < _CUTOFF)

_empty_sheet = _changed(FilledForm, without_words, DROP_SHEET_FILES)


@_write(_answer_log.response, _answer_log.number)
def _empty_answer_text(rows: InputRows) -> UpdateBase:
    is_row = (_answer_log.response == rows.c["response"], _answer_log.number == rows.c["number"])
    return update(t.answer_logs).where(*is_row).values(text=null())


@_write(t.anonymous_answers.c.id)
def _empty_comment(rows: InputRows) -> UpdateBase:
    return update(t.anonymous_answers).where(t.anonymous_answers.c.id == rows.c["id"]).values(comment=null())


_exclusion = t.exclusions.c
_EXCLUSION_NOTES = select(_exclusion.id).where(
    _exclusion.proposed_at < _CUTOFF,
    ~is_one_of(_exclusion.state, ExclusionState.PROPOSED, ExclusionState.APPEALED),
    or_(*(_exclusion[name] != EMPTY for name in EXCLUSION_TEXTS)),
)
_voice = t.finding_voices.c
_VOICES = select(_voice.finding, _voice.customer).where(_voice.said != EMPTY, _voice.at < _CUTOFF)


# -- contacts -------------------------------------------------------------------------------------------------------

_contact, _outbox = t.contacts.c, t.outbox.c
_other_contact = t.contacts.alias("theirs").c
_is_busy = or_(
    exists().where(t.invitations.c.customer == _contact.customer, t.invitations.c.due_at >= _CUTOFF),
    exists().where(
        t.tickets.c.customer == _contact.customer,
        or_(t.tickets.c.status != text_literal(TicketStatus.CLOSED), t.tickets.c.closed_at >= _CUTOFF),
    ),
    exists().where(
        t.issue_customers.c.customer == _contact.customer,
        t.issue_customers.c.issue == t.issues.c.id,
        is_one_of(t.issues.c.state, *NOT_CLOSED),
    ),
)
_INACTIVE_CONTACTS = select(_contact.customer, _contact.channel, _contact.chat).where(
    or_(_contact.heard_at.is_(None), _contact.heard_at < _CUTOFF),
    or_(_contact.bound_at.is_(None), _contact.bound_at < _CUTOFF),
    ~_is_busy,
)
_is_known = or_(
    exists().where(_other_contact.customer == t.customers.c.id),
    exists().where(t.tickets.c.customer == t.customers.c.id, t.tickets.c.status != text_literal(TicketStatus.CLOSED)),
    exists().where(t.tickets.c.customer == t.customers.c.id, t.tickets.c.closed_at >= _CUTOFF),
    exists().where(
        t.issue_customers.c.customer == t.customers.c.id,
        t.issue_customers.c.issue == t.issues.c.id,
        is_one_of(t.issues.c.state, *NOT_CLOSED),
    ),
)
_NAMING = ("name", "phone", "email", "postal_address")
"""The columns by which a customer is known to people; their id is the help desk's."""
_UNREACHABLE_CUSTOMERS = select(t.customers.c.id).where(
    or_(*(t.customers.c[name] != EMPTY for name in _NAMING)), ~_is_known
)
_STALE_LINKS = select(t.tokens.c.hash).where(t.tokens.c.expires_at < _CUTOFF)
_OLD_CHATS = select(_outbox.id).where(
    _outbox.created_at < _CUTOFF,
    _outbox.chat != EMPTY,
    _outbox.purpose != text_literal(Purpose.ALERT),
    ~is_one_of(_outbox.status, SendingState.PENDING, SendingState.HELD, SendingState.LEASED),
)


async def _delete_contacts(session: Session, due: Sequence[Any]) -> int:
    """Delete contacts with the message quotas of their chats."""
    chats = [(channel, chat) for _, channel, chat in due]
    await session.write(DELETE_WINDOWS, chats)
    await session.write(DELETE_GRANTS, chats)
    return await session.write(_DELETE_CONTACT, due)


_DELETE_CONTACT = delete_by_key(t.contacts, _contact.customer, _contact.channel, _contact.chat)


@_write(t.customers.c.id)
def _empty_name(rows: InputRows) -> UpdateBase:
    is_row = t.customers.c.id == rows.c["id"]
    return (
        update(t.customers)
        .where(is_row)
        .values(dict.fromkeys(_NAMING, EMPTY) | {"version": t.customers.c.version + ONE})
    )


@_write(t.tokens.c.hash)
def _delete_link(rows: InputRows) -> UpdateBase:
    return delete(t.tokens).where(t.tokens.c.hash == rows.c["hash"])


@_write(_outbox.id)
def _empty_chat(rows: InputRows) -> UpdateBase:
    return update(t.outbox).where(_outbox.id == rows.c["id"]).values(chat=EMPTY, receipt=EMPTY)


# -- messages -------------------------------------------------------------------------------------------------------

# Neither a join nor EXISTS: a database may begin those with the messages, which are far more.
_is_old = and_(
    _outbox.created_at < _CUTOFF,
    ~is_one_of(_outbox.status, SendingState.PENDING, SendingState.HELD, SendingState.LEASED),
)
_OLD_MESSAGES = select(t.prompts.c.message).where(
    select(case((_is_old, ONE))).where(_outbox.id == t.prompts.c.message).scalar_subquery() == ONE
)


async def _empty_prompt(session: Session, due: Sequence[Any]) -> int:
    return await session.write(DROP_PROMPTS, due)


# -- deliveries -----------------------------------------------------------------------------------------------------

_inbox = t.inbox.c
_OLD_DELIVERIES = select(_inbox.key).where(_inbox.outcome == text_literal(InboxOutcome.DONE))


def _emptied(rows: InputRows) -> UpdateBase:
    is_reply = or_(_inbox.answer == EMPTY, is_passive_reply())
    kept = case((is_reply, EMPTY), else_=text_literal(REPEATED_ANSWER))
    return update(t.inbox).where(_inbox.key == rows.c["key"]).values(answer=kept, raw=rows.c["raw"])


_EMPTY_DELIVERY = Write(t.inbox, (_inbox.key, _inbox.raw), _emptied)


async def _empty_delivery(session: Session, due: Sequence[Any]) -> int:
    return await session.write(_EMPTY_DELIVERY, [(key, b"") for (key,) in due])


# -- timeline -------------------------------------------------------------------------------------------------------

_event, _issue = t.issue_events.c, t.issues.c
_EVENTS = select(_event.issue, _event.number).where(
    _event.at < _CUTOFF,
    _event.text.is_not(None),
    select(_issue.state).where(_issue.id == _event.issue).scalar_subquery() == text_literal(IssueState.CLOSED),
)
_TEXTS = ("title", "text")
_NO_QUOTES = text_literal("[]")
_judged = cast(_issue.judgement, Text)
_OPTIONAL_TEXTS = ("draft", "note", "progress", "question", "root_cause")
_ISSUES = all_of(
    Issue,
    _issue.closed_at < _CUTOFF,
    _issue.state == text_literal(IssueState.CLOSED),
    or_(
        cast(_issue.quotes, Text) != _NO_QUOTES,
        and_(_judged.like(text_literal('%"why":"%')), _judged.notlike(text_literal('%"why":""%'))),
        *(_issue[name] != EMPTY for name in _TEXTS),
        *(_issue[name].is_not(None) for name in _OPTIONAL_TEXTS),
    ),
)


@_write(_event.issue, _event.number)
def _empty_event(rows: InputRows) -> UpdateBase:
    is_row = (_event.issue == rows.c["issue"], _event.number == rows.c["number"])
    theirs = case((is_one_of(_event.event, *CUSTOMER_EVENTS), null()), else_=_event.by)
    return update(t.issue_events).where(*is_row).values(text=null(), by=theirs)


def _without_issue_texts(issue: Issue) -> Issue:
    unspoken = replace(issue, title="", text="", quotes=(), judgement=replace(issue.judgement, why=""))
    return replace(unspoken, draft=None, note=None, progress=None, question=None, root_cause=None)


_ABANDONED = all_of(Note, HOLDS_WORDS, t.notes.c.value != EMPTY, t.notes.c.at < _CUTOFF)

_asked_before = KeyOrder(_interview.asked_at, _interview.id, before=_interview.asked_at < _CUTOFF)
_content_before = KeyOrder(_inbox.received_at, _inbox.key, where=has_content(), before=_inbox.received_at < _CUTOFF)
_RULES: Mapping[str, tuple[_Rule, ...]] = {
    "texts": (
        _Rule(_asked_before, _INTERVIEWS, _changed(Interview, without_texts, DROP_READINGS), Interview),
        _Rule(KeyOrder(_ticket.source, _ticket.id), _TICKETS, _changed(Ticket, without_ticket_texts), Ticket),
        _Rule(KeyOrder(_answer_log.response, _answer_log.number), _ANSWER_TEXTS, _empty_answer_text),
        _Rule(KeyOrder(_exclusion.id), _EXCLUSION_NOTES, _by(EMPTY_EXCLUSIONS)),
        _Rule(KeyOrder(_voice.finding, _voice.customer), _VOICES, _by(EMPTY_VOICES)),
        _Rule(KeyOrder(t.anonymous_answers.c.id), _ANONYMOUS_COMMENTS, _empty_comment),
        _Rule(KeyOrder(_sheet.id), _ASSESSMENTS, _empty_sheet, FilledForm),
    ),
    "contacts": (
        _Rule(KeyOrder(_contact.customer, _contact.channel, _contact.chat), _INACTIVE_CONTACTS, _delete_contacts),
        _Rule(KeyOrder(t.customers.c.id), _UNREACHABLE_CUSTOMERS, _empty_name),
        _Rule(KeyOrder(t.tokens.c.hash), _STALE_LINKS, _delete_link),
        _Rule(KeyOrder(_outbox.seq), _OLD_CHATS, _empty_chat),
    ),
    "messages": (_Rule(KeyOrder(t.prompts.c.message), _OLD_MESSAGES, _empty_prompt),),
    "deliveries": (_Rule(_content_before, _OLD_DELIVERIES, _empty_delivery),),
    "timeline": (
        _Rule(KeyOrder(_event.issue, _event.number), _EVENTS, _empty_event),
        _Rule(KeyOrder(_issue.id), _ISSUES, _changed(Issue, _without_issue_texts), Issue),
    ),
    "assessments": (_Rule(KeyOrder(_sheet.id), _COLLEAGUES_SHEETS, _empty_sheet, FilledForm),),
    "drafts": (_Rule(NOTE_ORDER, _ABANDONED, _changed(Note, emptied_note), Note),),
}
