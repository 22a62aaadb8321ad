"""Forgetting a person: what was said about them is emptied, what was counted stays under a name that is nobody's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, LargeBinary, Table, Text, cast, delete, null, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.campaign.model import Campaign
from dialogs.ids import derive
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Prompt
from scoring.values import Value, replace
from storage.connection.codec import row_of
from storage.connection.session import Session, Write
from storage.dialects import InputRows, mentions
from storage.model.records import Customer, InboxOutcome, InboxRow, IssueEvent, OutboxMessage, Purpose, Status, Ticket
from storage.model.registers import Request, Tombstone, tombstone_of
from storage.privacy.personal_data import PersonalData, load_personal_data
from storage.schema import tables as t
from storage.schema.column_types import EnumText, JsonText
from storage.schema.inbox_conditions import is_passive_reply
from storage.schema.literals import EMPTY, text_literal
from storage.unit_of_work import writes as w
from storage.unit_of_work.outbox_writes import WAITING
from storage.unit_of_work.selects import all_of

__all__ = [
    "CUSTOMER_EVENTS",
    "ERASED_ANSWER",
    "REDACTION_MARK",
    "ErasureTask",
    "delete_by_key",
    "erase",
    "without_texts",
]

REDACTION_MARK = "•••"
"""What stands in the team's sentences where a forgotten person was named."""

ERASED_ANSWER = '200 {"forgotten":true}'
"""What a repeated delivery is answered when the first answer told of somebody forgotten since."""

CUSTOMER_EVENTS = ("customer_wrote", "answered", "confirmed", "not_solved")
"""Lines of a timeline that a customer wrote or pressed."""

_FOUND = ("opened", "joined")
_SHORTEST = 3
"""Characters of a name below which it is no name but a letter: blotting it out would garble every sentence."""


class ErasureTask(Value):
    """Whom to forget, and what the shell drew and hashed for it.

    `nameless` is the id that nobody bears; `key` makes the tombstones, by which a repetition is known. Of their
    wishes to be forgotten `request` stays open, until the team's cards are drawn anew. `blank` takes
    the place of what the team was shown, on the channels of `edits`.
    """

    customer: str
    nameless: str
    key: bytes
    request: str = ""
    blank: Prompt = Prompt("")
    edits: frozenset[str] = frozenset()


# -- statements -----------------------------------------------------------------------------------------------------


def _renaming(column: Column[Any]) -> Write:
    """Put another name into a column that names customers; whoever read the row before has to read it again."""
    table = column.table

    def build(rows: InputRows) -> UpdateBase:
        return update(table).where(column == rows.c["old"]).values({column.name: rows.c["new"]})

    return Write(_table(table), (Column("old", Text), Column("new", Text)), build)


def delete_by_key(table: Table, *columns: Column[Any]) -> Write:
    """Return the statement that deletes the rows with these keys."""

    def build(rows: InputRows) -> UpdateBase:
        return delete(table).where(*(column == rows.c[column.name] for column in columns))

    return Write(table, columns, build)


def _table(table: Any) -> Table:  # noqa: ANN401 - a column's table, which SQLAlchemy types as anything selectable
    return t.METADATA.tables[table.name]


def _customer_columns() -> list[Column[Any]]:
    """Find every column that names a customer, in whatever table: by reference, or by being called so."""
    every = (column for table in t.METADATA.sorted_tables for column in table.columns)
    return [column for column in every if column.references(t.customers.c.id) or column.name == "customer"]


_RENAMES = tuple(map(_renaming, _customer_columns()))
_NO_CONTACTS = delete_by_key(t.contacts, t.contacts.c.customer)
_NO_TOKENS = delete_by_key(t.tokens, t.tokens.c.customer)
_NO_WINDOWS = delete_by_key(t.windows, t.windows.c.channel, t.windows.c.chat)
_NO_GRANTS = delete_by_key(t.grants, t.grants.c.channel, t.grants.c.chat)
_NO_ONE = delete_by_key(t.customers, t.customers.c.id)
_NO_DELIVERIES = delete_by_key(t.inbox, t.inbox.c.key)
_WORDLESS_ANSWERS = Write(
    t.answer_logs,
    (t.answer_logs.c.response, t.answer_logs.c.number),
    lambda rows: (
        update(t.answer_logs)
        .where(t.answer_logs.c.response == rows.c["response"], t.answer_logs.c.number == rows.c["number"])
        .values(text=null())
    ),
)
_EVENTS = Write(
    t.issue_events,
    (t.issue_events.c.issue, t.issue_events.c.number, Column("by", Text), Column("text", Text)),
    lambda rows: (
        update(t.issue_events)
        .where(t.issue_events.c.issue == rows.c["issue"], t.issue_events.c.number == rows.c["number"])
        .values(by=rows.c["by"], text=rows.c["text"])
    ),
)
_MESSAGES = Write(
    t.outbox,
    (
        Column("id", Text),
        Column("prompt", JsonText(Prompt)),
        Column("chat", Text),
        Column("receipt", Text),
        Column("status", EnumText(Status)),
    ),
    lambda rows: (
        update(t.outbox)
        .where(t.outbox.c.id == rows.c["id"])
        .values(
            prompt=rows.c["prompt"],
            chat=rows.c["chat"],
            receipt=rows.c["receipt"],
            status=rows.c["status"],
            leased_until=null(),
            why=EMPTY,
        )
    ),
)
_DELIVERIES = Write(
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
_PASSIVE_REPLIES = Write(
    t.inbox,
    (Column("answer", Text),),
    lambda rows: update(t.inbox).where(is_passive_reply()).values(answer=rows.c["answer"]),
)
_TOMBSTONES = Write(
    t.tombstones,
    tuple(t.tombstones.columns),
    lambda rows: rows.insert({c.name: rows.c[c.name] for c in t.tombstones.columns}).on_conflict_do_nothing(),
)

_NAMING_CAMPAIGNS = all_of(Campaign, mentions("quoted", cast(t.campaigns.c.audience, Text)))


# -- the deed -------------------------------------------------------------------------------------------------------


async def erase(session: Session, now: datetime, erasing: ErasureTask) -> bool:
    """Forget a person in this transaction; False if there is no such customer (any more).

    What counts stays: tickets, ratings, issues and asks, under the nameless id.
    """
    found = await load_personal_data(session, erasing.customer)
    if found is None:
        return False
    nobody = Customer(erasing.nameless, opted_out_at=found.customer.opted_out_at or now)
    await session.write(w.INSERT[Customer], [row_of(Customer)(nobody)])
    blotter = _Blotter(found)
    await _empty_talk(session, found)
    await _empty_issues(session, found, blotter, erasing.nameless)
    await _empty_messages(session, found)
    await session.write(w.INSERT[OutboxMessage], [row_of(OutboxMessage)(m) for m in _blanks(found, erasing, now)])
    await _empty_deliveries(session, found)
    await _let_go(session, found)
    await _empty_campaigns(session, erasing)
    for rename in _RENAMES:
        await session.write(rename, [(erasing.customer, erasing.nameless)])
    await session.write(_NO_ONE, [(erasing.customer,)])
    await _close_requests(session, found, erasing, now)
    await _bury(session, found, erasing, now)
    return True


async def _empty_talk(session: Session, found: PersonalData) -> None:
    """Empty what was said; ratings, and when they were given, stay."""
    tickets = [replace(ticket, subject="") for ticket in found.tickets]
    await _change(session, Ticket, tickets)
    await _change(session, Interview, [without_texts(interview) for interview in found.interviews])
    await session.write(_WORDLESS_ANSWERS, [(line.response, line.number) for line in found.answers if line.text])


def without_texts(interview: Interview) -> Interview:
    """Return an interview without what was written, and without the chat in which it was."""
    answers = tuple(replace(answer, text=None, source="") for answer in interview.answers)
    return replace(
        interview, answers=answers, comment=None, comment_source="", chat="", message="", shown="", locale=""
    )


async def _empty_issues(session: Session, found: PersonalData, blotter: "_Blotter", nameless: str) -> None:
    me = found.customer.id
    await _change(session, Issue, [_nameless(issue, blotter, {me: nameless}) for issue in found.issues])
    lines = [_quiet(line, found, blotter, nameless) for line in found.events]
    await session.write(_EVENTS, [(line.issue, line.number, line.by, line.text) for line in lines])


def _nameless(issue: Issue, blotter: "_Blotter", names: dict[str, str]) -> Issue:
    """Take a person out of an issue: what it quotes goes, for nobody can tell whose words these were."""
    return replace(
        issue,
        text="",
        title=blotter.blot(issue.title),
        draft=blotter.maybe(issue.draft),
        note=blotter.maybe(issue.note),
        root_cause=blotter.maybe(issue.root_cause),
        progress=blotter.maybe(issue.progress),
        question=blotter.maybe(issue.question),
        customers=_renamed(issue.customers, names),
        told=_renamed(issue.told, names),
        confirmed=_renamed(issue.confirmed, names),
    )


def _renamed(customers: Iterable[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names.get(customer, customer) for customer in customers)


def _quiet(line: IssueEvent, found: PersonalData, blotter: "_Blotter", nameless: str) -> IssueEvent:
    """Empty what they wrote, keep what was found, blot their name out of what others wrote."""
    if line.by in (found.customer.id, found.customer.name) or line.event in CUSTOMER_EVENTS:
        return replace(line, by=None, text=None)
    if line.text and line.text.startswith(f"{found.customer.id}: "):  # why they could not be told
        return replace(line, text=nameless + line.text[len(found.customer.id) :])
    if line.event in _FOUND and line.by is None:
        issue = next(issue for issue in found.issues if issue.id == line.issue)
        return replace(line, text="; ".join(r for r in map(str, issue.reasons) if r in (line.text or "")) or None)
    return replace(line, text=blotter.maybe(line.text))


async def _empty_messages(session: Session, found: PersonalData) -> None:
    """Empty what was written to them and, to the team, about them; what has yet to go does not go."""
    empty = Prompt("")
    theirs = [
        (m.id, empty, "", "", Status.CANCELLED if m.status in WAITING else _over(m.status)) for m in found.messages
    ]
    # Dead, and not cancelled: a card drawn anew may still take the place of one that was never shown.
    shown = [
        (m.id, empty, m.chat, m.receipt, Status.DEAD if m.status in WAITING else _over(m.status))
        for m in found.cards
        if m.purpose is Purpose.ALERT
    ]
    await session.write(_MESSAGES, [*theirs, *shown])


def _blanks(found: PersonalData, erasing: ErasureTask, now: datetime) -> Iterator[OutboxMessage]:
    """Blank out what stands in the team's chats; a card that collects several customers is drawn anew, not blanked."""
    own = {issue.ref for issue in found.issues if issue.kind is not IssueKind.CALL}
    for card in found.cards:
        if card.receipt and card.edits is None and card.about in own and card.channel in erasing.edits:
            yield OutboxMessage(
                id=derive("out", "forgotten", card.id),
                channel=card.channel,
                chat=card.chat,
                purpose=Purpose.ALERT,
                prompt=erasing.blank,
                created_at=now,
                not_before=now,
                about=card.about,
                round=card.round,
                edits=card.id,
            )


def _over(status: Status) -> Status:
    return Status.UNKNOWN if status is Status.LEASED else status


async def _empty_deliveries(session: Session, found: PersonalData) -> None:
    """Empty what came in and what was answered; that it came is remembered, so that it is not heard again.

    Everybody's passive replies go: they are kept for a platform's retries, a quarter of a minute, and name nobody.
    """
    links = [row for row in found.deliveries if _is_link(row)]
    others = [row for row in found.deliveries if row not in links]
    await session.write(_NO_DELIVERIES, [(row.key,) for row in links])
    emptied = [(row.key, row.door.partition(":")[0], b"", ERASED_ANSWER if row.answer else "") for row in others]
    await session.write(_DELIVERIES, emptied)
    await session.write(_PASSIVE_REPLIES, [("",)])


def _is_link(row: InboxRow) -> bool:
    return row.door.startswith("/api/v1/customers/")


async def _let_go(session: Session, found: PersonalData) -> None:
    await session.write(_NO_CONTACTS, [(found.customer.id,)])
    await session.write(_NO_TOKENS, [(found.customer.id,)])
    await session.write(_NO_WINDOWS, found.chats)
    await session.write(_NO_GRANTS, found.chats)


async def _empty_campaigns(session: Session, erasing: ErasureTask) -> None:
    """Take a person out of audiences that name people; the nameless id stays, for an empty list would mean anybody."""
    quoted = msgspec.json.encode(erasing.customer).decode()
    found = await session.records(Campaign, _NAMING_CAMPAIGNS, quoted=[quoted])
    await _change(session, Campaign, [_without(campaign, erasing) for campaign in found])


def _without(campaign: Campaign, erasing: ErasureTask) -> Campaign:
    named = _renamed(campaign.audience.customers, {erasing.customer: erasing.nameless})
    return replace(campaign, audience=replace(campaign.audience, customers=named))


async def _close_requests(session: Session, found: PersonalData, erasing: ErasureTask, now: datetime) -> None:
    """Keep that they asked, and when it was done."""
    closed = [_closed(request, erasing, now) for request in found.requests]
    await _change(session, Request, closed)


def _closed(request: Request, erasing: ErasureTask, now: datetime) -> Request:
    emptied = replace(request, customer=erasing.nameless, channel="", chat="", wake_at=None)
    if request.id == erasing.request:
        return replace(emptied, wake_at=now)
    return replace(emptied, done_at=request.done_at or now)


async def _bury(session: Session, found: PersonalData, erasing: ErasureTask, now: datetime) -> None:
    """Leave what keeps them from coming back with a repeated delivery."""
    person = Tombstone(tombstone_of(erasing.key, erasing.customer), erasing.nameless, now)
    chats = (Tombstone(tombstone_of(erasing.key, *chat), "", now) for chat in found.chats)
    await session.write(_TOMBSTONES, [row_of(Tombstone)(stone) for stone in (person, *chats)])


async def _change(session: Session, kind: type, records: Sequence[Any]) -> None:
    await session.write(w.UPDATE[kind], [row_of(kind)(record) for record in records])


class _Blotter:
    """Blots a person's name, ids and words out of what others wrote."""

    def __init__(self, found: PersonalData) -> None:
        names = {found.customer.id, found.customer.name, *(chat for _, chat in found.chats)}
        said = {line.text or "" for line in found.answers}
        said |= {text for interview in found.interviews for text in interview.texts}
        said |= {ticket.subject for ticket in found.tickets}
        said |= {line.text or "" for line in found.events if line.by in (found.customer.id, found.customer.name)}
        known = sorted((each for each in names | said if _is_telling(each)), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_whole, known))) if known else None

    def blot(self, text: str) -> str:
        """Return the text without them."""
        return self._pattern.sub(REDACTION_MARK, text) if self._pattern is not None else text

    def maybe(self, text: str | None) -> str | None:
        """Return the text without them, where there is one."""
        return None if text is None else self.blot(text)


def _is_telling(word_: str) -> bool:
    return len(word_) >= (_SHORTEST if word_.isascii() else 2)


def _whole(word_: str) -> str:
    """Find a word that is not a part of a longer one; Chinese knows no such border."""
    before = r"(?<![0-9A-Za-z_])" if word_[0].isascii() and word_[0].isalnum() else ""
    behind = r"(?![0-9A-Za-z_])" if word_[-1].isascii() and word_[-1].isalnum() else ""
    return before + re.escape(word_) + behind
