"""Everything that is stored about one person, in whatever table: the source of both export and erasure."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Text, bindparam, or_, select

from dialogs.campaign.model import Target
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.connection.session import Session
from storage.dialects import among, mentions
from storage.model.records import (
    AnswerLog,
    AttemptRow,
    Contact,
    Customer,
    Grant,
    InboxRow,
    IssueEvent,
    OutboxMessage,
    Ticket,
    Token,
    Window,
)
from storage.model.registers import Request
from storage.schema import tables as t
from storage.schema.inbox_conditions import is_from_played_chat
from storage.schema.literals import PLAYED_DOORS, text_literal
from storage.unit_of_work import selects as s

__all__ = ["PersonalData", "load_personal_data"]

T = TypeVar("T")
Chat = tuple[str, str]


class PersonalData(Value):
    """One person's rows. `chats` are only those that no other customer shares.

    `cards` are messages to the team about their issues, `messages` those to the person; `deliveries` are those that
    name them, in what was received or in the answer.
    """

    customer: Customer
    chats: tuple[Chat, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    tokens: tuple[Token, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    interviews: tuple[Interview, ...] = ()
    answers: tuple[AnswerLog, ...] = ()
    issues: tuple[Issue, ...] = ()
    events: tuple[IssueEvent, ...] = ()
    messages: tuple[OutboxMessage, ...] = ()
    cards: tuple[OutboxMessage, ...] = ()
    attempts: tuple[AttemptRow, ...] = ()
    windows: tuple[Window, ...] = ()
    grants: tuple[Grant, ...] = ()
    targets: tuple[Target, ...] = ()
    requests: tuple[Request, ...] = ()
    deliveries: tuple[InboxRow, ...] = ()


def _of(kind: type, column: Any) -> Any:  # noqa: ANN401 - a column and a statement
    return s.all_of(kind, column == bindparam("customer", type_=Text()))


_TICKETS = _of(Ticket, t.tickets.c.customer).order_by(t.tickets.c.source, t.tickets.c.id)
_TOKENS = _of(Token, t.tokens.c.customer).order_by(t.tokens.c.created_at)
_INVITATIONS = _of(Invitation, t.invitations.c.customer).order_by(t.invitations.c.due_at)
_INTERVIEWS = _of(Interview, t.interviews.c.customer).order_by(t.interviews.c.asked_at)
_TARGETS = _of(Target, t.campaign_targets.c.customer)
_REQUESTS = _of(Request, t.requests.c.customer).order_by(t.requests.c.asked_at)
_ANSWERS = s.all_of(AnswerLog, among("responses", t.answer_logs.c.response)).order_by(
    t.answer_logs.c.response, t.answer_logs.c.number
)
_ISSUES = s.all_of(
    Issue,
    or_(
        t.issues.c.id.in_(
            select(t.issue_customers.c.issue).where(t.issue_customers.c.customer == bindparam("customer", type_=Text()))
        ),
        t.issues.c.id.in_(
            select(t.issue_tickets.c.issue).where(among("tickets", t.issue_tickets.c.source, t.issue_tickets.c.ticket))
        ),
    ),
).order_by(t.issues.c.opened_at)
_EVENTS = s.all_of(IssueEvent, among("issues", t.issue_events.c.issue)).order_by(
    t.issue_events.c.issue, t.issue_events.c.number
)
_outbox = t.outbox.c
_TO_THEM = s.all_of(
    OutboxMessage,
    or_(
        _outbox.customer == bindparam("customer", type_=Text()),
        among("abouts", _outbox.about),
        among("chats", _outbox.channel, _outbox.chat),
    ),
).order_by(_outbox.seq)
_ABOUT_ISSUES = s.all_of(
    OutboxMessage, among("abouts", _outbox.about), _outbox.purpose == text_literal("alert")
).order_by(_outbox.seq)
_CHAINS = s.all_of(
    OutboxMessage, or_(among("roots", _outbox.id), among("roots", _outbox.edits) & _outbox.edits.is_not(None))
).order_by(_outbox.seq)
_ATTEMPTS = s.all_of(AttemptRow, among("messages", t.attempts.c.message))
_OTHERS = select(t.contacts.c.channel, t.contacts.c.chat).where(
    among("chats", t.contacts.c.channel, t.contacts.c.chat),
    t.contacts.c.customer != bindparam("customer", type_=Text()),
)
_inbox = t.inbox.c
_WITH_RAW = s.all_of(InboxRow, or_(_inbox.outcome == text_literal("failed"), is_from_played_chat()))
_NAMING = s.all_of(InboxRow, or_(mentions("quoted", _inbox.answer), among("doors", _inbox.door)))


async def load_personal_data(session: Session, customer: str) -> PersonalData | None:
    """Return all rows of a person, None if there is no such customer; locks the customer's row first."""
    found = await session.records(Customer, s.LOCKED_CUSTOMERS, customers=[customer])
    if not found:
        return None
    me = {"customer": customer}
    contacts = await session.records(Contact, s.CONTACTS, customers=[customer])
    interviews = await session.records(Interview, _INTERVIEWS, **me)
    requests = await session.records(Request, _REQUESTS, **me)
    tickets = await session.records(Ticket, _TICKETS, **me)
    every = {(row.channel, row.chat) for row in contacts}
    every |= {(row.channel, row.chat) for row in interviews if row.chat}
    every |= {(row.channel, row.chat) for row in requests if row.chat}
    chats = await _unshared(session, customer, every)
    issues = await session.records(Issue, _ISSUES, tickets=[(each.source, each.id) for each in tickets], **me)
    issue_ids = [issue.id for issue in issues]
    abouts = [*(row.id for row in interviews), *(row.id for row in requests)]
    messages = await session.records(OutboxMessage, _TO_THEM, abouts=abouts, chats=chats, **me)
    cards = await _cards(session, issue_ids, {message.id for message in messages})
    invitations = await session.records(Invitation, _INVITATIONS, **me)
    responses = [interview.id for interview in interviews]
    names = [customer, *(chat for _, chat in chats), *issue_ids, *responses]
    return PersonalData(
        found[0],
        tuple(chats),
        tuple(contacts),
        tuple(tickets),
        tuple(await session.records(Token, _TOKENS, **me)),
        tuple(invitations),
        tuple(interviews),
        tuple(await session.records(AnswerLog, _ANSWERS, responses=responses)),
        tuple(issues),
        tuple(await session.records(IssueEvent, _EVENTS, issues=issue_ids)),
        tuple(messages),
        tuple(cards),
        tuple(await session.records(AttemptRow, _ATTEMPTS, messages=[message.id for message in messages])),
        tuple(await session.records(Window, s.WINDOWS, keys=chats)),
        tuple(await session.records(Grant, s.GRANTS, keys=chats)),
        tuple(await session.records(Target, _TARGETS, **me)),
        tuple(requests),
        tuple(await _deliveries(session, customer, names)),
    )


async def _unshared(session: Session, customer: str, every: Iterable[Chat]) -> list[Chat]:
    """Return the chats in which no other customer is reached."""
    chats = sorted(every)
    shared = set(await session.fetch(_OTHERS, chats=chats, customer=customer)) if chats else set()
    return [chat for chat in chats if chat not in shared]


async def _cards(session: Session, issues: Sequence[str], known: set[str]) -> list[OutboxMessage]:
    """Return the messages to the team about these issues, with all edits of those that show several issues."""
    about = await session.records(OutboxMessage, _ABOUT_ISSUES, abouts=issues)
    roots = sorted({message.edits or message.id for message in about})
    chains = await session.records(OutboxMessage, _CHAINS, roots=roots) if roots else []
    every = {message.id: message for message in (*about, *chains) if message.id not in known}
    return list(every.values())


async def _deliveries(session: Session, customer: str, names: Sequence[str]) -> list[InboxRow]:
    """Return the deliveries that name the person in what was received or in the answer.

    Answers are JSON, so names are searched with their quotation marks; in a received body an id may also be a number.
    """
    quoted = [msgspec.json.encode(name).decode() for name in names]
    page = f"/api/v1/customers/{customer}"
    doors = [page, f"{page}/links", *(f"{PLAYED_DOORS}{name}" for name in names)]
    naming = await session.records(InboxRow, _NAMING, quoted=quoted, doors=doors)
    raw = await session.records(InboxRow, _WITH_RAW)
    pattern = re.compile(b"|".join(_bounded(name) for name in names))
    named_in_body = (row for row in raw if pattern.search(row.raw))
    return list({row.key: row for row in (*naming, *named_in_body)}.values())


def _bounded(name: str) -> bytes:
    return rb"(?<![0-9A-Za-z_-])" + re.escape(name.encode()) + rb"(?![0-9A-Za-z_-])"
